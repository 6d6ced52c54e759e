// How a server reads requests, over a real Unix socket.
#include "http/fixture.hpp"

namespace memorypro::http {
namespace {

using test::header;

TEST_CASE("a request is answered with what its handler gives, under an id of its own") {
    serving s;
    client c(s);
    const auto first = c.ask(post("/echo", "{\"a\":1}"));
    CHECK(first.result_int() == 200);
    CHECK(first.body() == "{\"a\":1}");
    CHECK(header(first, "Content-Type") == "text/plain");
    CHECK(header(first, "Content-Length") == "7");
    const auto second = c.ask(post("/echo", "{}"));
    CHECK_FALSE(header(first, "X-Request-Id").empty());
    CHECK(header(first, "X-Request-Id") != header(second, "X-Request-Id"));
}

TEST_CASE("pipelined requests are answered in their order") {
    serving s;
    client c(s);
    std::string all;
    for (int i = 0; i < 200; ++i)
        all += post("/echo", "body " + std::to_string(i));
    c.send(all);
    for (int i = 0; i < 200; ++i)
        REQUIRE(c.receive().body() == "body " + std::to_string(i));
}

TEST_CASE("a request is understood wherever its bytes are cut") {
    const auto request = post("/echo", "hello", "Content-Type: application/json\r\n");
    serving s;
    client c(s);
    for (std::size_t cut = 1; cut < request.size(); ++cut) {
        c.send(std::string_view(request).substr(0, cut));
        s.loop.restart();
        s.loop.poll();
        CHECK(c.ask(std::string_view(request).substr(cut)).body() == "hello");
    }
}

TEST_CASE("a chunked body is put together") {
    serving s;
    client c(s);
    const auto answer = c.ask(
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n5;ext=1\r\ndefgh\r\n0\r\nTrailer: x\r\n\r\n");
    CHECK(answer.body() == "abcdefgh");
    CHECK(c.ask(get("/echo")).result_int() == 200);
}

TEST_CASE("a streamed body reaches its handler in pieces, whatever its size") {
    serving s({.body_bytes = 1000});
    client c(s);
    CHECK(c.ask(post("/count", std::string(300'000, 'x'))).body() == "300000");
    CHECK(c.ask(post("/count", "")).body() == "0");
    CHECK(c.ask("POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
              .body() == "5");
}

TEST_CASE("a client that expects 100-continue is told to go on") {
    serving s;
    client c(s);
    c.send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    CHECK(c.receive().result_int() == 100);
    CHECK(c.ask("hello").body() == "hello");
}

TEST_CASE("a client that expects 100-continue is refused before it sends too much") {
    serving s({.body_bytes = 10});
    client c(s);
    const auto answer = c.ask(
        "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");
    CHECK(answer.result_int() == 413);
}

TEST_CASE("headers over the limit are 431, and the connection ends") {
    serving s({.header_bytes = 1000});
    client c(s);
    const auto answer =
        c.ask("GET /echo HTTP/1.1\r\nHost: x\r\nX: " + std::string(1000, 'x') + "\r\n\r\n");
    CHECK(answer.result_int() == 431);
    CHECK(header(answer, "Content-Type") == "application/problem+json");
    CHECK(header(answer, "Connection") == "close");
    CHECK(c.closed());
}

TEST_CASE("headers without an end are cut off at the limit") {
    serving s({.header_bytes = 1000});
    client c(s);
    CHECK(c.ask("GET /echo HTTP/1.1\r\n" + std::string(2000, 'x')).result_int() == 431);
}

TEST_CASE("what is not HTTP/1.1 is a bad request, and the connection ends") {
    serving s;
    for (const std::string_view text : {
             "hello\r\n\r\n",
             "GET /echo\r\n\r\n",
             "GET  /echo HTTP/1.1\r\n\r\n",
             "GET /echo HTTP/3.0\r\n\r\n",
             "GET /echo HTTP/1.1\r\nno colon\r\n\r\n",
             "GET /echo HTTP/1.1\r\nA: b\x01\r\n\r\n",
             "POST /echo HTTP/1.1\r\nContent-Length: x\r\n\r\n",
             "POST /echo HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
             "POST /echo HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
             "POST /echo HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
             "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
         }) {
        CAPTURE(text);
        client c(s);
        const auto answer = c.ask(text);
        CHECK(answer.result_int() == 400);
        CHECK(header(answer, "Connection") == "close");
        CHECK(c.closed());
    }
}

TEST_CASE("a broken chunk is a bad request, and the connection ends") {
    serving s;
    client c(s);
    const auto answer =
        c.ask("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n");
    CHECK(answer.result_int() == 400);
    CHECK(c.closed());
}

TEST_CASE("a body over the limit is 413, whether its length is told or not") {
    serving s({.body_bytes = 1000});
    const std::string body(1001, 'x');
    client told(s);
    CHECK(told.ask(post("/echo", body)).result_int() == 413);
    CHECK(told.closed());
    client chunked(s);
    chunked.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n" +
                 body);
    s.loop.restart();
    s.loop.poll();
    const auto answer = chunked.ask("and more");
    CHECK(answer.result_int() == 413);
    CHECK(chunked.closed());
    client fits(s);
    CHECK(fits.ask(post("/echo", std::string(1000, 'x'))).body().size() == 1000);
}

TEST_CASE("a body of another media type is 415, none at all is taken for JSON") {
    serving s;
    for (const char* type :
         {"application/json", "Application/JSON; charset=utf-8", "application/vnd.api+json"}) {
        client c(s);
        const auto line = "Content-Type: " + std::string(type) + "\r\n";
        CHECK(c.ask(post("/echo", "{}", line)).result_int() == 200);
    }
    client c(s);
    const auto answer = c.ask(post("/echo", "a=1", "Content-Type: text/html\r\n"));
    CHECK(answer.result_int() == 415);
}

TEST_CASE("an unknown path is 404, a wrong verb 405 with the right ones") {
    serving s;
    client c(s);
    CHECK(c.ask(get("/nowhere")).result_int() == 404);
    const auto answer = c.ask("DELETE /echo HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(answer.result_int() == 405);
    CHECK(header(answer, "Allow") == "POST, GET, HEAD");
    CHECK(c.ask(get("/echo")).result_int() == 200);
}

TEST_CASE("a client that goes away in the middle of a request disturbs nobody") {
    serving s;
    for (const auto& part : {std::string("GET /ec"), std::string("POST /echo HTTP/1.1\r\n"),
                             post("/echo", "hello").substr(0, 60)}) {
        client c(s);
        c.send(part);
        REQUIRE(s.has_connections(1));
    }
    CHECK(s.has_connections(0));
    client c(s);
    CHECK(c.ask(get("/echo")).result_int() == 200);
}

TEST_CASE("a target in absolute form is the path that it names") {
    serving s;
    client c(s);
    for (const char* target : {"http://localhost/echo", "https://[::1]:80/echo?a=http://b/c"})
        CHECK(c.ask(get(target)).result_int() == 200);
    for (const char* target : {"http://localhost/none", "http://localhost", "http://",
                               "ftp://x/echo", "/http://localhost/echo"})
        CHECK(c.ask(get(target)).result_int() == 404);
}

}  // namespace
}  // namespace memorypro::http
