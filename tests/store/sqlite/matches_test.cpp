#include "store/sqlite/matches.hpp"

#include "store/fixture.hpp"
#include "store/sqlite/occurrences.hpp"
#include "store/sqlite/passages.hpp"

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

// A connection beside the closed store, as its reader is.
sqlite::connection reader_of(store_fixture& s) {
    s.matches({"anything"});  // the index catches up
    s.close();
    sqlite::connection db(s.database(), sqlite::connection::access::read_write);
    sqlite::add_occurrences(db);
    db.execute("BEGIN");
    return db;
}

TEST_CASE("occurrences are counted of as many phrases as are asked for, one after the other") {
    store_fixture s;
    s.add("m1", "tea, coffee and tea with the milk of the tea");
    auto db = reader_of(s);
    const auto counts = [&db](const std::string& expression, std::int64_t phrases) {
        auto query = db.prepare(
            "SELECT occurrences(memories_fts, ?) FROM memories_fts WHERE memories_fts MATCH ?");
        query.bind(phrases).bind(expression);
        REQUIRE(query.step());
        sqlite::match_shape shape;
        sqlite::read_occurrences(query.bytes(0), shape);
        CHECK(shape.length == 10);
        return shape.phrases;
    };
    using some = std::vector<recall::occurrence>;
    const std::string wanted = R"(content : ("milk" OR "rum" OR "-" OR "tea"))";
    const some all{{0, 1}, {2, 0}, {3, 3}};
    CHECK(counts(wanted, 4) == all);
    CHECK(counts(wanted, 100) == all);
    CHECK(counts(wanted + R"( AND content : ("tea" OR "coffee"))", 4) == all);
    CHECK(counts(wanted, 1) == some{{0, 1}});
    CHECK(counts(wanted, 0).empty());
}

TEST_CASE("a search that has had its time ends at its next row") {
    store_fixture s;
    s.add("m1", "tea");
    auto db = reader_of(s);
    const auto wanted = search_for({"tea"});
    CHECK(sqlite::find_matches(db, wanted, 10).best.size() == 1);
    CHECK(sqlite::passages_around(db, {{.seq = 1}}, wanted).size() == 1);
    db.set_deadline(std::chrono::steady_clock::time_point::min());
    const auto interrupted = [](auto work) {
        try {
            work();
        } catch (const sqlite::sqlite_error& failure) {
            return failure.busy();
        }
        return false;
    };
    CHECK(interrupted([&] { sqlite::find_matches(db, wanted, 10); }));
    CHECK(interrupted([&] { sqlite::passages_around(db, {{.seq = 1}}, wanted); }));
}

}  // namespace
}  // namespace memorypro::store
