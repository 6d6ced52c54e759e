#include "http/message.hpp"

#include "support/catch.hpp"

namespace memorypro::http {
namespace {

std::string shown(std::string_view query) {
    const auto parsed = parse_query(query);
    if (!parsed) return "refused";
    std::string text;
    for (const auto& given : *parsed)
        text += '[' + given.name + "|" + given.value + ']';
    return text;
}

TEST_CASE("percent escapes are decoded, a plus stays a plus in a path") {
    using namespace std::string_literals;
    CHECK(decode("a%20b%2Fc%25") == "a b/c%");
    CHECK(decode("%c3%A4") == "\u00e4");
    CHECK(decode("a+b") == "a+b");
    CHECK(decode("") == "");
    CHECK(decode("%00") == "\0"s);
}

TEST_CASE("broken percent escapes are refused") {
    for (const char* text : {"%", "%2", "%zz", "a%", "%%20", "%2g"}) {
        CAPTURE(text);
        CHECK_FALSE(decode(text).has_value());
    }
}

TEST_CASE("a query string's parameters come decoded and in their order") {
    CHECK(shown("a=1&b=2&a=3") == "[a|1][b|2][a|3]");
    CHECK(shown("a=x+y%2Bz&metadata.k%20e=%26%3D") == "[a|x y+z][metadata.k e|&=]");
    CHECK(shown("flag") == "[flag|]");
    CHECK(shown("a=b=c") == "[a|b=c]");
    CHECK(shown("=1") == "[|1]");
}

TEST_CASE("an empty query string and empty parts of one are no parameters") {
    CHECK(shown("") == "");
    CHECK(shown("&&") == "");
    CHECK(shown("&a=1&") == "[a|1]");
}

TEST_CASE("a query string that is not percent-encoded is refused") {
    for (const char* text : {"a=%", "a=%g0", "%=1", "a=b c", "a=\x01", "a=\xff"}) {
        CAPTURE(text);
        CHECK(shown(text) == "refused");
    }
}

TEST_CASE("a query string whose escapes are not UTF-8 is refused") {
    for (const char* text : {"a=%ff", "%ff=1", "a=x%c3", "a=%ed%a0%80", "a=1&b=%fe"}) {
        CAPTURE(text);
        CHECK(shown(text) == "refused");
    }
    CHECK(shown("a=%c3%a4%0a%22%5c") == "[a|\u00e4\n\"\\]");
}

TEST_CASE("a media type is told without its parameters and in lower case") {
    CHECK(media_type("application/json") == "application/json");
    CHECK(media_type("Application/JSON; charset=utf-8") == "application/json");
    CHECK(media_type("text/plain;q=1") == "text/plain");
    CHECK(media_type("") == "");
}

}  // namespace
}  // namespace memorypro::http
