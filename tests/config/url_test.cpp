#include "config/url.hpp"

#include "support/catch.hpp"

namespace memorypro::config {
namespace {

TEST_CASE("a URL is taken apart into what a client connects to and asks for") {
    struct {
        const char* text;
        bool tls;
        const char* host;
        int port;
        const char* target;
    } const good[] = {
        {"https://api.memorypro.com", true, "api.memorypro.com", 443, "/"},
        {"HTTPS://Api.MemoryPro.com/v2/", true, "Api.MemoryPro.com", 443, "/v2/"},
        {"http://host:8080/hook?token=1", false, "host", 8080, "/hook?token=1"},
        {"http://host?x=1", false, "host", 80, "/?x=1"},
        {"https://[2001:db8::1]:8443/a", true, "2001:db8::1", 8443, "/a"},
        {"http://[::1]", false, "::1", 80, "/"},
        {"https://10.0.0.1/a%20b", true, "10.0.0.1", 443, "/a%20b"},
        {"https://my_host.internal.", true, "my_host.internal.", 443, "/"},
    };
    for (const auto& one : good) {
        CAPTURE(one.text);
        const auto parts = parse_url(one.text);
        REQUIRE(parts.has_value());
        CHECK(parts->tls == one.tls);
        CHECK(parts->host == one.host);
        CHECK(parts->port == one.port);
        CHECK(parts->target == one.target);
    }
}

TEST_CASE("what is not an http URL with a host is refused") {
    for (const char* text : {"",
                             "https",
                             "https:",
                             "https:/host",
                             "https://",
                             "https:///path",
                             "ftp://host",
                             "host.example",
                             "//host",
                             "https://host:",
                             "https://host:0",
                             "https://host:65536",
                             "https://host:x",
                             "https://host:80:80",
                             "https://[::1",
                             "https://[]",
                             "https://[::1]x",
                             "https://[example]",
                             "https://ho st",
                             "https://host/a b",
                             "https://host/\r\nX-Evil: 1",
                             "https://host/\x01",
                             "https://host/#part",
                             "https://host/<a>",
                             "https://.host",
                             "https://a..b",
                             "https://-host",
                             "https://h\xc3\xb6st",
                             "https://?q",
                             " https://host"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_url(text).has_value());
    }
}

TEST_CASE("a URL with a password is refused without quoting it") {
    for (const char* text : {"https://ada:hush@host", "ftp://ada:hush@host", "https://hush@"}) {
        CAPTURE(text);
        REQUIRE_FALSE(parse_url(text).has_value());
        CHECK(parse_url(text).error().detail.find("hush") == std::string::npos);
    }
}

TEST_CASE("plain http is for loopback hosts only") {
    for (const char* text :
         {"http://localhost:9000", "http://LOCALHOST", "http://127.0.0.1", "http://127.255.0.3:80",
          "http://[::1]:9000", "https://anywhere.net"}) {
        CAPTURE(text);
        CHECK(parse_base_url(text).has_value());
    }
    for (const char* text : {"http://api.memorypro.com", "http://127.0.0.1.evil.net",
                             "http://localhost.evil.net", "http://10.0.0.1", "http://128.0.0.1",
                             "http://[::2]", "http://127.1", "http://0.0.0.0"}) {
        CAPTURE(text);
        REQUIRE_FALSE(parse_base_url(text).has_value());
        CHECK(parse_base_url(text).error().detail.find("must be https") == 0);
    }
}

TEST_CASE("a base URL has no query and ends without a slash") {
    CHECK(*parse_base_url("https://host/") == "https://host");
    CHECK(*parse_base_url("https://host/memory//") == "https://host/memory");
    CHECK_FALSE(parse_base_url("https://host/?a=b").has_value());
}

}  // namespace
}  // namespace memorypro::config
