#include "http/connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace memorypro::http {
namespace {

constexpr std::size_t smallest_read = 4 * 1024;
constexpr std::size_t largest_read = 64 * 1024;
constexpr std::size_t most_buffered = 2 * largest_read;
constexpr std::size_t most_drained = 16 << 20;

peer peer_of(stream_socket& socket) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0 ||
        credentials.pid == 0)
        return {};
    return {.local = true, .uid = credentials.uid, .pid = credentials.pid};
}

// Answers are written whole: nothing is won by holding back the end of one (Nagle).
void send_at_once(stream_socket& socket) {
    const int on = 1;
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace

struct connection::tls_stream : asio::ssl::stream<stream_socket&> {
    using stream::stream;
};

connection::connection(stream_socket socket, const tls_context& tls)
    : socket_(std::move(socket)),
      tls_(tls ? std::make_unique<tls_stream>(socket_, *tls) : nullptr),
      buffer_(most_buffered),
      peer_(peer_of(socket_)) {
    never_expire();  // until somebody serves it
    if (!peer_.local) send_at_once(socket_);
}

connection::~connection() = default;

awaitable<bool> connection::handshake() {
    if (!tls_) co_return true;
    const auto [failure] = co_await tls_->async_handshake(asio::ssl::stream_base::server, no_throw);
    co_return !failure;
}

awaitable<connection::transferred> connection::read_some(asio::mutable_buffer room) {
    if (tls_) return tls_->async_read_some(room, no_throw);
    return socket_.async_read_some(room, no_throw);
}

awaitable<connection::transferred> connection::write_all(buffers bytes) {
    if (tls_) return asio::async_write(*tls_, bytes, no_throw);
    return asio::async_write(socket_, bytes, no_throw);
}

awaitable<bool> connection::fill(std::size_t wanted) {
    if (buffer_.size() == 0 && buffer_.capacity() > largest_read) buffer_.shrink_to_fit();
    const auto free = buffer_.max_size() - buffer_.size();
    if (free == 0) co_return false;
    const auto room =
        buffer_.prepare(std::min(free, std::clamp(wanted, smallest_read, largest_read)));
    const auto [failure, count] = co_await read_some(room);
    if (failure) co_return false;
    buffer_.commit(count);
    co_return true;
}

awaitable<bool> connection::write(std::string_view head, std::string_view body) {
    const auto [failure, count] = co_await write_all({asio::buffer(head), asio::buffer(body)});
    co_return !failure;
}

// RFC 9112, 9.8: our closure alert is sent; async_shutdown would wait for the client's as well.
awaitable<> connection::say_goodbye() {
    using namespace asio::experimental::awaitable_operators;
    timer at_once(socket_.get_executor(), std::chrono::seconds(0));
    co_await (tls_->async_shutdown(no_throw) || at_once.async_wait(no_throw));
}

awaitable<> connection::linger() {
    expire_in(std::chrono::seconds(2));
    if (tls_) co_await say_goodbye();
    boost::system::error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
    buffer_.clear();
    const auto room = buffer_.prepare(largest_read);
    for (std::size_t drained = 0; drained < most_drained;) {
        const auto [failure, count] = co_await socket_.async_read_some(room, no_throw);
        if (failure) break;
        drained += count;
    }
    close();
}

awaitable<> connection::end() {
    if (tls_) co_await say_goodbye();
    close();
}

void connection::expire_in(std::chrono::milliseconds time) {
    expires_from_ = std::chrono::steady_clock::now();
    deadline_ = expires_from_ + time;
}

void connection::never_expire() {
    deadline_ = std::chrono::steady_clock::time_point::max();
}

void connection::cut_off_if_late(std::chrono::steady_clock::time_point now) {
    if (now > deadline_) close();
}

std::optional<std::chrono::steady_clock::time_point> connection::waiting_since() const {
    if (!socket_.is_open() || deadline_ == std::chrono::steady_clock::time_point::max())
        return std::nullopt;
    return expires_from_;
}

bool connection::client_is_gone() {
    pollfd socket{.fd = socket_.native_handle(), .events = POLLRDHUP, .revents = 0};
    return ::poll(&socket, 1, 0) != 0;
}

void connection::take_no_more() {
    pollfd socket{.fd = socket_.native_handle(), .events = POLLIN, .revents = 0};
    if (::poll(&socket, 1, 0) != 0) return;
    boost::system::error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_receive, ignored);
}

void connection::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

}  // namespace memorypro::http
