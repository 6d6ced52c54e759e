#include "cloud/proxy.hpp"

#include "support/catch.hpp"

namespace memorypro::cloud {
namespace {

using Catch::Matchers::ContainsSubstring;
using config::values;

const config::url_parts cloud_server{.tls = true, .host = "api.example.com", .port = 443};

TEST_CASE("the environment names the proxy", "[transport]") {
    const auto found = proxy_for(cloud_server, {{"HTTPS_PROXY", "http://proxy.example:3128"}});
    REQUIRE(found);
    REQUIRE(found->has_value());
    CHECK((*found)->host == "proxy.example");
    CHECK((*found)->port == 3128);
    CHECK((*found)->credentials.empty());
}

TEST_CASE("a proxy's URL is read in each of its shapes", "[transport]") {
    struct shape {
        const char* text;
        const char* host;
        std::uint16_t port;
        const char* credentials;
    };
    const auto [text, host, port, credentials] =
        GENERATE(shape{"proxy:3128", "proxy", 3128, ""}, shape{"http://proxy", "proxy", 80, ""},
                 shape{"http://proxy/", "proxy", 80, ""},
                 shape{"HTTP://10.0.0.1:8080", "10.0.0.1", 8080, ""},
                 shape{"http://[fd00::1]:3128", "fd00::1", 3128, ""},
                 shape{"http://ann:secret@proxy:1", "proxy", 1, "ann:secret"},
                 shape{"ann:secret@proxy:1", "proxy", 1, "ann:secret"},
                 shape{"http://a%40b:p%3Aw%25@proxy:1", "proxy", 1, "a@b:p:w%"},
                 shape{"http://ann@proxy:1", "proxy", 1, "ann:"});
    CAPTURE(text);
    const auto found = proxy_for(cloud_server, {{"HTTPS_PROXY", text}});
    REQUIRE(found);
    REQUIRE(found->has_value());
    CHECK((*found)->host == host);
    CHECK((*found)->port == port);
    CHECK((*found)->credentials == credentials);
}

TEST_CASE("the lower case wins, and an empty value counts as none", "[transport]") {
    const auto host = [](const values& environment) {
        const auto found = proxy_for(cloud_server, environment).value();
        return found ? found->host : "direct";
    };
    CHECK(host({}) == "direct");
    CHECK(host({{"https_proxy", ""}, {"HTTPS_PROXY", ""}}) == "direct");
    CHECK(host({{"https_proxy", "http://lower"}, {"HTTPS_PROXY", "http://upper"}}) == "lower");
    CHECK(host({{"https_proxy", ""}, {"HTTPS_PROXY", "http://upper"}}) == "upper");
    CHECK(host({{"http_proxy", "http://other"}}) == "direct");
    CHECK(host({{"https_proxy", "http://lower"}, {"no_proxy", "example.com"}}) == "direct");
    CHECK(host({{"https_proxy", "http://lower"}, {"NO_PROXY", "example.com"}}) == "direct");
    CHECK(host({{"https_proxy", "http://lower"}, {"no_proxy", "x"}, {"NO_PROXY", "*"}}) == "lower");
}

TEST_CASE("plain HTTP and loopback hosts are reached directly", "[transport]") {
    const values environment{{"HTTPS_PROXY", "http://proxy:3128"}};
    CHECK(proxy_for({.tls = false, .host = "127.0.0.1", .port = 80}, environment).value() ==
          std::nullopt);
    CHECK(proxy_for({.tls = true, .host = "localhost", .port = 8443}, environment).value() ==
          std::nullopt);
    CHECK(proxy_for({.tls = true, .host = "::1", .port = 8443}, environment).value() ==
          std::nullopt);
}

TEST_CASE("a proxy of another kind is an error that keeps the password", "[transport]") {
    const std::string text =
        GENERATE("https://ann:secret@proxy:443", "socks5://ann:secret@proxy:1080",
                 "socks5h://ann:secret@proxy", "ftp://ann:secret@proxy");
    CAPTURE(text);
    const auto found = proxy_for(cloud_server, {{"https_proxy", text}});
    REQUIRE_FALSE(found.has_value());
    CHECK_THAT(found.error().detail,
               ContainsSubstring("https_proxy") && ContainsSubstring("http://"));
    CHECK_THAT(found.error().detail, !ContainsSubstring("secret"));
}

TEST_CASE("what is not a URL is an error that keeps the password", "[transport]") {
    const std::string text =
        GENERATE("http://", "http://ann:secret@", "http://ann:secret@pro xy", "http://proxy:port",
                 "http://ann:secret@proxy:0", "http://ann:secret@proxy:99999", "http://[::1");
    CAPTURE(text);
    const auto found = proxy_for(cloud_server, {{"HTTPS_PROXY", text}});
    REQUIRE_FALSE(found.has_value());
    CHECK_THAT(found.error().detail, ContainsSubstring("HTTPS_PROXY must be http://"));
    CHECK_THAT(found.error().detail, !ContainsSubstring("secret"));
}

TEST_CASE("a list of exceptions names hosts, domains, addresses and networks", "[transport]") {
    struct question {
        const char* list;
        const char* host;
        bool excepted;
    };
    const auto [list, host, excepted] = GENERATE(
        question{"", "example.com", false}, question{" , ,", "example.com", false},
        question{"*", "example.com", true}, question{"a, *", "10.0.0.1", true},
        question{"example.com", "example.com", true}, question{"EXAMPLE.com", "Example.COM", true},
        question{"example.com", "api.example.com", true},
        question{"example.com", "notexample.com", false},
        question{"example.com", "example.com.org", false},
        question{".example.com", "example.com", true},
        question{".example.com", "api.example.com", true},
        question{"*.example.com", "api.example.com", true},
        question{"example.com.", "example.com", true},
        question{"example.com", "example.com.", true},
        question{"localhost,example.com", "example.com", true},
        question{"localhost  example.com", "example.com", true},
        question{"example.com:8443", "example.com", true},
        question{"example.com:443", "example.com", false}, question{"10.0.0.1", "10.0.0.1", true},
        question{"10.0.0.1", "10.0.0.11", false}, question{"0.0.1", "10.0.0.1", false},
        question{"10.0.0.1:8443", "10.0.0.1", true}, question{"10.0.0.1:80", "10.0.0.1", false},
        question{"10.0.0.0/8", "10.20.30.40", true}, question{"10.0.0.0/8", "11.0.0.1", false},
        question{"10.1.2.3/8", "10.9.9.9", true}, question{"10.0.0.0/99", "10.0.0.1", false},
        question{"10.0.0.0/8", "example.com", false}, question{"::1", "::1", true},
        question{"0:0::1", "::1", true}, question{"[::1]", "::1", true},
        question{"[::1]:8443", "::1", true}, question{"[::1]:80", "::1", false},
        question{"[::1", "::1", false}, question{"fd00::/8", "fd12::1", true},
        question{"fd00::/8", "fe80::1", false}, question{"fd00::/8", "10.0.0.1", false},
        question{".", "example.com", false});
    CAPTURE(list, host);
    CHECK(is_excepted(list, host, 8443) == excepted);
}

}  // namespace
}  // namespace memorypro::cloud
