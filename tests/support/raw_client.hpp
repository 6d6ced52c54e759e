// A client that sends what the test says, byte for byte, over a Unix socket.
//
// It shares the server's thread: while it waits it runs the loop, so nothing races.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace memorypro::test {

using response = boost::beast::http::response<boost::beast::http::string_body>;

class raw_client {
public:
    raw_client(boost::asio::io_context& loop, const std::string& path);
    ~raw_client();
    raw_client(const raw_client&) = delete;
    raw_client& operator=(const raw_client&) = delete;

    void send(std::string_view bytes);
    void end_sending();

    // The next response; fails the test when none comes. `to_head`: it has no body.
    response receive(bool to_head = false);

    // True when the server closes the connection, having sent nothing that was not received.
    bool closed();

    // Takes what has come, without running the loop.
    void look() { read_some(); }

    // What has come and was not received, as it is on the wire.
    const std::string& pending() const { return pending_; }

private:
    bool read_some();  // false: nothing there yet

    boost::asio::io_context& loop_;
    int socket_ = -1;
    std::string pending_;
    bool ended_ = false;
};

std::string header(const response&, std::string_view name);

}  // namespace memorypro::test
