#include "config/parse.hpp"

#include "support/catch.hpp"

namespace memorypro::config {
namespace {

constexpr std::uint64_t most = std::uint64_t{1} << 50;

TEST_CASE("booleans are understood in any case and spelling that systemd takes") {
    for (const char* text : {"true", "TRUE", "True", "1", "yes", "YES", "on", "On"}) {
        CAPTURE(text);
        REQUIRE(parse_boolean(text).has_value());
        CHECK(*parse_boolean(text));
    }
    for (const char* text : {"false", "FALSE", "0", "no", "No", "off", "oFF"}) {
        CAPTURE(text);
        REQUIRE(parse_boolean(text).has_value());
        CHECK_FALSE(*parse_boolean(text));
    }
}

TEST_CASE("what is not a boolean is refused, never taken for false") {
    for (const char* text : {"", "2", "y", "t", "enabled", " true", "true ", "truefalse", "00"}) {
        CAPTURE(text);
        REQUIRE_FALSE(parse_boolean(text).has_value());
        CHECK(parse_boolean(text).error().detail.find("must be true or false") == 0);
    }
}

TEST_CASE("integers are whole decimal numbers within their range") {
    CHECK(*parse_integer("1", 1, 3600) == 1);
    CHECK(*parse_integer("3600", 1, 3600) == 3600);
    CHECK(*parse_integer("030", 1, 3600) == 30);
    for (const char* text : {"", "0", "3601", "-1", "+5", "1.5", "1e3", "30s", " 30", "30 ", "0x10",
                             "abc", "99999999999999999999"}) {
        CAPTURE(text);
        REQUIRE_FALSE(parse_integer(text, 1, 3600).has_value());
        CHECK(parse_integer(text, 1, 3600).error().detail ==
              "must be 1 to 3600, is \"" + std::string(text) + "\"");
    }
}

TEST_CASE("sizes take plain bytes and the suffixes K, M and G") {
    CHECK(*parse_size("0", 0, most) == 0);
    CHECK(*parse_size("1000", 0, most) == 1000);
    CHECK(*parse_size("4k", 0, most) == 4096);
    CHECK(*parse_size("4K", 0, most) == 4096);
    CHECK(*parse_size("3M", 0, most) == 3u << 20);
    CHECK(*parse_size("2g", 0, most) == std::uint64_t{2} << 30);
    CHECK(*parse_size("1048576G", 0, most) == most);
}

TEST_CASE("a size that is no number, out of range or too large to hold is refused") {
    for (const char* text : {"", "K", "-1", "1T", "1KB", "1.5M", "1 K", "0", "1048577G", "1MM",
                             "18446744073709551615", "18446744073709551616", "17179869184G"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_size(text, 1, most).has_value());
    }
    CHECK(parse_size("x", 1, 64u << 20).error().detail == "must be 1 to 64M bytes, is \"x\"");
}

TEST_CASE("a printed size reads back as itself") {
    for (const std::uint64_t bytes :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}, std::uint64_t{1024},
          std::uint64_t{1} << 30, most, most - 1}) {
        CAPTURE(bytes, format_size(bytes));
        CHECK(*parse_size(format_size(bytes), 0, most) == bytes);
    }
    CHECK(format_size(1u << 20) == "1M");
    CHECK(format_size(1536) == "1536");
}

TEST_CASE("a file mode is octal") {
    CHECK(*parse_file_mode("0660") == 0660);
    CHECK(*parse_file_mode("600") == 0600);
    CHECK(*parse_file_mode("0") == 0);
    for (const char* text : {"", "0o660", "0x1b0", "668", "1777", "-1", "rw-", "99999999999999"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_file_mode(text).has_value());
    }
}

TEST_CASE("a path is taken as it is, and one that hopes for expansion is refused") {
    CHECK(*parse_path("/var/lib/memory pro") == "/var/lib/memory pro");
    CHECK(*parse_path("relative/dir") == "relative/dir");
    for (const char* text : {"~/data", "$HOME/data", "${HOME}/data", "/var/\nlib", "/var/\x7f"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_path(text).has_value());
    }
}

TEST_CASE("a secret that could break out of a header is refused without being quoted") {
    CHECK(*parse_secret("s3cret with space") == "s3cret with space");
    CHECK(*parse_secret(std::string(4096, 'x')) == std::string(4096, 'x'));
    const std::string bad[] = {"",
                               "hush\r\nX-Admin: 1",
                               "hush\n",
                               "hu\tsh",
                               std::string("hu\0sh", 5),
                               " hush",
                               "hush ",
                               "hush\x7f",
                               std::string(4097, 'h')};
    for (const std::string& text : bad) {
        CAPTURE(text);
        REQUIRE_FALSE(parse_secret(text).has_value());
        CHECK(parse_secret(text).error().detail.find("hu") == std::string::npos);
    }
}

TEST_CASE("an address to listen on has a literal address and a port") {
    struct {
        const char* text;
        const char* address;
        int port;
    } const good[] = {{"127.0.0.1:8080", "127.0.0.1", 8080}, {"0.0.0.0:1", "0.0.0.0", 1},
                      {"[::1]:8080", "::1", 8080},           {"[::]:65535", "::", 65535},
                      {"127.0.0.1:0", "127.0.0.1", 0},       {"LocalHost:80", "127.0.0.1", 80}};
    for (const auto& one : good) {
        CAPTURE(one.text);
        REQUIRE(parse_endpoint(one.text).has_value());
        CHECK(parse_endpoint(one.text)->address == one.address);
        CHECK(parse_endpoint(one.text)->port == one.port);
    }
    for (const char* text :
         {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
          "127.0.0.1:http", "::1:8080", "[::1]", "[::1]8080", "[127.0.0.1]:80", "[::1:80", "[]:80",
          "example.com:80", "127.1:80", "127.0.0.1:80 ", "127.0.0.1:80\n", "http://127.0.0.1:80"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_endpoint(text).has_value());
    }
}

TEST_CASE("a quoted value is cut and has no control characters") {
    const std::string detail = invalid("must", "a\nb\x1b[2J" + std::string(500, 'z')).detail;
    CHECK(detail.find("must, is \"a?b?[2J") == 0);
    CHECK(detail.size() < 120);
}

}  // namespace
}  // namespace memorypro::config
