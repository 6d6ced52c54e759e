#include <fmt/format.h>

#include "cloud/transport_fixture.hpp"

namespace memorypro::cloud {
namespace {

using reason = no_answer::reason;

// Answers the first request of a connection and ends the connection at the second, unanswered.
awaitable<> answer_one_cut_the_next(test::peer& with) {
    if (co_await with.read_request()) co_await with.send(test::ok("first"));
    co_await with.read_request();
    with.close();
}

awaitable<> reset_the_next(test::peer& with) {
    if (co_await with.read_request()) co_await with.send(test::ok("first"));
    co_await with.read_request();
    with.reset();
}

awaitable<> cut_within_the_next(test::peer& with) {
    if (co_await with.read_request()) co_await with.send(test::ok("first"));
    if (co_await with.read_request()) co_await with.send("HTTP/1.1 200 OK\r\n");
}

awaitable<> cut(test::peer& with) {
    co_await with.read_request();
}

awaitable<> ask_to_close(test::peer& with) {
    if (co_await with.read_request()) co_await with.send(test::ok("bye", "Connection: close\r\n"));
    co_await with.until_closed();
}

awaitable<> speak_unasked(test::peer& with) {
    if (co_await with.read_request()) co_await with.send(test::ok("first"));
    timer pause(with.wire().get_executor(), std::chrono::milliseconds(5));  // not in one segment
    co_await pause.async_wait(no_throw);
    co_await with.send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
    co_await with.until_closed();
}

// Answers when the gate opens.
struct gate {
    explicit gate(asio::io_context& loop)
        : opened(loop.get_executor(), std::chrono::steady_clock::time_point::max()) {}
    timer opened;
};

awaitable<> answer_at(gate& g, test::peer& with) {
    while (const auto asked = co_await with.read_request()) {
        co_await g.opened.async_wait(asio::as_tuple(use_awaitable));
        co_await with.send(test::ok(asked->substr(asked->find("\r\n\r\n") + 4)));
    }
}

TEST_CASE("a hundred calls, one after the other, use one connection", "[transport]") {
    place p;
    const bool tls = GENERATE(false, true);
    CAPTURE(tls);
    test::scripted_server server(p.loop, test::answer_all,
                                 tls ? p.with_tls() : test::server_options{});
    https_transport transport(p.loop.get_executor(), tls ? p.tls_to(server) : plain_to(server));
    for (int call = 1; call <= 100; ++call)
        CHECK(answered(p.call(transport)).body == std::to_string(call));
    CHECK(server.seen().accepted == 1);
    CHECK(transport.connections() == 1);
}

TEST_CASE("calls at the same time use connections up to the bound, then wait in line",
          "[transport]") {
    place p;
    gate g(p.loop);
    test::scripted_server server(p.loop, [&g](test::peer& with) { return answer_at(g, with); });
    auto options = plain_to(server);
    options.connections = 3;
    https_transport transport(p.loop.get_executor(), options);

    std::vector<std::shared_ptr<test::outcome<outcome>>> calls;
    for (int i = 0; i < 10; ++i)
        calls.push_back(
            test::start(p.loop, transport.exchange(post("\"" + std::to_string(i) + "\""), far())));
    REQUIRE(test::run_until(p.loop, [&] { return server.seen().requests.size() == 3; }));
    p.settle();
    CHECK(server.seen().requests.size() == 3);
    CHECK(server.seen().open == 3);

    g.opened.expires_at(std::chrono::steady_clock::time_point::min());
    for (std::size_t i = 0; i < calls.size(); ++i)
        CHECK(answered(test::finish(p.loop, calls[i])).body == "\"" + std::to_string(i) + "\"");
    CHECK(server.seen().most_open == 3);
    CHECK(server.seen().accepted == 3);
    for (std::size_t i = 3; i < calls.size(); ++i)
        CHECK(server.seen().requests[i].ends_with("\"" + std::to_string(i) + "\""));
}

TEST_CASE("who waits for a connection gives up at the deadline, and the others go on",
          "[transport]") {
    place p;
    gate g(p.loop);
    test::scripted_server server(p.loop, [&g](test::peer& with) { return answer_at(g, with); });
    auto options = plain_to(server);
    options.connections = 1;
    https_transport transport(p.loop.get_executor(), options);
    const auto first = test::start(p.loop, transport.exchange(post("1"), far()));
    REQUIRE(test::run_until(p.loop, [&] { return server.seen().requests.size() == 1; }));
    // Long enough that it stands in line before, however busy the machine is.
    const auto late =
        test::start(p.loop, transport.exchange(post("2"), in(std::chrono::milliseconds(500))));
    const auto last = test::start(p.loop, transport.exchange(post("3"), far()));

    const auto failure = unanswered(test::finish(p.loop, late));
    CHECK(failure.why == reason::busy);
    CHECK_FALSE(failure.sent);
    CHECK(failure.detail ==
          "no answer in time: the deadline came while waiting for a free connection");
    g.opened.expires_at(std::chrono::steady_clock::time_point::min());
    CHECK(answered(test::finish(p.loop, first)).body == "1");
    CHECK(answered(test::finish(p.loop, last)).body == "3");
    CHECK(server.seen().requests.size() == 2);
}

TEST_CASE("the connection used last is used next", "[transport]") {
    place p;
    gate g(p.loop);
    test::scripted_server server(p.loop, [&g](test::peer& with) { return answer_at(g, with); });
    auto options = plain_to(server);
    options.idle_time = std::chrono::milliseconds(300);
    https_transport transport(p.loop.get_executor(), options);
    const auto one = test::start(p.loop, transport.exchange(post("1"), far()));
    const auto two = test::start(p.loop, transport.exchange(post("2"), far()));
    REQUIRE(test::run_until(p.loop, [&] { return server.seen().requests.size() == 2; }));
    g.opened.expires_at(std::chrono::steady_clock::time_point::min());
    answered(test::finish(p.loop, one));
    answered(test::finish(p.loop, two));
    CHECK(transport.connections() == 2);

    // So the other one grows old while calls go on.
    CHECK(test::run_until(p.loop, [&] {
        answered(p.call(transport));
        return transport.connections() == 1;
    }));
    CHECK(server.seen().accepted == 2);
}

TEST_CASE("a connection is closed when it was idle for long enough", "[transport]") {
    place p;
    test::scripted_server server(p.loop, test::answer_all, p.with_tls());
    auto options = p.tls_to(server);
    options.idle_time = std::chrono::milliseconds(50);
    https_transport transport(p.loop.get_executor(), options);
    answered(p.call(transport));
    CHECK(transport.connections() == 1);
    CHECK(test::run_until(p.loop, [&] { return server.seen().open == 0; }));
    CHECK(transport.connections() == 0);
    answered(p.call(transport));
    CHECK(server.seen().resumed == 1);
}

TEST_CASE("a server that closes after its answer is taken by its word", "[transport]") {
    place p;
    test::scripted_server server(p.loop, ask_to_close);
    https_transport transport(p.loop.get_executor(), plain_to(server));
    for (int call = 1; call <= 3; ++call) {
        CHECK(answered(p.call(transport)).body == "bye");
        CHECK(transport.connections() == 0);
        CHECK(server.seen().accepted == call);
    }
    CHECK(test::run_until(p.loop, [&] { return server.seen().open == 0; }));
}

TEST_CASE("an idle connection that the server has closed is not used", "[transport]") {
    place p;
    const bool tls = GENERATE(false, true);
    CAPTURE(tls);
    test::scripted_server server(p.loop, test::answer_once_then_close,
                                 tls ? p.with_tls() : test::server_options{});
    https_transport transport(p.loop.get_executor(), tls ? p.tls_to(server) : plain_to(server));
    for (int call = 1; call <= 3; ++call) {
        answered(p.call(transport));
        REQUIRE(test::run_until(p.loop, [&] { return server.seen().open == 0; }));
        p.settle();
    }
    CHECK(server.seen().accepted == 3);
    CHECK(server.seen().requests.size() == 3);
}

TEST_CASE("a kept connection on which the server speaks unasked is not used", "[transport]") {
    place p;
    test::scripted_server server(p.loop, speak_unasked);
    https_transport transport(p.loop.get_executor(), plain_to(server));
    for (int call = 1; call <= 3; ++call) {
        CHECK(answered(p.call(transport)).body == "first");
        CHECK(transport.connections() == 1);
        p.settle();
    }
    CHECK(server.seen().accepted == 3);
}

TEST_CASE("a kept connection that dies before an answer: the request is sent once more",
          "[transport]") {
    place p;
    const bool tls = GENERATE(false, true);
    const bool by_reset = GENERATE(false, true);
    CAPTURE(tls, by_reset);
    const test::script dying = by_reset ? reset_the_next : answer_one_cut_the_next;
    test::scripted_server server(p.loop, dying, tls ? p.with_tls() : test::server_options{});
    https_transport transport(p.loop.get_executor(), tls ? p.tls_to(server) : plain_to(server));

    CHECK(answered(p.call(transport, post("1"))).body == "first");
    CHECK(answered(p.call(transport, post("2"))).body == "first");
    REQUIRE(server.seen().requests.size() == 3);
    CHECK(server.seen().requests[0].ends_with("1"));
    CHECK(server.seen().requests[1].ends_with("2"));
    CHECK(server.seen().requests[2] == server.seen().requests[1]);
    CHECK(server.seen().accepted == 2);
}

TEST_CASE("the second try's failure is the call's", "[transport]") {
    place p;
    test::scripted_server server(p.loop, answer_one_cut_the_next);
    https_transport transport(p.loop.get_executor(), plain_to(server));
    CHECK(answered(p.call(transport)).body == "first");

    SECTION("cut again") {
        server.follow(cut);
        const auto failure = unanswered(p.call(transport));
        CHECK(failure.why == reason::broken);
        CHECK(failure.sent);
        CHECK(server.seen().requests.size() == 3);
        CHECK(server.seen().accepted == 2);
    }
    SECTION("no connection: what was sent first may have been done") {
        server.close_entrance();
        const auto call = test::start(p.loop, transport.exchange(post(), far()));
        const auto failure = unanswered(test::finish(p.loop, call));
        CHECK(failure.why == reason::not_connected);
        CHECK(failure.sent);
        CHECK(server.seen().requests.size() == 2);
    }
}

TEST_CASE("what fails on a new connection, or after the answer began, is not tried again",
          "[transport]") {
    place p;
    SECTION("a new connection, cut after the request was read") {
        test::scripted_server server(p.loop, cut);
        https_transport transport(p.loop.get_executor(), plain_to(server));
        const auto failure = unanswered(p.call(transport));
        CHECK(failure.why == reason::broken);
        CHECK(failure.sent);
        CHECK(server.seen().accepted == 1);
        CHECK(server.seen().requests.size() == 1);
        CHECK(transport.connections() == 0);
    }
    SECTION("a kept connection, cut within the answer") {
        test::scripted_server server(p.loop, cut_within_the_next);
        https_transport transport(p.loop.get_executor(), plain_to(server));
        answered(p.call(transport));
        const auto failure = unanswered(p.call(transport));
        CHECK(failure.why == reason::broken);
        CHECK(failure.sent);
        CHECK(server.seen().accepted == 1);
    }
    SECTION("nobody listens") {
        test::scripted_server server(p.loop, test::answer_all);
        server.stop();
        https_transport transport(p.loop.get_executor(), plain_to(server));
        const auto failure = unanswered(p.call(transport));
        CHECK(failure.why == reason::not_connected);
        CHECK_FALSE(failure.sent);
        CHECK(failure.detail ==
              fmt::format("cannot connect to 127.0.0.1:{}: Connection refused", server.port()));
    }
}

}  // namespace
}  // namespace memorypro::cloud
