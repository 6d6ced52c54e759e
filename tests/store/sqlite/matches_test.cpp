#include "store/fixture.hpp"

namespace memorypro::store {
namespace {

TEST_CASE("a memory is found by the call that follows its store") {
    store_fixture s;
    for (int i = 0; i < 100; ++i) {
        const auto word = "word" + std::to_string(i);
        s.add("m" + std::to_string(i), "a " + word + " of tea");
        REQUIRE(s.matches({word}) == ids{"m" + std::to_string(i)});
    }
    CHECK(s.soundness() == "ok");
}

TEST_CASE("many memories stored at once are all found by the call that follows") {
    store_fixture s;
    s.add_at_once(3000, "m", "tea");
    auto wanted = search_for({"tea"});
    wanted.limit = 5000;
    CHECK(s.run(s->find_matches(wanted)).size() == 3000);
}

TEST_CASE("words match by their stem, in any case and without accents") {
    store_fixture s;
    s.add("m1", "She likes Running in Z\u00fcrich");
    for (const char* word : {"run", "runs", "RUNNING", "zurich", "z\u00fcrich", "like"}) {
        CAPTURE(word);
        CHECK(s.matches({word}) == ids{"m1"});
    }
    CHECK(s.matches({"runner"}).empty());
    CHECK(s.matches({"zur"}).empty());
}

TEST_CASE("words are words to the search, never its syntax") {
    store_fixture s;
    s.add("m1", "green tea");
    s.add("m2", "black coffee AND milk");
    for (const char* word : {"\"",
                             "\"\"",
                             "tea\" OR \"coffee",
                             "*",
                             "te*",
                             "^green",
                             "content:tea",
                             "-tea",
                             "+",
                             "(",
                             ")",
                             "{content}:tea",
                             "NEAR(green tea)",
                             "'",
                             ";",
                             "\\",
                             "tea\"",
                             "",
                             " ",
                             "\u2014",
                             "\xf0\x9f\x98\x80"}) {
        CAPTURE(word);
        CHECK_NOTHROW(s.matches({word}));
        CHECK_NOTHROW(s.matches({"nothing", word, "\""}));
    }
    CHECK(s.matches({"OR"}).empty());
    CHECK(s.matches({"NOT"}).empty());
    CHECK(s.matches({"AND"}) == ids{"m2"});
    CHECK(s.matches({"content"}).empty());
    CHECK(s.matches({"te*"}).empty());
    CHECK(s.matches({"tea\" OR \"coffee"}).empty());
}

TEST_CASE("any of the words may match, more and rarer ones rank higher") {
    store_fixture s;
    for (int i = 0; i < 20; ++i)
        s.add("common" + std::to_string(i), "a cup of tea");
    s.add("both", "a cup of jasmine tea");
    s.add("rare", "a garden of jasmine flowers");
    const auto found = s.matches({"jasmine", "tea"});
    REQUIRE(found.size() == 22);
    CHECK(found[0] == "both");
    CHECK(found[1] == "rare");
}

TEST_CASE("text scores lie between 0 and 1 and fall") {
    store_fixture s;
    s.add("m1", "tea tea tea tea tea tea");
    s.add("m2", "tea and coffee");
    s.add("m3", "coffee");
    const auto hits = s.run(s->find_matches(search_for({"tea", "milk"})));
    REQUIRE(hits.size() == 2);
    for (const auto& hit : hits) {
        CHECK(hit.signals.text > 0);
        CHECK(hit.signals.text < 1);
        CHECK(hit.score == hit.signals.text);
    }
    CHECK(hits[0].score >= hits[1].score);
}

TEST_CASE("a part of the query that holds no word does not lower the scores") {
    store_fixture s;
    s.add("m1", "green tea");
    s.add("m2", "coffee");
    const auto plain = s.run(s->find_matches(search_for({"tea"})));
    const auto with_dash = s.run(s->find_matches(search_for({"tea", "\u2014", "\u2026"})));
    REQUIRE(plain.size() == 1);
    REQUIRE(with_dash.size() == 1);
    CHECK(with_dash[0].score == plain[0].score);
}

TEST_CASE("what the weights favour ranks higher, and equal scores go newest first") {
    store_fixture s;
    for (int i = 0; i < 5; ++i) {
        auto m = memory_of("m" + std::to_string(i), "tea");
        m.what.priority = i == 2 ? priority::urgent : priority::low;
        m.what.user_id = "user" + std::to_string(i);  // they are no context of each other
        s.add(std::move(m));
    }
    auto wanted = search_for({"tea"});
    CHECK(ids_of(s.run(s->find_matches(wanted))) == ids{"m4", "m3", "m2", "m1", "m0"});
    wanted.weights.responsibilities = true;
    const auto hits = s.run(s->find_matches(wanted));
    CHECK(ids_of(hits) == ids{"m2", "m4", "m3", "m1", "m0"});
    wanted.limit = 3;
    CHECK(ids_of(s.run(s->find_matches(wanted))) == ids{"m2", "m4", "m3"});
    wanted.limit = 1;
    CHECK(ids_of(s.run(s->find_matches(wanted))) == ids{"m2"});
    wanted.limit = 3;
    wanted.min_score = hits[0].score;
    CHECK(ids_of(s.run(s->find_matches(wanted))) == ids{"m2"});
}

TEST_CASE("a filter does not take places from what passes it") {
    store_fixture s;
    auto mine = memory_of("mine", "a short note on tea, among many other things");
    mine.what.user_id = "ada";
    s.add(mine);
    for (int i = 0; i < 50; ++i) {
        auto other = memory_of("other" + std::to_string(i), "tea");
        other.what.user_id = "bob";
        s.add(std::move(other));
    }
    auto wanted = search_for({"tea"}, {.user_id = "ada"});
    wanted.limit = 1;
    CHECK(ids_of(s.run(s->find_matches(wanted))) == ids{"mine"});
}

TEST_CASE("an empty store has no matches") {
    store_fixture s;
    CHECK(s.matches({"tea"}).empty());
}

}  // namespace
}  // namespace memorypro::store
