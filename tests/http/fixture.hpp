// A server over a real Unix socket with a few routes, and clients of it, all on one loop.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>

#include "http/exchange.hpp"
#include "http/server.hpp"
#include "support/catch.hpp"
#include "support/raw_client.hpp"
#include "support/run.hpp"
#include "support/temp_dir.hpp"

namespace memorypro::http {

// Handlers that wait here until the test opens it.
struct gate {
    explicit gate(asio::io_context& loop)
        : opened(loop.get_executor(), std::chrono::steady_clock::time_point::max()) {}
    void open() { opened.cancel(); }

    timer opened;
    int arrived = 0;
};

inline awaitable<result<reply>> echo(exchange& x) {
    co_return reply{.body = x.body, .content_type = "text/plain"};
}

inline awaitable<result<reply>> throw_secret(exchange&) {
    throw std::runtime_error("secret: SELECT * FROM memories");
    co_return reply{};
}

inline awaitable<result<reply>> wait_at(gate& g, exchange& x) {
    ++g.arrived;
    co_await g.opened.async_wait(asio::as_tuple(use_awaitable));
    co_return reply{.body = x.body, .content_type = "text/plain"};
}

inline awaitable<result<reply>> wait_for_the_end(bool& seen, exchange& x) {
    timer pause(co_await asio::this_coro::executor);
    while (!(seen = x.client_is_gone())) {
        pause.expires_after(std::chrono::milliseconds(1));
        co_await pause.async_wait(asio::as_tuple(use_awaitable));
    }
    co_return reply{};
}

inline awaitable<result<reply>> count_streamed(exchange& x) {
    std::size_t bytes = 0;
    while (true) {
        const auto piece = co_await x.next_piece();
        if (!piece) co_return piece.error();
        if (piece->empty()) break;
        bytes += piece->size();
    }
    co_return reply{.body = std::to_string(bytes)};
}

inline awaitable<result<reply>> stream_three(exchange& x) {
    const reply head{.content_type = "text/plain", .streamed = true};
    bool reading = co_await x.begin(head);
    for (const char* piece : {"one ", "", "two ", "three"})
        if (reading) reading = co_await x.send(piece);
    co_return head;
}

inline awaitable<result<reply>> stream_then_throw(exchange& x) {
    co_await x.begin({.content_type = "text/plain", .streamed = true});
    co_await x.send("one ");
    throw std::runtime_error("in the middle");
}

inline awaitable<result<reply>> send_not_http(exchange& x) {
    co_await x.send_raw("not ");
    co_await x.send_raw("HTTP");
    co_return reply{.streamed = true};
}

inline awaitable<result<reply>> cut_off(exchange& x) {
    x.cut();
    co_return reply{.body = "never sent"};
}

// Much more than a socket's buffers hold.
inline constexpr std::size_t large_answer = 4 << 20;

inline awaitable<result<reply>> count_and_answer(int& count, exchange&) {
    ++count;
    co_return reply{.body = std::string(large_answer, 'x'), .content_type = "text/plain"};
}

class serving {
public:
    explicit serving(limits l = {}, tls_context tls = nullptr)
        : waiting(loop),
          router_({{verb::post, "/echo", echo, body_kind::json},
                   {verb::get, "/echo", echo},
                   {verb::get, "/throw", throw_secret},
                   {verb::post, "/wait", [this](exchange& x) { return wait_at(waiting, x); },
                    body_kind::json},
                   {verb::post, "/count", count_streamed, body_kind::stream},
                   {verb::get, "/large",
                    [this](exchange& x) { return count_and_answer(large_answers, x); }},
                   {verb::get, "/stream", stream_three},
                   {verb::get, "/broken", stream_then_throw},
                   {verb::get, "/not-http", send_not_http},
                   {verb::get, "/cut-off", cut_off},
                   {verb::get, "/to-the-end",
                    [this](exchange& x) { return wait_for_the_end(saw_the_end, x); }}}),
          server(loop.get_executor(), router_, l, std::chrono::milliseconds(2)) {
        server.listen(listen_unix(path(), 0600).value(), std::move(tls));
    }
    ~serving() {
        waiting.open();
        server.stop();
        test::run_until(loop, [this] { return server.ended(); });
        loop.restart();
        loop.poll();
    }

    std::string path() const { return dir_.file("s"); }

    // Runs the loop until so many clients are connected.
    bool has_connections(std::size_t count) {
        return test::run_until(loop, [&] { return server.connections() == count; });
    }

private:
    test::temp_dir dir_;

public:
    asio::io_context loop;
    gate waiting;
    int large_answers = 0;
    bool saw_the_end = false;

private:
    router router_;

public:
    http::server server;
};

// The client shares the serving's loop.
class client : public test::raw_client {
public:
    explicit client(serving& to) : raw_client(to.loop, to.path()) {}

    test::response ask(std::string_view request) {
        send(request);
        return receive();
    }
};

inline std::string post(std::string_view path, std::string_view body,
                        std::string_view headers = "") {
    return "POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" + std::string(headers) +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

inline std::string get(std::string_view path, std::string_view version = "1.1") {
    return "GET " + std::string(path) + " HTTP/" + std::string(version) + "\r\nHost: x\r\n\r\n";
}

}  // namespace memorypro::http
