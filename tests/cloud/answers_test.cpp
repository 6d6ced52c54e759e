#include <fmt/format.h>

#include "cloud/transport_fixture.hpp"

namespace memorypro::cloud {
namespace {

using Catch::Matchers::ContainsSubstring;
using reason = no_answer::reason;

// Answers with these bytes, then ends the connection.
awaitable<> answer_with(std::string bytes, test::peer& with) {
    if (!co_await with.read_request()) co_return;
    co_await with.send(std::move(bytes));
    co_await with.shut_down();
}

awaitable<> answer_with_and_stay(std::string bytes, test::peer& with) {
    while (co_await with.read_request())
        co_await with.send(bytes);
}

// As above, but a TLS connection ends without a word.
awaitable<> answer_with_and_cut(std::string bytes, test::peer& with) {
    if (co_await with.read_request()) co_await with.send(std::move(bytes));
    with.close();
}

// Until the client has enough.
awaitable<> flood(std::string head, std::string piece, test::peer& with) {
    if (!co_await with.read_request()) co_return;
    co_await with.send(std::move(head));
    while (with.wire().is_open() && co_await with.send(piece)) {
    }
}

// Without reading the body, of which a part is on its way: the connection is reset.
awaitable<> refuse_early(test::peer& with) {
    co_await with.read_head();
    co_await with.send(
        "HTTP/1.1 413 Payload Too Large\r\nContent-Length: 3\r\n"
        "Connection: close\r\n\r\nbig");
}

outcome answer_to(place& p, std::string bytes) {
    test::scripted_server server(p.loop,
                                 [&bytes](test::peer& with) { return answer_with(bytes, with); });
    https_transport transport(p.loop.get_executor(), plain_to(server));
    return p.call(transport);
}

TEST_CASE("a request is on the wire what HTTP/1.1 says", "[transport]") {
    place p;
    test::scripted_server server(p.loop, test::answer_all);
    https_transport transport(p.loop.get_executor(), plain_to(server));
    answered(p.call(
        transport, {.target = "/api/v1/memory/store?x=1",
                    .headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", "key-1"}},
                    .body = R"({"content":"a"})"}));
    answered(p.call(transport, {.method = "GET", .target = "/api/v1/memory/insights"}));
    answered(p.call(transport, {.target = "/api/v1/empty"}));
    const auto host = fmt::format("Host: 127.0.0.1:{}\r\n", server.port());
    REQUIRE(server.seen().requests.size() == 3);
    CHECK(server.seen().requests[0] ==
          "POST /api/v1/memory/store?x=1 HTTP/1.1\r\n" + host +
              "Content-Type: application/json\r\nIdempotency-Key: key-1\r\n"
              "Content-Length: 15\r\n\r\n{\"content\":\"a\"}");
    CHECK(server.seen().requests[1] == "GET /api/v1/memory/insights HTTP/1.1\r\n" + host + "\r\n");
    CHECK(server.seen().requests[2] ==
          "POST /api/v1/empty HTTP/1.1\r\n" + host + "Content-Length: 0\r\n\r\n");
}

TEST_CASE("Host has the port that is not the scheme's, and brackets around IPv6", "[transport]") {
    CHECK(authority_of({.tls = true, .host = "::1", .port = 8443}) == "[::1]:8443");
    CHECK(authority_of({.tls = true, .host = "cloud.test", .port = 443}) == "cloud.test:443");
}

TEST_CASE("nothing that would split a request is sent, or quoted", "[transport]") {
    place p;
    test::scripted_server server(p.loop, test::answer_all);
    https_transport transport(p.loop.get_executor(), plain_to(server));
    const std::string bad = GENERATE(std::string("secret\r\nX: y"), std::string("secret\n"),
                                     std::string("secret\0", 7));
    CHECK_THROWS_WITH(p.call(transport, {.target = "/", .headers = {{"X-API-Secret", bad}}}),
                      ContainsSubstring("X-API-Secret") && !ContainsSubstring("secret\r") &&
                          !ContainsSubstring("secret\n"));
    CHECK_THROWS_AS(p.call(transport, {.target = "/" + bad}), std::invalid_argument);
    CHECK(answered(p.call(transport)).body == "1");
}

TEST_CASE("an answer is understood in every framing", "[transport]") {
    place p;
    SECTION("a length") {
        const auto got = answered(
            answer_to(p,
                      "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\nETag: \"v1\"\r\n"
                      "Content-Length: 4\r\n\r\naway"));
        CHECK(got.status == 503);
        CHECK(got.body == "away");
        CHECK(got.retry_after == "7");
        CHECK(got.etag == "\"v1\"");
    }
    SECTION("chunks") {
        const auto got =
            answered(answer_to(p,
                               "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"
                               "3\r\none\r\n4;x=y\r\n two\r\n0\r\nTrailer: t\r\n\r\n"));
        CHECK(got.status == 201);
        CHECK(got.body == "one two");
        CHECK(got.retry_after.empty());
    }
    SECTION("until the end") {
        CHECK(answered(answer_to(p, "HTTP/1.1 200 OK\r\n\r\nall of it")).body == "all of it");
    }
    SECTION("HTTP/1.0") {
        CHECK(answered(answer_to(p, "HTTP/1.0 200 OK\r\n\r\nold")).body == "old");
    }
    SECTION("no body") {
        CHECK(answered(answer_to(p, "HTTP/1.1 204 No Content\r\n\r\n")).status == 204);
        CHECK(answered(answer_to(p, "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"))
                  .status == 304);
    }
    SECTION("interim answers before it") {
        CHECK(answered(answer_to(p,
                                 "HTTP/1.1 100 Continue\r\n\r\n"
                                 "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                                 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
                  .body == "ok");
    }
    SECTION("a redirection is not followed") {
        CHECK(answered(answer_to(p,
                                 "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
                                 "Content-Length: 0\r\n\r\n"))
                  .status == 302);
    }
}

TEST_CASE("a large answer comes whole, plain and with TLS", "[transport]") {
    place p;
    const bool tls = GENERATE(false, true);
    const std::string body(3'000'000, 'x');
    const auto bytes = test::ok(body);
    test::scripted_server server(
        p.loop, [&](test::peer& with) { return answer_with_and_stay(bytes, with); },
        tls ? p.with_tls() : test::server_options{});
    https_transport transport(p.loop.get_executor(), tls ? p.tls_to(server) : plain_to(server));
    for (int call = 0; call < 2; ++call)
        CHECK(answered(p.call(transport, post(std::string(2'000'000, 'y')))).body == body);
    CHECK(server.seen().accepted == 1);
}

TEST_CASE("what is not HTTP is malformed", "[transport]") {
    place p;
    const std::string bytes = GENERATE(
        std::string("garbage that goes on and on\r\n\r\n"), std::string("HTTP/1.1 abc OK\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nno colon\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        std::string("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"));
    CAPTURE(bytes);
    const auto failure = unanswered(answer_to(p, bytes));
    CHECK(failure.why == reason::malformed);
    CHECK(failure.sent);
    CHECK_THAT(failure.detail, ContainsSubstring("not HTTP"));
}

TEST_CASE("an answer that ends too early is broken", "[transport]") {
    place p;
    const std::string bytes = GENERATE(
        std::string("HTTP/1.1 200 OK\r\nContent-Le"), std::string("HTTP/1.1 100 Continue\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive!"),
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfive!\r\n"));
    CAPTURE(bytes);
    const auto failure = unanswered(answer_to(p, bytes));
    CHECK(failure.why == reason::broken);
    CHECK(failure.sent);
    CHECK_THAT(failure.detail, ContainsSubstring("within the answer"));
}

TEST_CASE("a cut TLS connection cannot pass for the end of an answer", "[transport]") {
    place p;
    std::string bytes;
    test::scripted_server server(
        p.loop, [&](test::peer& with) { return answer_with_and_cut(bytes, with); }, p.with_tls());
    https_transport transport(p.loop.get_executor(), p.tls_to(server));

    bytes = "HTTP/1.1 200 OK\r\n\r\nhalf of";
    CHECK(unanswered(p.call(transport)).why == reason::broken);
    bytes = test::ok("all of it");
    CHECK(answered(p.call(transport)).body == "all of it");
}

TEST_CASE("an answer over the bound is given up without being held", "[transport]") {
    place p;
    std::string head, piece;
    unsigned status = 200;
    test::scripted_server server(p.loop,
                                 [&](test::peer& with) { return flood(head, piece, with); });
    auto options = plain_to(server);
    options.limits = {.header_bytes = 8 * 1024, .body_bytes = 100'000};
    https_transport transport(p.loop.get_executor(), options);

    SECTION("announced") {
        head = "HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\n";
        piece = "x";
    }
    SECTION("in chunks") {
        head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        piece = "400\r\n" + std::string(0x400, 'x') + "\r\n";
    }
    SECTION("in one chunk") {
        head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n";
        piece = std::string(0x400, 'x');
    }
    SECTION("until the end") {
        head = "HTTP/1.1 200 OK\r\n\r\n";
        piece = std::string(0x400, 'x');
    }
    SECTION("many headers") {
        status = 0;
        head = "HTTP/1.1 200 OK\r\n";
        piece = "X-More: and more\r\n";
    }
    SECTION("one endless header") {
        status = 0;
        head = "HTTP/1.1 200 OK\r\nX-Long: ";
        piece = std::string(0x400, 'x');
    }
    SECTION("an endless extension of a chunk") {
        status = 0;
        head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;";
        piece = std::string(0x400, 'x');
    }
    const auto failure = unanswered(p.call(transport));
    CHECK(failure.why == reason::too_large);
    CHECK(failure.answered == status);
    CHECK(failure.sent);
    CHECK(transport.connections() == 0);
    CHECK(test::run_until(p.loop, [&] { return server.seen().open == 0; }));
}

TEST_CASE("an answer of exactly the bound is taken", "[transport]") {
    place p;
    const auto bytes = test::ok(std::string(100'000, 'x'));
    test::scripted_server server(
        p.loop, [&](test::peer& with) { return answer_with_and_stay(bytes, with); });
    auto options = plain_to(server);
    options.limits.body_bytes = 100'000;
    https_transport transport(p.loop.get_executor(), options);
    CHECK(answered(p.call(transport)).body.size() == 100'000);
}

TEST_CASE("more than one answer to a request: the connection is not used again", "[transport]") {
    place p;
    const auto bytes = test::ok("one") + test::ok("two");
    test::scripted_server server(
        p.loop, [&](test::peer& with) { return answer_with_and_stay(bytes, with); });
    https_transport transport(p.loop.get_executor(), plain_to(server));
    for (int call = 1; call <= 2; ++call) {
        CHECK(answered(p.call(transport)).body == "one");
        CHECK(server.seen().accepted == call);
    }
}

TEST_CASE("an answer that comes before the request was read is taken", "[transport]") {
    place p;
    test::scripted_server server(p.loop, refuse_early);
    https_transport transport(p.loop.get_executor(), plain_to(server));
    const auto got = answered(p.call(transport, post(std::string(8'000'000, 'x'))));
    CHECK(got.status == 413);
    CHECK(got.body == "big");
    CHECK(transport.connections() == 0);
}

}  // namespace
}  // namespace memorypro::cloud
