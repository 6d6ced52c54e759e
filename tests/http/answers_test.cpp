// How a server writes answers, over a real Unix socket.
#include "http/fixture.hpp"

namespace memorypro::http {
namespace {

using test::header;

TEST_CASE("HEAD is answered as GET is, without the body") {
    serving s;
    client c(s);
    c.send("HEAD /nowhere HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto answer = c.receive(true);
    CHECK(answer.result_int() == 404);
    CHECK(std::stoi(header(answer, "Content-Length")) > 0);
    CHECK(c.ask(get("/echo")).result_int() == 200);
    CHECK(c.pending().empty());
}

TEST_CASE("a streamed answer is chunked, and the connection goes on") {
    serving s;
    client c(s);
    const auto answer = c.ask(get("/stream"));
    CHECK(answer.result_int() == 200);
    CHECK(header(answer, "Transfer-Encoding") == "chunked");
    CHECK(header(answer, "Content-Length").empty());
    CHECK(answer.body() == "one two three");
    CHECK(c.ask(get("/echo")).result_int() == 200);
}

TEST_CASE("a streamed answer to HTTP/1.0 ends with the connection") {
    serving s;
    client c(s);
    const auto answer = c.ask(get("/stream", "1.0"));
    CHECK(header(answer, "Transfer-Encoding").empty());
    CHECK(header(answer, "Connection") == "close");
    CHECK(answer.body() == "one two three");
    CHECK(c.closed());
}

TEST_CASE("HEAD of a streamed answer is its head") {
    serving s;
    client c(s);
    c.send("HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n" + get("/echo"));
    CHECK(header(c.receive(true), "Transfer-Encoding") == "chunked");
    CHECK(c.receive().result_int() == 200);
}

TEST_CASE("HTTP/1.0 closes unless the client asks to keep the connection") {
    serving s;
    client once(s);
    CHECK(header(once.ask(get("/echo", "1.0")), "Connection") == "close");
    CHECK(once.closed());
    client again(s);
    const std::string kept = "GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    CHECK(header(again.ask(kept), "Connection") == "keep-alive");
    CHECK(again.ask(kept).result_int() == 200);
}

TEST_CASE("a client that asks to close is told so and closed") {
    serving s;
    client c(s);
    const auto answer = c.ask("GET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(header(answer, "Connection") == "close");
    CHECK(c.closed());
}

TEST_CASE("a handler that throws is a 500 that tells nothing, and the connection goes on") {
    serving s;
    client c(s);
    const auto answer = c.ask(get("/throw"));
    CHECK(answer.result_int() == 500);
    CHECK(header(answer, "Content-Type") == "application/problem+json");
    CHECK(answer.body().find("secret") == std::string::npos);
    CHECK(answer.body().find("SELECT") == std::string::npos);
    CHECK(answer.body().find(header(answer, "X-Request-Id")) != std::string::npos);
    CHECK(c.ask(get("/echo")).result_int() == 200);
}

TEST_CASE("a streamed answer that breaks off has no end that could be taken for one") {
    serving s;
    client c(s);
    c.send(get("/broken"));
    std::string all;
    REQUIRE_FALSE(c.closed());
    CHECK(c.pending().find("one ") != std::string::npos);
    CHECK(c.pending().find("\r\n0\r\n") == std::string::npos);
    CHECK(c.pending().find("500") == std::string::npos);
}

TEST_CASE("an answer larger than the socket's buffer arrives whole") {
    serving s;
    client c(s);
    const std::string body(3 << 20, 'x');
    CHECK(c.ask(post("/echo", body)).body() == body);
}

TEST_CASE("an answer that refuses a body is readable although the client is still sending") {
    serving s({.body_bytes = 1000});
    client c(s);
    c.send(post("/echo", std::string(2 << 20, 'x')));
    CHECK(c.receive().result_int() == 413);
    CHECK(c.closed());
}

}  // namespace
}  // namespace memorypro::http
