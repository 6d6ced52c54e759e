#include "base/json_check.hpp"

#include <string>

#include "support/catch.hpp"

namespace memorypro {
namespace {

TEST_CASE("a text is an object exactly when it can be parsed as one") {
    using namespace std::string_view_literals;
    for (const auto text : {"{}"sv,
                            " \t\r\n{\"a\":[1,-2,0.5,true,false,null,\"x\"]} "sv,
                            "{\"a\":{\"a\":{}}}"sv,
                            "{\"a\":1,\"a\":2}"sv,
                            "{\"a\":1e308,\"b\":99999999999999999999}"sv,
                            "{\"a\":\"\\ud83d\\ude00\"}"sv,
                            ""sv,
                            " "sv,
                            "{"sv,
                            "{} {}"sv,
                            "{}x"sv,
                            "[]"sv,
                            "[{}]"sv,
                            "\"{}\""sv,
                            "1"sv,
                            "null"sv,
                            "{\"a\":}"sv,
                            "{\"a\":1,}"sv,
                            "{\"a\":01}"sv,
                            "{\"a\":NaN}"sv,
                            "{\"a\":1e999}"sv,
                            "{\"a\":[-1e400]}"sv,
                            "{\"a\":\"\n\"}"sv,
                            "{\"a\":\"\\ud800\"}"sv,
                            "{\"a\":\"\xff\"}"sv,
                            "{\"\xff\":1}"sv,
                            "/**/{}"sv,
                            "\xEF\xBB\xBF{}"sv,
                            "{}\0"sv}) {
        CAPTURE(text);
        CHECK(is_object(text) == parse_object(text).has_value());
    }
}

TEST_CASE("where a name comes again only the parser knows") {
    for (const auto* text : {R"({"a":1e999,"a":1})", R"({"a":[1e400],"a":2})"}) {
        CHECK_FALSE(is_object(text));
        CHECK(parse_object(text));
    }
}

TEST_CASE("an object is nested no deeper than is asked for") {
    const auto deep = "{\"a\":" + std::string(39, '[') + std::string(39, ']') + "}";
    CHECK(is_object(deep, 40));
    CHECK_FALSE(is_object(deep, 39));
    CHECK_FALSE(is_object(deep));
    CHECK_FALSE(is_object(std::string(100'000, '{')));
}

}  // namespace
}  // namespace memorypro
