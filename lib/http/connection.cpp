#include "http/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

namespace memorypro::http {
namespace {

constexpr auto no_throw = asio::as_tuple(use_awaitable);

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

}  // namespace

connection::connection(stream_socket socket)
    : socket_(std::move(socket)), buffer_(most_buffered), peer_(peer_of(socket_)) {}

awaitable<bool> connection::fill(std::size_t wanted) {
    if (buffer_.size() == 0 && buffer_.capacity() > largest_read) buffer_.shrink_to_fit();
    const auto free = buffer_.max_size() - buffer_.size();
    if (free == 0) co_return false;
    const auto room =
        buffer_.prepare(std::min(free, std::clamp(wanted, smallest_read, largest_read)));
    const auto [failure, count] = co_await socket_.async_read_some(room, no_throw);
    if (failure) co_return false;
    buffer_.commit(count);
    co_return true;
}

awaitable<bool> connection::write(std::string_view head, std::string_view body) {
    const std::array<asio::const_buffer, 2> both{asio::buffer(head), asio::buffer(body)};
    const auto [failure, count] = co_await asio::async_write(socket_, both, no_throw);
    co_return !failure;
}

awaitable<> connection::linger() {
    boost::system::error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
    expire_in(std::chrono::seconds(2));
    for (std::size_t drained = 0; drained < most_drained; drained += buffer_.size()) {
        buffer_.clear();
        if (!co_await fill(largest_read)) break;
    }
    close();
}

void connection::expire_in(std::chrono::milliseconds time) {
    deadline_ = std::chrono::steady_clock::now() + time;
}

void connection::never_expire() {
    deadline_ = std::chrono::steady_clock::time_point::max();
}

void connection::cut_off_if_late(std::chrono::steady_clock::time_point now) {
    if (now > deadline_) close();
}

void connection::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

}  // namespace memorypro::http
