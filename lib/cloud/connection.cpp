#include "cloud/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>

namespace memorypro::cloud {
namespace {

constexpr std::size_t read_size = 16 * 1024;  // a TLS record

}  // namespace

connection::connection(tcp_socket socket, std::size_t most_buffered)
    : socket_(std::move(socket)), buffer_(most_buffered) {
    error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

connection::~connection() {
    if (tls_ && SSL_is_init_finished(tls())) say_goodbye();
    close();
}

awaitable<error_code> connection::start_tls(tls_context& with) {
    tls_.emplace(socket_, with.context());
    if (const auto unprepared = with.prepare(tls())) co_return unprepared;
    const auto [failure] = co_await tls_->async_handshake(asio::ssl::stream_base::client, no_throw);
    co_return failure;
}

awaitable<error_code> connection::write(std::string_view bytes) {
    const auto all = asio::buffer(bytes);
    if (tls_) {
        const auto [failure, count] = co_await asio::async_write(*tls_, all, no_throw);
        co_return failure;
    }
    const auto [failure, count] = co_await asio::async_write(socket_, all, no_throw);
    co_return failure;
}

awaitable<error_code> connection::fill() {
    const auto free = buffer_.max_size() - buffer_.size();
    if (free == 0) co_return asio::error::no_buffer_space;
    const auto [failure, count] = co_await read_some(buffer_.prepare(std::min(free, read_size)));
    if (!failure) buffer_.commit(count);
    co_return failure;
}

awaitable<connection::taken> connection::read_some(asio::mutable_buffer room) {
    if (tls_) co_return co_await tls_->async_read_some(room, no_throw);
    co_return co_await socket_.async_read_some(room, no_throw);
}

bool connection::quiet() {
    char byte = 0;
    return buffer_.size() == 0 &&
           ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           errno == EAGAIN;
}

void connection::close() {
    error_code ignored;
    socket_.close(ignored);
}

// TLS's close_notify, when the system takes it at once. OpenSSL does not resume the session of a
// connection that it has not seen ending properly, so that is said in any case.
void connection::say_goodbye() {
    error_code ignored;
    if (socket_.is_open()) {
        socket_.non_blocking(true, ignored);
        if (!ignored) tls_->shutdown(ignored);
    }
    SSL_set_shutdown(tls(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

}  // namespace memorypro::cloud
