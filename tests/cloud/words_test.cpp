#include "base/json.hpp"
#include "cloud/verdict.hpp"
#include "support/catch.hpp"

namespace memorypro::cloud {
namespace {

bool is_json_text(const std::string& words) {
    std::string body = "{\"words\":";
    append_json(body, std::string_view(words));
    return parse_object(body + '}').has_value();
}

TEST_CASE("the cloud's words are its detail, message or error, in this order") {
    CHECK(words_of(R"({"detail":"no such user"})") == "no such user");
    CHECK(words_of(R"({"message":"too large"})") == "too large");
    CHECK(words_of(R"({"error":"quota"})") == "quota");
    CHECK(words_of(R"({"error":{"code":7,"message":"quota is used up"}})") == "quota is used up");
    CHECK(words_of(R"({"error":"e","message":"m","detail":"d"})") == "d");
    CHECK(words_of(R"({"error":"e","message":"m"})") == "m");
}

TEST_CASE("a member without words gives way to the next") {
    CHECK(words_of(R"({"detail":null,"message":"m"})") == "m");
    CHECK(words_of(R"({"detail":"","error":"e"})") == "e");
    CHECK(words_of(R"({"detail":7,"message":{"code":1},"error":"e"})") == "e");
    CHECK(words_of(R"({"detail":[],"message":[1,null,{}],"error":{"message":"e"}})") == "e");
}

TEST_CASE("what a validation found is told without what was sent") {
    CHECK(words_of(R"({"detail":[
              {"type":"missing","loc":["body","content"],"msg":"Field required","input":{"x":"private"}},
              {"loc":["body","tags",3],"msg":"not a string","input":"private"}]})") ==
          "body.content: Field required; body.tags.3: not a string");
    CHECK(words_of(R"({"detail":["first","second"]})") == "first; second");
}

TEST_CASE("a body without such members is told as it is") {
    CHECK(words_of("Bad Gateway") == "Bad Gateway");
    CHECK(words_of(R"({"status":"error","code":17})") == R"({"status":"error","code":17})");
    CHECK(words_of(R"(["detail"])") == R"(["detail"])");
    CHECK(words_of(R"({"detail":"cut of)") == R"({"detail":"cut of)");
    CHECK(words_of("") == "");
    CHECK(words_of(" \r\n ") == "");
    CHECK(words_of(R"({"detail":" "})") == R"({"detail":" "})");
}

TEST_CASE("words are one line without control characters") {
    CHECK(words_of("<html>\r\n\t<b>502</b>\x1b[31m \x07\x7f Bad\n") ==
          "<html> <b>502</b> [31m Bad");
    CHECK(words_of(R"({"detail":"a\u0000b\u001b[2Jc\u0085d\u009be"})") == "a b [2Jc d e");
    using namespace std::string_view_literals;
    CHECK(words_of("\0\0a\0"sv) == "a");
    CHECK(words_of("zwölf Zeichen – 日本 🚀") == "zwölf Zeichen – 日本 🚀");
}

TEST_CASE("words are UTF-8 whatever the cloud sent") {
    CHECK(words_of("a\xff"
                   "b") == "a\uFFFDb");
    for (const std::string_view broken :
         {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\xaf",
          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\xf0\x9f\x9a", "\xc3(", "\xe2(\xa1",
          "{\"detail\":\"\xc3\"}"}) {
        const auto words = words_of(broken);
        CAPTURE(broken, words);
        CHECK(words.find("\uFFFD") != std::string::npos);
        CHECK(is_json_text(words));
    }
    for (const std::string_view unbroken :
         {"\u0080x", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\U00010000", "\U0010ffff"})
        CHECK(words_of(unbroken).find("\uFFFD") == std::string::npos);
}

TEST_CASE("words are cut between characters, and say that they are") {
    for (const std::string_view character : {"x", "ö", "日", "🚀"}) {
        for (std::size_t lead = 0; lead < 4; ++lead) {
            std::string text(lead, 'a');
            while (text.size() < 1000)
                text += character;
            for (const auto& body : {text, R"({"detail":")" + text + "\"}"}) {
                const auto words = words_of(body);
                CHECK(words.size() <= 300);
                CHECK(words.size() > 290);
                CHECK(words.ends_with("\u2026"));
                CHECK(is_json_text(words));
                CHECK(text.starts_with(words.substr(0, words.size() - 3)));
            }
        }
    }
    CHECK(words_of(std::string(290, 'x')) == std::string(290, 'x'));
}

TEST_CASE("an enormous error body is told by its beginning") {
    const std::string body = R"({"detail":")" + std::string(16 << 20, 'x') + "\"}";
    CHECK(words_of(body).starts_with(R"({"detail":"xxx)"));
    CHECK(words_of(std::string(100'000, '[')).starts_with("[[["));
}

}  // namespace
}  // namespace memorypro::cloud
