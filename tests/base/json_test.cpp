#include "base/json.hpp"

#include <boost/json/parse.hpp>

#include "support/catch.hpp"

namespace memorypro {
namespace {

std::string nested(int depth, char open, char close) {
    return std::string(static_cast<std::size_t>(depth), open) +
           std::string(static_cast<std::size_t>(depth), close);
}

error failure_of(std::string_view text) {
    const auto parsed = parse_object(text);
    INFO(text);
    REQUIRE_FALSE(parsed.has_value());
    return parsed.error();
}

TEST_CASE("what is not JSON is a bad request") {
    for (const std::string_view text :
         {"", " ", "{", "}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "{\"a\":1} x",
          "{\"a\":01}", "{\"a\":NaN}", "{\"a\":Infinity}", "{\"a\":\"\n\"}", "{\"a\":\"\\x\"}",
          "{\"a\":\"\\ud800\"}", "\xEF\xBB\xBF{}", "{} {}", "/**/{}"}) {
        CAPTURE(text);
        CHECK(failure_of(text).code == errc::bad_request);
    }
    using namespace std::string_view_literals;
    CHECK(failure_of("{\"a\":1}\0"sv).code == errc::bad_request);
    CHECK(failure_of("{\"a\":\"\0\"}"sv).code == errc::bad_request);
}

TEST_CASE("JSON that is not an object names the body") {
    for (const std::string_view text : {"[]", "1", "\"a\"", "null", "true"}) {
        CAPTURE(text);
        const auto failure = failure_of(text);
        CHECK(failure.code == errc::invalid_field);
        REQUIRE(failure.fields.size() == 1);
        CHECK(failure.fields[0].field == "body");
    }
}

TEST_CASE("a text that is not UTF-8 is refused by the path of its field") {
    struct {
        std::string_view text;
        std::string_view field;
    } const table[] = {
        {"{\"content\":\"\xff\"}", "content"},
        {"{\"ok\":\"\xc3\xa4\",\"content\":\"caf\xe9\"}", "content"},
        {"{\"metadata\":{\"deep\":{\"er\":\"\xc0\xaf\"}}}", "metadata.deep.er"},
        {"{\"tags\":[\"a\",\"b\",\"\xed\xa0\x80\"]}", "tags[2]"},
        {"{\"list\":[{\"a\":1},{\"a\":\"\xf5\x80\x80\x80\"}]}", "list[1].a"},
        {"{\"metadata\":{\"\xff\":1}}", "metadata"},
        {"{\"\xff\":1}", "body"},
        {"{\"cut\":\"\xe2\x82\"}", "cut"},
    };
    for (const auto& [text, field] : table) {
        const auto failure = failure_of(text);
        CHECK(failure.code == errc::invalid_field);
        REQUIRE(failure.fields.size() == 1);
        CHECK(failure.fields[0].field == field);
        CHECK(failure.fields[0].detail.find("UTF-8") != std::string::npos);
    }
}

TEST_CASE("a number beyond a double is refused by the path of its field") {
    for (const auto& [text, field] :
         {std::pair{"{\"a\":1e999}", "a"}, {"{\"a\":{\"b\":[0,-1e400]}}", "a.b[1]"}}) {
        const auto failure = failure_of(text);
        CHECK(failure.code == errc::invalid_field);
        REQUIRE(failure.fields.size() == 1);
        CHECK(failure.fields[0].field == field);
        CHECK(failure.fields[0].detail.find("too large") != std::string::npos);
    }
}

TEST_CASE("a number beyond a double is never reported as a success") {
    for (const std::string_view text : {"1e999", "[1e999]", "{\"\":1e999}"}) {
        CAPTURE(text);
        const auto failure = failure_of(text);
        CHECK(failure.detail.find("uccess") == std::string::npos);
    }
}

TEST_CASE("numbers that a double holds are taken, however they are written") {
    const auto parsed = parse_object(
        R"({"a":1e308,"b":-0,"c":1E-400,"d":18446744073709551615,"e":99999999999999999999})");
    REQUIRE(parsed);
    CHECK(parsed->at("d").is_uint64());
    CHECK(parsed->at("e").as_double() == 1e20);
    CHECK(parsed->at("c").as_double() == 0);
}

TEST_CASE("nesting of 32 is taken, deeper is refused") {
    CHECK(parse_object("{\"a\":" + nested(31, '[', ']') + "}"));
    CHECK(failure_of("{\"a\":" + nested(32, '[', ']') + "}").code == errc::bad_request);
    CHECK(failure_of(nested(100'000, '[', ']')).code == errc::bad_request);
    CHECK(failure_of(std::string(100'000, '{')).code == errc::bad_request);
}

TEST_CASE("whoever asks for it may take a deeper or a shallower object") {
    const auto deep = "{\"a\":" + nested(39, '[', ']') + "}";
    CHECK(parse_object(deep, 40));
    CHECK_FALSE(parse_object(deep, 39));
    CHECK(parse_object(R"({"a":{}})", 2));
    CHECK_FALSE(parse_object(R"({"a":{}})", 1));
    CHECK(parse_object("{\"a\":" + nested(39, '[', ']') + ",\"b\":\"\xff\"}", 40)
              .error()
              .fields[0]
              .field == "b");
}

TEST_CASE("of a name that occurs twice the last value counts") {
    const auto parsed = parse_object(R"({"a":1,"b":2,"a":{"c":3,"c":4}})");
    REQUIRE(parsed);
    CHECK(parsed->size() == 2);
    CHECK(to_json(parsed->at("a")) == R"({"c":4})");
}

TEST_CASE("values are written minified, numbers as people write them") {
    for (const std::string_view text : {"null",
                                        "true",
                                        "false",
                                        "0",
                                        "-1",
                                        "9223372036854775807",
                                        "18446744073709551615",
                                        "0.5",
                                        "1.0",
                                        "-0.0",
                                        "100.0",
                                        "0.1",
                                        "1.5e+300",
                                        "5e-324",
                                        "3.141592653589793",
                                        "[]",
                                        "{}",
                                        "[1,[2,[]],{}]",
                                        R"({"a":{"b":[null,1.0]},"c":"d"})",
                                        R"("")"}) {
        CAPTURE(text);
        CHECK(to_json(json::parse(std::string(text))) == text);
    }
    CHECK(to_json(json::value(1e21)).find_first_of(".e") != std::string::npos);
}

TEST_CASE("a double that is written is the same double when it is read again") {
    for (const double number : {1.0, -0.0, 0.1, 1e15, 1e16, 1e17, 1e22, 123456789012345680.0,
                                1.7976931348623157e308, 2.2250738585072014e-308}) {
        CAPTURE(number);
        const auto again = json::parse(to_json(json::value(number)));
        REQUIRE(again.is_double());
        CHECK(again.get_double() == number);
    }
}

TEST_CASE("every control character, quote and backslash is escaped, and nothing else") {
    std::string all;
    for (int c = 0; c < 128; ++c)
        all += static_cast<char>(c);
    all += "\u00e4\u20ac\U0001f600";
    const auto text = to_json(json::value(all));
    for (const char c : text)
        REQUIRE(static_cast<unsigned char>(c) >= 0x20);
    CHECK(json::parse(text).as_string() == all);
    CHECK(to_json(json::value("a\"\\/\n\r\t\b\x7f\u00e4")) ==
          "\"a\\\"\\\\/\\n\\r\\t\\u0008\x7f\u00e4\"");
    std::string out = "x";
    append_json(out, std::string_view("\x01\x1f"));
    CHECK(out == "x\"\\u0001\\u001f\"");
}

}  // namespace
}  // namespace memorypro
