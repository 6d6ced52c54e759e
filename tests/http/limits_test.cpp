// What a client may take of a server in number, memory and time, over a real Unix socket.
#include "http/fixture.hpp"

namespace memorypro::http {
namespace {

using namespace std::chrono_literals;
using test::header;

TEST_CASE("a client that sends its headers too slowly is cut off") {
    serving s({.request = 20ms});
    client c(s);
    c.send("GET /echo HTTP/1.1\r\n");
    CHECK(c.closed());
}

TEST_CASE("a client that keeps sending a little does not win time") {
    serving s({.header_bytes = 1 << 20, .request = 50ms});
    client c(s);
    c.send("GET /echo HTTP/1.1\r\nX: ");
    REQUIRE(s.has_connections(1));
    CHECK(test::run_until(s.loop, [&] {
        c.send("x");
        return s.server.connections() == 0;
    }));
}

TEST_CASE("a client that sends its body too slowly is cut off") {
    serving s({.request = 20ms});
    client c(s);
    c.send(post("/echo", "hello").substr(0, post("/echo", "hello").size() - 1));
    CHECK(s.has_connections(1));
    CHECK(s.has_connections(0));
}

TEST_CASE("a client that stops in the middle of a streamed body is cut off") {
    serving s({.request = 20ms});
    client c(s);
    c.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
    CHECK(s.has_connections(1));
    CHECK(s.has_connections(0));
}

TEST_CASE("a client that does not read its answer is cut off") {
    serving s({.write = 20ms});
    client c(s);
    // Too much for the socket's buffers, in both directions.
    c.send(post("/echo", std::string(4 << 20, 'x')));
    CHECK(s.has_connections(0));
}

TEST_CASE("an idle connection is closed, one that is used in time is not") {
    serving s({.idle = 100ms, .request = 30s});
    client idle(s);
    CHECK(idle.closed());
    client busy(s);
    busy.send(post("/wait", "{}"));
    REQUIRE(test::run_until(s.loop, [&] { return s.waiting.arrived == 1; }));
    client other(s);
    CHECK(other.closed());  // by then the first would have been, too
    s.waiting.open();
    CHECK(busy.receive().result_int() == 200);
}

TEST_CASE("one connection too many is refused with 503, and taken when another has gone") {
    serving s({.connections = 2});
    auto first = std::make_unique<client>(s);
    client second(s);
    REQUIRE(s.has_connections(2));
    client third(s);
    const auto answer = third.receive();
    CHECK(answer.result_int() == 503);
    CHECK(header(answer, "Retry-After") == "1");
    CHECK(header(answer, "Connection") == "close");
    CHECK(third.closed());
    first.reset();
    REQUIRE(s.has_connections(1));
    client fourth(s);
    CHECK(fourth.ask(get("/echo")).result_int() == 200);
    CHECK(second.ask(get("/echo")).result_int() == 200);
}

TEST_CASE("bodies that are too much together are refused with 503, one by one they are not") {
    serving s({.body_bytes = 1000, .all_bodies_bytes = 1500});
    const std::string body(1000, 'x');
    client first(s);
    first.send(post("/wait", body));
    REQUIRE(test::run_until(s.loop, [&] { return s.waiting.arrived == 1; }));
    client second(s);
    const auto answer = second.ask(post("/echo", body));
    CHECK(answer.result_int() == 503);
    CHECK(header(answer, "Retry-After") == "1");
    client small(s);
    CHECK(small.ask(post("/echo", std::string(500, 'x'))).result_int() == 200);
    s.waiting.open();
    CHECK(first.receive().body() == body);
    for (int i = 0; i < 5; ++i) {
        client next(s);
        CHECK(next.ask(post("/echo", body)).result_int() == 200);
    }
}

TEST_CASE("a body that was broken off gives its room back") {
    serving s({.body_bytes = 1000, .all_bodies_bytes = 1000});
    for (int i = 0; i < 5; ++i) {
        client gone(s);
        gone.send(post("/echo", std::string(1000, 'x')).substr(0, 900));
        REQUIRE(s.has_connections(1));
        gone.end_sending();
        REQUIRE(s.has_connections(0));
    }
    client c(s);
    CHECK(c.ask(post("/echo", std::string(1000, 'x'))).result_int() == 200);
}

// One that never ends, as far as the server may know.
TEST_CASE("a chunk extension or a trailer that does not end is refused before it takes memory") {
    serving s;
    client c(s);
    const std::string path = GENERATE("/echo", "/count");
    const std::string beginning = GENERATE("1;x=", "1\r\na\r\n0\r\nX: ");
    CAPTURE(path, beginning);
    c.send("POST " + path + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" +
           beginning);
    c.send(std::string(512 << 10, 'x'));
    CHECK(c.receive().result_int() == 400);
    CHECK(c.closed());
    c.end_sending();  // else the server waits a moment for what is still to come
    CHECK(s.has_connections(0));
}

TEST_CASE("a trailer of endless short lines is refused as well") {
    serving s;
    client c(s);
    c.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
    std::string lines;
    while (lines.size() < (512 << 10))
        lines += "X: y\r\n";
    c.send(lines);
    CHECK(c.receive().result_int() == 400);
    CHECK(c.closed());
}

TEST_CASE("answers that nobody takes are too much together: the next one is a 503") {
    serving s({.all_bodies_bytes = 2 * large_answer});
    client first(s);
    client second(s);
    client third(s);
    first.send(get("/large"));
    second.send(get("/large"));
    REQUIRE(test::run_until(s.loop, [&] { return s.large_answers == 2; }));
    const auto refused = third.ask(get("/large"));
    CHECK(refused.result_int() == 503);
    CHECK(header(refused, "Retry-After") == "1");
    CHECK(first.receive().body().size() == large_answer);
    CHECK(third.ask(get("/large")).body().size() == large_answer);
    CHECK(second.receive().body().size() == large_answer);
}

}  // namespace
}  // namespace memorypro::http
