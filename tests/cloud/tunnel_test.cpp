#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/write.hpp>

#include "cloud/transport_fixture.hpp"

namespace memorypro::cloud {
namespace {

using Catch::Matchers::ContainsSubstring;
using reason = no_answer::reason;

awaitable<> pump(std::shared_ptr<tcp_socket> from, std::shared_ptr<tcp_socket> to) {
    char bytes[16 * 1024];
    boost::system::error_code ignored;
    while (true) {
        const auto [ended, count] = co_await from->async_read_some(asio::buffer(bytes), no_throw);
        if (ended) break;
        const auto [failure, sent] =
            co_await asio::async_write(*to, asio::buffer(bytes, count), no_throw);
        if (failure) break;
    }
    from->close(ignored);
    to->close(ignored);
}

// A proxy that leads every CONNECT to the port on this host.
awaitable<> lead_to(std::uint16_t port, test::peer& with) {
    if (!co_await with.read_request()) co_return;
    const auto loop = with.wire().get_executor();
    const auto server = std::make_shared<tcp_socket>(loop);
    const auto client = std::make_shared<tcp_socket>(std::move(with.wire()));
    const auto [failure] = co_await server->async_connect(at("127.0.0.1", port), no_throw);
    if (failure) co_return;
    constexpr std::string_view yes = "HTTP/1.1 200 Connection established\r\n\r\n";
    co_await asio::async_write(*client, asio::buffer(yes), no_throw);
    asio::co_spawn(loop, pump(server, client), asio::detached);
    co_await pump(client, server);
}

awaitable<> say(std::string bytes, test::peer& with) {
    if (!co_await with.read_request()) co_return;
    co_await with.send(std::move(bytes));
    co_await with.until_closed();
}

awaitable<> hang_up(test::peer& with) {
    co_await with.read_request();
}

// A server whose name nobody can look up but the proxy.
https_options through(const test::scripted_server& by, place& p, std::string credentials = "") {
    return {.connect = {.server = {.tls = true, .host = "cloud.test", .port = 8443},
                        .ca_file = p.ca_file(),
                        .proxy = proxy{"127.0.0.1", by.port(), std::move(credentials)}}};
}

TEST_CASE("a call through a proxy is TLS from end to end", "[transport]") {
    place p;
    test::scripted_server server(p.loop, test::answer_all,
                                 {.tls = p.ca.issue({.names = {"cloud.test"}})});
    test::scripted_server by(p.loop,
                             [&](test::peer& with) { return lead_to(server.port(), with); });
    https_transport transport(p.loop.get_executor(), through(by, p));
    for (int call = 1; call <= 3; ++call)
        CHECK(answered(p.call(transport)).body == std::to_string(call));
    REQUIRE(by.seen().requests.size() == 1);
    CHECK(by.seen().requests[0] ==
          "CONNECT cloud.test:8443 HTTP/1.1\r\nHost: cloud.test:8443\r\n\r\n");
    CHECK(server.seen().asked_name == "cloud.test");
    CHECK_THAT(server.seen().requests.at(0),
               ContainsSubstring("Host: cloud.test:8443\r\n") && !ContainsSubstring("Proxy"));
}

TEST_CASE("a proxy is told user and password, and the server is not", "[transport]") {
    place p;
    test::scripted_server server(p.loop, test::answer_all,
                                 {.tls = p.ca.issue({.names = {"cloud.test"}})});
    test::scripted_server by(p.loop,
                             [&](test::peer& with) { return lead_to(server.port(), with); });
    https_transport transport(p.loop.get_executor(), through(by, p, "Aladdin:open sesame"));
    answered(p.call(transport));
    CHECK_THAT(
        by.seen().requests.at(0),
        ContainsSubstring("\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"));
    CHECK_THAT(server.seen().requests.at(0),
               !ContainsSubstring("Proxy") && !ContainsSubstring("QWxhZGRpb"));
}

TEST_CASE("a proxy's refusal is told with its status, without the password", "[transport]") {
    place p;
    struct refusal {
        std::string answer;
        std::string words;
    };
    const auto [answer, words] = GENERATE(
        refusal{"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n\r\nno",
                "refused: 407 Proxy Authentication Required"},
        refusal{"HTTP/1.1 502 whatever\r\n\r\n", "refused: 502 Bad Gateway"},
        refusal{"HTTP/1.1 302 Found\r\nLocation: x\r\n\r\n", "refused: 302 Found"},
        refusal{"SSH-2.0-OpenSSH_9.2\r\n\r\n", "did not answer"},
        refusal{"HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x'), "did not answer"},
        refusal{"HTTP/1.1 200 OK\r\n\r\nmore", "sent more than its answer"});
    test::scripted_server by(p.loop, [&](test::peer& with) { return say(answer, with); });
    https_transport transport(p.loop.get_executor(), through(by, p, "ann:secret"));
    const auto failure = unanswered(p.call(transport));
    CHECK(failure.why == reason::not_connected);
    CHECK_FALSE(failure.sent);
    CHECK_THAT(failure.detail,
               ContainsSubstring(fmt::format("the proxy 127.0.0.1:{} {}", by.port(), words)));
    CHECK_THAT(failure.detail, !ContainsSubstring("secret"));
    CHECK(transport.connections() == 0);
}

TEST_CASE("a proxy that is not there, or ends the connection, is told", "[transport]") {
    place p;
    test::scripted_server by(p.loop, hang_up);
    https_transport transport(p.loop.get_executor(), through(by, p));
    auto failure = unanswered(p.call(transport));
    CHECK(failure.why == reason::not_connected);
    CHECK_THAT(failure.detail, ContainsSubstring("did not answer"));

    by.stop();
    failure = unanswered(p.call(transport));
    CHECK(failure.why == reason::not_connected);
    CHECK_THAT(failure.detail, ContainsSubstring("cannot connect to the proxy 127.0.0.1"));
}

}  // namespace
}  // namespace memorypro::cloud
