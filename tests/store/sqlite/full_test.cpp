// What a full disk does, stood in for by a bound of the database's pages.
#include "store/fixture.hpp"

namespace memorypro::store {
namespace {

// As text is: many words, few of them new.
const std::string large = [] {
    std::string text;
    for (int i = 0; text.size() < 20'000; ++i)
        text += "word" + std::to_string(i * i % 997) + ' ';
    return text;
}();

// Until there is no more room; how many there was room for.
int fill(store_fixture& s) {
    for (int i = 0; i < 10'000; ++i) {
        const auto answer =
            s.run(s->accept_memory(memory_of("f" + std::to_string(i), large), {}, {}));
        if (answer) continue;
        CHECK(answer.error().code == errc::full);
        CHECK(answer.error().detail.find("SQL") == std::string::npos);
        return i;
    }
    FAIL("it never became full");
    return 0;
}

TEST_CASE("a full database says so, keeps what it acknowledged and goes on when there is room") {
    store_fixture s({.most_pages = 200});
    const int stored = fill(s);
    REQUIRE(stored > 10);
    for (int i = 0; i < 5; ++i) {
        CHECK(s.run(s->accept_memory(memory_of("x", large), {}, {})).error().code == errc::full);
        CHECK(s.run(s->upsert_memory(memory_of("x", large), {})).error().code == errc::full);
        CHECK(s.run(s->import_memories({memory_of("x", large)}, {})).error().code == errc::full);
        CHECK(s.run(s->amend_memory("f0", {.content = large + large})).error().code == errc::full);
    }
    CHECK(s.run(s->count_memories()).memories == stored);
    CHECK(s.run(s->find_memory("f0"))->what.content == large);
    CHECK(s.listed().size() == std::size_t(stored));

    s.open();  // room again
    CHECK(s.run(s->count_memories()).memories == stored);
    s.add("x", "tea");
    CHECK(s.matches({"tea"}) == ids{"x"});
    CHECK(s.run(s->amend_memory("f0", {.content = large + large})));
    CHECK(s.soundness() == "ok");
}

TEST_CASE("a full database takes memories again when some were removed") {
    store_fixture s({.most_pages = 200});
    const int stored = fill(s);
    for (int i = 0; i < stored / 2; ++i) {
        CAPTURE(i);
        REQUIRE(s.remove("f" + std::to_string(i)));
    }
    s.add("x", "tea");
    CHECK(s.matches({"tea"}) == ids{"x"});
    CHECK(s.run(s->count_memories()).memories == stored - stored / 2 + 1);
    CHECK(s.soundness() == "ok");
}

TEST_CASE("an import into a full database stores all of its memories or none") {
    store_fixture s({.most_pages = 200});
    const int stored = fill(s);
    s.remove("f0");
    s.remove("f1");
    std::vector<new_memory> many;
    for (int i = 0; i < 50; ++i)
        many.push_back(memory_of("i" + std::to_string(i), large));
    CHECK(s.run(s->import_memories(many, {})).error().code == errc::full);
    CHECK(s.run(s->count_memories()).memories == stored - 2);
}

TEST_CASE("a key whose store met a full database is free for the next try") {
    store_fixture s({.most_pages = 200});
    fill(s);
    const idempotency key{"key", "digest"};
    CHECK(s.run(s->accept_memory(memory_of("x", large), key, {})).error().code == errc::full);
    s.open();
    const auto answer = s.run(s->accept_memory(memory_of("x", large), key, {}));
    REQUIRE(answer);
    CHECK(answer->created);
}

TEST_CASE("stores at once into a full database are each told the truth") {
    store_fixture s({.most_pages = 200});
    std::vector<std::shared_ptr<test::outcome<result<accepted>>>> started;
    for (int i = 0; i < 200; ++i)
        started.push_back(test::start(
            s.loop, s->accept_memory(memory_of("m" + std::to_string(i), large), {}, {})));
    ids acknowledged;
    for (const auto& one : started) {
        const auto answer = test::finish(s.loop, one);
        if (answer) acknowledged.push_back(answer->id);
    }
    CHECK(acknowledged.size() < 200);
    s.open();
    std::sort(acknowledged.begin(), acknowledged.end());
    auto kept = s.listed();
    std::sort(kept.begin(), kept.end());
    CHECK(kept == acknowledged);
    CHECK(s.soundness() == "ok");
}

TEST_CASE("a full database forgets old keys, and takes memories again in their room") {
    store_fixture s({.most_pages = 200});
    for (int i = 0; i < 20; ++i)
        REQUIRE(s.run(s->accept_memory(memory_of("k" + std::to_string(i), "tea"),
                                       idempotency{std::to_string(i) + std::string(4000, 'k'), "d"},
                                       {})));
    fill(s);
    s.clock.advance(std::chrono::days(8));
    CHECK(s.run(s->accept_memory(memory_of("x", large), {}, {})).error().code == errc::full);
    sqlite::connection outside(s.database(), sqlite::connection::access::read_only);
    CHECK(test::eventually(
        [&] { return outside.integer("SELECT count(*) FROM idempotency_keys") == 0; }));
    CHECK(s.run(s->accept_memory(memory_of("x", large), {}, {})));
}

TEST_CASE("reads answer although the database is full and the indexes cannot follow") {
    store_fixture s({.most_pages = 200});
    auto mine = memory_of("tea", "green tea");
    mine.what.user_id = "ada";
    s.add(mine);
    CHECK(s.matches({"tea"}) == ids{"tea"});
    const int stored = fill(s);
    CHECK(s.run(s->find_memory("f0")));
    CHECK(s.listed().size() == std::size_t(stored) + 1);
    CHECK(s.listed({.user_id = "ada"}) == ids{"tea"});
    CHECK(s.run(s->memories_after(0, 1000)).size() == std::size_t(stored) + 1);
    CHECK(s.matches({"tea"}) == ids{"tea"});
    s.run(s->ping());
}

TEST_CASE("a scoped listing is complete although the indexes cannot follow") {
    store_fixture s({.most_pages = 200});
    ids expected;
    for (int i = 0; i < 10'000; ++i) {
        auto m = memory_of("m" + std::to_string(i), large);
        m.what.user_id = i % 2 ? "ada" : "bob";
        if (!s.run(s->accept_memory(m, {}, {}))) break;
        if (i % 2) expected.insert(expected.begin(), m.id);
    }
    CHECK(s.listed({.user_id = "ada"}) == expected);
    CHECK(s.list({.user_id = "ada"}).total == std::int64_t(expected.size()));
}

}  // namespace
}  // namespace memorypro::store
