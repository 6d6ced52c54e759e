// How a server ends, over a real Unix socket.
#include <filesystem>

#include "http/fixture.hpp"

namespace memorypro::http {
namespace {

using namespace std::chrono_literals;
using test::finish;
using test::header;
using test::start;

TEST_CASE("a request in flight is answered after stop, and told that it was the last") {
    serving s;
    client c(s);
    c.send(post("/wait", "hello") + get("/echo"));
    REQUIRE(test::run_until(s.loop, [&] { return s.waiting.arrived == 1; }));
    s.server.stop();
    const auto drained = start(s.loop, s.server.drained(1h));
    s.loop.restart();
    s.loop.poll();
    CHECK_FALSE(drained->done());
    s.waiting.open();
    const auto answer = c.receive();
    CHECK(answer.body() == "hello");
    CHECK(header(answer, "Connection") == "close");
    CHECK(c.closed());
    finish(s.loop, drained);
    CHECK(s.server.connections() == 0);
}

TEST_CASE("a request whose body is still coming at stop is read and answered") {
    serving s;
    client c(s);
    const auto request = post("/echo", "hello");
    c.send(request.substr(0, request.size() - 2));
    REQUIRE(s.has_connections(1));
    s.loop.restart();
    s.loop.poll();
    s.server.stop();
    const auto answer = c.ask(request.substr(request.size() - 2));
    CHECK(answer.body() == "hello");
    CHECK(header(answer, "Connection") == "close");
}

TEST_CASE("idle connections are closed at stop, and new ones that ask nothing a little later") {
    serving s({.first_request = 1ms});
    client fresh(s);
    client used(s);
    CHECK(used.ask(get("/echo")).result_int() == 200);
    REQUIRE(s.has_connections(2));
    s.server.stop();
    CHECK(fresh.closed());
    CHECK(used.closed());
    finish(s.loop, start(s.loop, s.server.drained(1h)));
}

TEST_CASE("a client that has just come may ask once after stop") {
    serving s({.first_request = 1h});
    client c(s);
    REQUIRE(s.has_connections(1));
    s.server.stop();
    const auto drained = start(s.loop, s.server.drained(1h));
    s.loop.restart();
    s.loop.poll();
    CHECK_FALSE(drained->done());
    const auto answer = c.ask(get("/echo"));
    CHECK(answer.result_int() == 200);
    CHECK(header(answer, "Connection") == "close");
    CHECK(c.closed());
    finish(s.loop, drained);
}

TEST_CASE("a connection that was accepted at the moment of stop is served") {
    serving s;
    client c(s);
    s.loop.run_one();  // the accept loop begins: the system gives the connection, nobody has it yet
    s.server.stop();
    CHECK(c.ask(get("/echo")).result_int() == 200);
    finish(s.loop, start(s.loop, s.server.drained(1h)));
}

TEST_CASE("a request that has reached an idle connection before stop is answered") {
    for (const bool whole : {true, false}) {
        CAPTURE(whole);
        serving s;
        client c(s);
        CHECK(c.ask(get("/echo")).result_int() == 200);
        const auto request = post("/echo", "hello");
        c.send(whole ? request : request.substr(0, request.size() - 2));
        s.server.stop();
        if (!whole) c.send(request.substr(request.size() - 2));
        const auto answer = c.receive();
        CHECK(answer.body() == "hello");
        CHECK(header(answer, "Connection") == "close");
        CHECK(c.closed());
    }
}

TEST_CASE("a request that follows an answer sent just before stop is answered") {
    serving s;
    client c(s);
    c.send(get("/echo"));
    // Nothing but the session runs on until the answer is there.
    while (c.pending().empty()) {
        s.loop.restart();
        REQUIRE(s.loop.run_one() == 1);
        c.look();
    }
    c.send(get("/echo"));
    s.server.stop();
    CHECK(header(c.receive(), "Connection").empty());
    CHECK(header(c.receive(), "Connection") == "close");
    CHECK(c.closed());
}

TEST_CASE("after stop nobody can connect, and the socket's path is gone") {
    serving s;
    {
        client c(s);
        CHECK(c.ask(get("/echo")).result_int() == 200);
    }
    s.server.stop();
    CHECK_FALSE(std::filesystem::exists(s.path()));
    CHECK_THROWS(client(s));
}

TEST_CASE("a server without connections is drained at once") {
    serving s;
    s.server.stop();
    finish(s.loop, start(s.loop, s.server.drained(1h)));
}

TEST_CASE("a client that does not end is cut off when the patience is over") {
    serving s;
    client c(s);
    c.send("GET /echo HTTP/1.1\r\n");
    REQUIRE(s.has_connections(1));
    s.loop.restart();
    s.loop.poll();
    s.server.stop();
    finish(s.loop, start(s.loop, s.server.drained(5ms)));
    CHECK(s.server.connections() == 0);
    CHECK(c.closed());
}

TEST_CASE("when all has ended the loop returns by itself") {
    serving s;
    client c(s);
    CHECK(c.ask(get("/echo")).result_int() == 200);
    s.server.stop();
    finish(s.loop, start(s.loop, s.server.drained(1h)));
    CHECK(test::run_until(s.loop, [&] { return s.loop.stopped(); }));
}

}  // namespace
}  // namespace memorypro::http
