#include "cloud/happy_eyeballs.hpp"

#include "cloud/transport_fixture.hpp"
#include "support/full_listener.hpp"

namespace memorypro::cloud {
namespace {

using Catch::Matchers::ContainsSubstring;
using reason = no_answer::reason;
using std::chrono::milliseconds;

bool has_ipv6(asio::io_context& loop) {
    try {
        test::scripted_server probe(loop, test::answer_all, {.address = "::1"});
        return true;
    } catch (const boost::system::system_error&) {
        return false;
    }
}

https_options named(std::uint16_t port, std::vector<endpoint> all) {
    return {.connect = {.server = {.host = "cloud.test", .port = port},
                        .lookup = finds(std::move(all))}};
}

TEST_CASE("the families take turns, beginning with the first address's", "[transport]") {
    const auto v4 = [](std::uint16_t n) { return at("192.0.2.1", n); };
    const auto v6 = [](std::uint16_t n) { return at("2001:db8::1", n); };
    using list = std::vector<endpoint>;
    CHECK(interleave({}) == list{});
    CHECK(interleave({v6(1), v6(2), v4(3), v4(4)}) == list{v6(1), v4(3), v6(2), v4(4)});
    CHECK(interleave({v4(1), v6(2), v6(3), v6(4)}) == list{v4(1), v6(2), v6(3), v6(4)});
    CHECK(interleave({v4(1), v4(2), v4(3)}) == list{v4(1), v4(2), v4(3)});
}

TEST_CASE("after an address that refuses the next is tried at once", "[transport]") {
    place p;
    test::scripted_server server(p.loop, test::answer_all);
    const auto first = has_ipv6(p.loop) ? at("::1", server.port()) : at("127.0.0.9", server.port());
    auto options = named(server.port(), {first, at("127.0.0.1", server.port())});
    options.connect.stagger = test::deadline;
    https_transport transport(p.loop.get_executor(), options);
    CHECK(answered(p.call(transport)).body == "1");
}

TEST_CASE("a server on IPv6 only is found behind an IPv4 address that refuses", "[transport]") {
    place p;
    if (!has_ipv6(p.loop)) {
        WARN("not tested: this host has no IPv6");
        return;
    }
    test::scripted_server server(p.loop, test::answer_all, {.address = "::1"});
    https_transport transport(
        p.loop.get_executor(),
        named(server.port(), {at("127.0.0.1", server.port()), at("::1", server.port())}));
    CHECK(answered(p.call(transport)).body == "1");
}

TEST_CASE("an IPv6 address is called by its literal", "[transport]") {
    place p;
    if (!has_ipv6(p.loop)) {
        WARN("not tested: this host has no IPv6");
        return;
    }
    test::scripted_server server(p.loop, test::answer_all,
                                 {.tls = p.ca.issue({.addresses = {"::1"}}), .address = "::1"});
    auto options = p.tls_to(server);
    options.connect.server.host = "::1";
    https_transport transport(p.loop.get_executor(), options);
    CHECK(answered(p.call(transport)).body == "1");
    CHECK_THAT(server.seen().requests.at(0),
               ContainsSubstring("Host: [::1]:" + std::to_string(server.port()) + "\r\n"));
}

TEST_CASE("beside an address that does not answer the next is tried after a while", "[transport]") {
    place p;
    test::scripted_server server(p.loop, test::answer_all);
    const test::full_listener silent;
    auto options =
        named(server.port(), {at("127.0.0.1", silent.port()), at("127.0.0.1", server.port())});
    options.connect.stagger = milliseconds(100);
    https_transport transport(p.loop.get_executor(), options);
    const stopwatch watch;
    CHECK(answered(p.call(transport)).body == "1");
    CHECK(watch.elapsed() >= milliseconds(100));
    CHECK(watch.elapsed() < std::chrono::seconds(5));
}

TEST_CASE("the first to connect wins, and nothing is left of the others", "[transport]") {
    place p;
    test::scripted_server server(p.loop, test::answer_all), other(p.loop, test::answer_all);
    auto options =
        named(server.port(), {at("127.0.0.1", server.port()), at("127.0.0.1", other.port())});
    options.connect.stagger = milliseconds(0);
    https_transport transport(p.loop.get_executor(), options);
    CHECK(answered(p.call(transport)).body == "1");
    CHECK(test::run_until(p.loop, [&] { return server.seen().open + other.seen().open == 1; }));
    transport.stop();
    server.stop();
    other.stop();
    CHECK(test::run_until(p.loop, [&] { return p.loop.stopped(); }));
}

TEST_CASE("when every address fails each is told", "[transport]") {
    place p;
    test::scripted_server gone(p.loop, test::answer_all);
    gone.stop();
    https_transport transport(p.loop.get_executor(), named(80, {at("127.0.0.1", gone.port()),
                                                                at("127.0.0.2", gone.port())}));
    const auto failure = unanswered(p.call(transport));
    CHECK(failure.why == reason::not_connected);
    CHECK_FALSE(failure.sent);
    const auto port = std::to_string(gone.port());
    CHECK(failure.detail == "cannot connect to 127.0.0.1:" + port + ": Connection refused; " +
                                "127.0.0.2:" + port + ": Connection refused");
}

TEST_CASE("a name is looked up, and one that does not exist is told", "[transport]") {
    place p;
    SECTION("localhost, by the system") {
        test::scripted_server server(p.loop, test::answer_all);
        auto options = plain_to(server);
        options.connect.server.host = "localhost";
        https_transport transport(p.loop.get_executor(), options);
        CHECK(answered(p.call(transport)).body == "1");
    }
    SECTION("no such name") {
        auto options = named(80, {});
        options.connect.lookup = [](const std::string&, std::uint16_t) -> addresses {
            return error{errc::unavailable, "Name or service not known"};
        };
        https_transport transport(p.loop.get_executor(), options);
        for (int call = 0; call < 2; ++call) {
            const auto failure = unanswered(p.call(transport));
            CHECK(failure.why == reason::not_connected);
            CHECK(failure.detail ==
                  "cannot find the address of cloud.test: Name or service not known");
        }
    }
    SECTION("a name that cannot be") {
        CHECK_FALSE(system_lookup("no such name", 80).has_value());
    }
}

}  // namespace
}  // namespace memorypro::cloud
