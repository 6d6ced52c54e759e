// A connection to the cloud, plain or with TLS: bytes in and out.
//
// It has no deadline of its own: close() ends what waits for it. Used on the loop, and not
// destroyed while something waits.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <cstddef>
#include <optional>
#include <string_view>
#include <tuple>

#include "cloud/socket.hpp"
#include "cloud/tls_context.hpp"

namespace memorypro::cloud {

using boost::system::error_code;

class connection {
public:
    // Of what has come, at most `most_buffered` bytes wait in the buffer.
    connection(tcp_socket, std::size_t most_buffered);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    // From here on everything is TLS. The context must outlive the connection.
    awaitable<error_code> start_tls(tls_context&);
    SSL* tls() { return tls_ ? tls_->native_handle() : nullptr; }

    awaitable<error_code> write(std::string_view);

    // More bytes into the buffer; no_buffer_space: it is full.
    awaitable<error_code> fill();
    boost::beast::flat_buffer& buffer() { return buffer_; }

    // Whether it can be expected to work after it was idle: the server has not closed it, nor sent
    // anything that nobody asked for.
    bool quiet();

    void close();

private:
    using taken = std::tuple<error_code, std::size_t>;
    awaitable<taken> read_some(asio::mutable_buffer);
    void say_goodbye();

    tcp_socket socket_;
    std::optional<asio::ssl::stream<tcp_socket&>> tls_;
    boost::beast::flat_buffer buffer_;
};

}  // namespace memorypro::cloud
