#include <openssl/ssl.h>

#include <memory>

#include "cloud/tls_context.hpp"
#include "cloud/transport_fixture.hpp"

namespace memorypro::cloud {
namespace {

using Catch::Matchers::ContainsSubstring;
using std::chrono::hours;
using reason = no_answer::reason;

awaitable<> speak_http(test::peer& with) {
    co_await with.send("HTTP/1.1 400 Bad Request\r\n\r\n");
}

// The failure of a call to `host` of a server with the certificate.
no_answer refused(place& p, const test::identity& own, const std::string& host) {
    test::scripted_server server(p.loop, test::answer_all, {.tls = own});
    auto options = p.tls_to(server);
    options.connect.server.host = host;
    options.connect.lookup = finds({at("127.0.0.1", server.port())});
    https_transport transport(p.loop.get_executor(), options);
    const auto failure = unanswered(p.call(transport));
    CHECK(failure.why == reason::tls);
    CHECK_FALSE(failure.sent);
    CHECK(server.seen().requests.empty());
    return failure;
}

TEST_CASE("a name is asked for and verified, an address is verified only", "[transport]") {
    place p;
    test::scripted_server server(p.loop, test::answer_all, p.with_tls());
    auto options = p.tls_to(server);

    SECTION("a name") {
        options.connect.server.host = "localhost";
        options.connect.lookup = finds({at("127.0.0.1", server.port())});
        https_transport transport(p.loop.get_executor(), options);
        CHECK(answered(p.call(transport)).body == "1");
        CHECK(server.seen().asked_name == "localhost");
    }
    SECTION("a fully qualified name") {
        options.connect.server.host = "localhost.";
        options.connect.lookup = finds({at("127.0.0.1", server.port())});
        https_transport transport(p.loop.get_executor(), options);
        CHECK(answered(p.call(transport)).body == "1");
        CHECK(server.seen().asked_name == "localhost");
    }
    SECTION("an address") {
        https_transport transport(p.loop.get_executor(), options);
        CHECK(answered(p.call(transport)).body == "1");
        CHECK(server.seen().asked_name.empty());
    }
}

TEST_CASE("a certificate that is not acceptable is refused in words", "[transport]") {
    place p;
    const test::certificate_options good{.names = {"cloud.test"}, .addresses = {"127.0.0.1"}};

    SECTION("for another name") {
        const auto failure = refused(p, p.ca.issue(good), "other.test");
        CHECK(failure.detail == "the certificate is not for host other.test");
    }
    SECTION("for another address") {
        const auto other = p.ca.issue({.names = {"127.0.0.1"}, .addresses = {"127.0.0.2"}});
        CHECK(refused(p, other, "127.0.0.1").detail == "the certificate is not for host 127.0.0.1");
    }
    SECTION("for a part of a name only") {
        const auto failure = refused(p, p.ca.issue({.names = {"test"}}), "cloud.test");
        CHECK(failure.detail == "the certificate is not for host cloud.test");
    }
    SECTION("with the name as common name only") {
        const auto failure = refused(p, p.ca.issue({.common_name = "cloud.test"}), "cloud.test");
        CHECK(failure.detail == "the certificate is not for host cloud.test");
    }
    SECTION("expired") {
        auto old = good;
        old.valid_from = -hours(48);
        old.valid_until = -hours(1);
        const auto failure = refused(p, p.ca.issue(old), "cloud.test");
        CHECK(failure.detail == "the certificate of cloud.test has expired");
    }
    SECTION("not valid yet") {
        auto early = good;
        early.valid_from = hours(1);
        const auto failure = refused(p, p.ca.issue(early), "cloud.test");
        CHECK_THAT(failure.detail, ContainsSubstring("not valid yet"));
    }
    SECTION("of another authority") {
        const auto failure =
            refused(p, test::certificate_authority("Another").issue(good), "cloud.test");
        CHECK_THAT(failure.detail, ContainsSubstring("unknown certificate authority"));
    }
    SECTION("of another authority that has the same name") {
        CHECK(refused(p, test::certificate_authority().issue(good), "cloud.test").why ==
              reason::tls);
    }
    SECTION("self-signed") {
        const auto failure = refused(p, test::self_signed(good), "cloud.test");
        CHECK_THAT(failure.detail, ContainsSubstring("self-signed"));
    }
}

TEST_CASE("where nobody's certificate can be told from another's there is no handshake") {
    place p;
    const auto prepared = [&p](const std::string& host) {
        tls_context context(host, p.ca_file());
        const std::unique_ptr<SSL, decltype(&SSL_free)> one(
            SSL_new(context.context().native_handle()), &SSL_free);
        return !context.prepare(one.get());
    };
    for (const auto* host : {"cloud.test", "127.0.0.1", "fe80::1"})
        CHECK(prepared(host));
    // OpenSSL takes no address with a scope, and would then accept every certificate.
    CHECK_FALSE(prepared("fe80::1%1"));
    CHECK_FALSE(prepared(""));
}

TEST_CASE("the system's authorities do not vouch for a private one", "[transport]") {
    place p;
    test::scripted_server server(p.loop, test::answer_all, p.with_tls());
    auto options = p.tls_to(server);
    options.connect.ca_file = "";
    https_transport transport(p.loop.get_executor(), options);
    CHECK_THAT(unanswered(p.call(transport)).detail,
               ContainsSubstring("unknown certificate authority"));
}

TEST_CASE("a CA file that cannot be used is reported at once", "[transport]") {
    place p;
    https_options options{.connect = {.server = {.tls = true, .host = "localhost", .port = 443}}};
    options.connect.ca_file = p.dir.file("no-such.pem");
    CHECK_THROWS_WITH(https_transport(p.loop.get_executor(), options),
                      ContainsSubstring("no-such.pem") && ContainsSubstring("No such file"));
    options.connect.ca_file = p.dir.file("garbage.pem");
    test::write_file(options.connect.ca_file, "not a certificate");
    CHECK_THROWS_WITH(https_transport(p.loop.get_executor(), options),
                      ContainsSubstring("garbage.pem"));
}

TEST_CASE("a server that does not speak TLS is told from a broken one", "[transport]") {
    place p;
    SECTION("it speaks HTTP") {
        test::scripted_server server(p.loop, speak_http);
        https_transport transport(p.loop.get_executor(), p.tls_to(server));
        const auto failure = unanswered(p.call(transport));
        CHECK(failure.why == reason::tls);
        CHECK_THAT(failure.detail, ContainsSubstring("does not answer with TLS"));
    }
    SECTION("it ends the connection") {
        test::scripted_server server(p.loop, [](test::peer& with) { return with.shut_down(); });
        https_transport transport(p.loop.get_executor(), p.tls_to(server));
        const auto failure = unanswered(p.call(transport));
        CHECK(failure.why == reason::tls);
        CHECK_FALSE(failure.sent);
    }
}

TEST_CASE("a new connection resumes the session of an earlier one", "[transport]") {
    place p;
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    CAPTURE(version);
    test::scripted_server server(p.loop, test::answer_once_then_close, p.with_tls(version));
    https_transport transport(p.loop.get_executor(), p.tls_to(server));
    for (int call = 0; call < 6; ++call)
        CHECK(answered(p.call(transport)).body == "once");
    CHECK(server.seen().handshakes >= 6);
    CHECK(server.seen().resumed == server.seen().handshakes - 1);
}

TEST_CASE("the session of a connection that was cut is resumed too", "[transport]") {
    place p;
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    CAPTURE(version);
    test::scripted_server server(p.loop, test::say_nothing, p.with_tls(version));
    https_transport transport(p.loop.get_executor(), p.tls_to(server));
    const auto late = p.call(transport, post(), in(std::chrono::milliseconds(500)));
    REQUIRE(unanswered(late).sent);
    server.follow(test::answer_all);
    CHECK(answered(p.call(transport)).body == "1");
    CHECK(server.seen().resumed == 1);
}

TEST_CASE("a session that the server does not know any more costs nothing", "[transport]") {
    place p;
    std::optional<test::scripted_server> server;
    server.emplace(p.loop, test::answer_once_then_close, p.with_tls());
    const auto port = server->port();
    https_transport transport(p.loop.get_executor(), p.tls_to(*server));
    CHECK(answered(p.call(transport)).body == "once");
    server.reset();
    p.settle();
    auto again = p.with_tls();
    again.port = port;
    server.emplace(p.loop, test::answer_all, again);
    CHECK(answered(p.call(transport)).body == "1");
    CHECK(server->seen().resumed == 0);
}

}  // namespace
}  // namespace memorypro::cloud
