// A TCP server, plain or with TLS, whose connections do what a test's script says. It shares the
// loop of what is tested.
//
//     scripted_server server(loop, answer_all);
//     scripted_server silent(loop, [](peer& p) { return p.until_closed(); }, ca.issue({...}));
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "support/certificates.hpp"

namespace memorypro::test {

// What the server has seen.
struct seen {
    int accepted = 0;
    int open = 0;  // connections now
    int most_open = 0;
    int handshakes = 0;
    int resumed = 0;                    // of the handshakes
    std::string asked_name;             // by the last handshake (SNI)
    std::vector<std::string> requests;  // head and body
};

// One connection from the server's side.
class peer {
public:
    using socket = asio::basic_stream_socket<asio::ip::tcp, executor>;

    peer(socket, seen&);

    // The next request, or its head without waiting for its body; nullopt: the client has gone.
    awaitable<std::optional<std::string>> read_request();
    awaitable<std::optional<std::string>> read_head();
    awaitable<bool> send(std::string bytes);  // false: the client has gone
    awaitable<> until_closed();
    awaitable<bool> shake_hands(asio::ssl::context&);
    awaitable<> shut_down();  // TLS's end, before the socket's

    void close();  // without TLS's end
    void reset();  // RST

    socket& wire() { return socket_; }  // below TLS
    seen& log() { return seen_; }

private:
    awaitable<bool> read_some();

    socket socket_;
    std::optional<asio::ssl::stream<socket&>> tls_;
    std::string pending_;
    seen& seen_;
};

using script = std::function<awaitable<>(peer&)>;

struct server_options {
    std::optional<identity> tls = {};
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any
    int tls_version = 0;     // TLS1_2_VERSION: only that
};

class scripted_server {
public:
    scripted_server(asio::io_context&, script, server_options = {});
    ~scripted_server() { stop(); }
    scripted_server(const scripted_server&) = delete;
    scripted_server& operator=(const scripted_server&) = delete;

    std::uint16_t port() const { return port_; }
    const test::seen& seen() const;
    void follow(script);    // connections from now on
    void close_entrance();  // no new connection
    void stop();            // and those that are there are closed

private:
    struct state;
    static awaitable<> accept(std::shared_ptr<state>);
    static awaitable<> serve(std::shared_ptr<state>, std::list<peer>::iterator);

    std::shared_ptr<state> state_;
    std::uint16_t port_ = 0;
};

// "HTTP/1.1 200 OK" with a body and its length.
std::string ok(std::string_view body, std::string_view headers = "");

// Scripts.
awaitable<> answer_all(peer&);   // each request with its number on the server: "1", "2", …
awaitable<> say_nothing(peer&);  // takes what comes
awaitable<> answer_once_then_close(peer&);

}  // namespace memorypro::test
