#include "recall/query.hpp"

#include "support/catch.hpp"

namespace memorypro::recall {
namespace {

using words = std::vector<std::string>;

TEST_CASE("a question is searched by the words that say something") {
    CHECK(query_words("What did I say about the coffee machine?") ==
          words{"say", "coffee", "machine"});
    CHECK(query_words("Don't you think it's raining") == words{"don", "think", "raining"});
}

TEST_CASE("a question of function words only is searched by all of them") {
    CHECK(query_words("who are you") == words{"who", "are", "you"});
    CHECK(query_words("To be, or not to be") == words{"not"});
}

TEST_CASE("each word counts once, in lower case and in its order") {
    CHECK(query_words("Tea tea TEA Coffee tea") == words{"tea", "coffee"});
}

TEST_CASE("what looks like a query language only separates words") {
    CHECK(query_words(R"(content:"tea" AND -coffee* NEAR(milk, 3) ^sugar {a b}: x+y)") ==
          words{"content", "tea", "coffee", "near", "milk", "3", "sugar", "b", "x", "y"});
    CHECK(query_words("'; DROP TABLE memories; --") == words{"drop", "table", "memories"});
    using namespace std::string_view_literals;
    CHECK(query_words("tea\0coffee"sv) == words{"tea", "coffee"});
}

TEST_CASE("words of every script are words") {
    CHECK(query_words("na\u00efve caf\u00e9") == words{"na\u00efve", "caf\u00e9"});
    CHECK(query_words("\u65e5\u672c \u0447\u0430\u0439") ==
          words{"\u65e5\u672c", "\u0447\u0430\u0439"});
}

TEST_CASE("typographic punctuation separates words as the plain one does") {
    CHECK(query_words("tea \u2014 coffee") == words{"tea", "coffee"});
    CHECK(query_words("tea\u2014coffee\u2026") == words{"tea", "coffee"});
    CHECK(query_words("\u201cgreen tea\u201d") == words{"green", "tea"});
    CHECK(query_words("don\u2019t forget") == words{"don", "forget"});
}

TEST_CASE("a query without a word gives none") {
    CHECK(query_words("").empty());
    CHECK(query_words(" \t\n").empty());
    CHECK(query_words("?!*\"()-+^:{}[]'").empty());
    CHECK(query_words("\u2026 \u2014 \u201c\u201d").empty());
}

TEST_CASE("a very long query is searched by its first 64 words") {
    std::string query;
    for (int i = 0; i < 10'000; ++i)
        query += "word" + std::to_string(i) + ' ';
    const auto found = query_words(query);
    REQUIRE(found.size() == 64);
    CHECK(found.front() == "word0");
    CHECK(found.back() == "word63");
}

TEST_CASE("function words do not use up the room of a long query") {
    std::string query;
    for (const char* word : {"what", "when", "where", "which", "who", "the", "a", "is", "are"})
        query += std::string(word) + ' ';
    for (int i = 0; i < 64; ++i)
        query += "word" + std::to_string(i) + ' ';
    CHECK(query_words(query).size() == 64);
}

}  // namespace
}  // namespace memorypro::recall
