#include "support/raw_client.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <cerrno>
#include <cstring>

#include "support/run.hpp"

namespace memorypro::test {

namespace http = boost::beast::http;

raw_client::raw_client(boost::asio::io_context& loop, const std::string& path) : loop_(loop) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(),
                std::min(path.size(), sizeof(address.sun_path) - 1));
    socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("cannot connect to " + path);
    ::fcntl(socket_, F_SETFL, O_NONBLOCK);
}

raw_client::~raw_client() {
    ::close(socket_);
}

void raw_client::send(std::string_view bytes) {
    const auto all_sent = [&] {
        const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
        return bytes.empty() || (count < 0 && errno != EAGAIN);  // gone: the test sees it later
    };
    if (!run_until(loop_, all_sent)) FAIL("the server does not read");
}

void raw_client::end_sending() {
    ::shutdown(socket_, SHUT_WR);
}

bool raw_client::read_some() {
    char bytes[16 * 1024];
    const auto count = ::recv(socket_, bytes, sizeof bytes, 0);
    if (count > 0) pending_.append(bytes, static_cast<std::size_t>(count));
    ended_ = count == 0 || (count < 0 && errno != EAGAIN);
    return count > 0 || ended_;
}

response raw_client::receive(bool to_head) {
    http::response_parser<http::string_body> parser;
    parser.eager(true);
    parser.skip(to_head);
    const auto complete = [&] {
        boost::system::error_code failure;
        if (!pending_.empty())
            pending_.erase(0, parser.put(boost::asio::buffer(pending_), failure));
        if (failure && failure != http::error::need_more)
            FAIL("not a response: " << failure.message() << ": " << pending_);
        if (ended_ && parser.got_some() && !parser.is_done()) parser.put_eof(failure);
        return parser.is_done() || ended_ || (read_some() && false);
    };
    if (!run_until(loop_, complete)) FAIL("no response came");
    if (!parser.is_done()) FAIL("the connection ended before its response did: " << pending_);
    return parser.release();
}

bool raw_client::closed() {
    return run_until(loop_, [&] { return ended_ || (read_some() && ended_); }) && pending_.empty();
}

std::string header(const response& from, std::string_view name) {
    const auto value = from[boost::beast::string_view(name.data(), name.size())];
    return {value.data(), value.size()};
}

}  // namespace memorypro::test
