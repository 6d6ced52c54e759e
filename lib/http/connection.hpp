// One client's socket, plain or under TLS: bytes in and out under a deadline that the server's
// sweep enforces.
//
// A sweep over all connections costs one timer for all instead of one for each operation.
#pragma once

#include <array>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <tuple>

#include "base/async.hpp"
#include "http/message.hpp"
#include "http/tls.hpp"

namespace memorypro::http {

using stream_socket = asio::basic_stream_socket<asio::generic::stream_protocol, executor>;

class connection {
public:
    // `tls`: what the client is to be met with; null: the socket stays plain.
    connection(stream_socket, const tls_context& tls);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    // Agrees on TLS where it is asked for; false: the client did not, is gone, or was cut off. The
    // first thing to await.
    awaitable<bool> handshake();

    // More bytes into buffer(); false: the client is gone, was cut off, or the buffer is full: no
    // part of a request's framing is that long. `wanted`: a hint.
    awaitable<bool> fill(std::size_t wanted);

    // False: the client is gone, or was cut off.
    awaitable<bool> write(std::string_view head, std::string_view body = {});

    // Ends the connection so that a client that is still sending can read the answer. The peer's
    // part of a TLS closure is not waited for.
    awaitable<> linger();

    // Ends it after an answer to a client that is not sending.
    awaitable<> end();

    boost::beast::flat_buffer& buffer() { return buffer_; }
    const http::peer& peer() const { return peer_; }

    void expire_in(std::chrono::milliseconds);
    void never_expire();  // while the client waits for us
    void cut_off_if_late(std::chrono::steady_clock::time_point now);
    void close();

    // Unless a request has begun to arrive, none does any more: on a Unix socket its sender is told
    // so (EPIPE). What arrives at the same moment can still be read.
    void take_no_more();

    bool client_is_gone();  // it has closed, or ended its sending

    // Since when the client has let us wait; nullopt: it waits for us, or it is closed.
    std::optional<std::chrono::steady_clock::time_point> waiting_since() const;

    // Waiting for a request's first byte.
    bool idle = false;

    // A request was answered.
    bool answered = false;

    // A request was answered well.
    bool proven = false;

private:
    struct tls_stream;
    using transferred = std::tuple<boost::system::error_code, std::size_t>;
    using buffers = std::array<asio::const_buffer, 2>;

    awaitable<transferred> read_some(asio::mutable_buffer);
    awaitable<transferred> write_all(buffers);
    awaitable<> say_goodbye();

    stream_socket socket_;
    std::unique_ptr<tls_stream> tls_;  // over socket_
    boost::beast::flat_buffer buffer_;
    http::peer peer_;
    std::chrono::steady_clock::time_point deadline_;
    std::chrono::steady_clock::time_point expires_from_;
};

}  // namespace memorypro::http
