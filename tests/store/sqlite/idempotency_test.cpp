#include "store/sqlite/idempotency_keys.hpp"

#include "store/fixture.hpp"
#include "store/sqlite/schema.hpp"

namespace memorypro::store {
namespace {

using days = std::chrono::days;

result<accepted> accept(store_fixture& s, const std::string& id, const std::string& key,
                        const std::string& digest) {
    return s.run(s->accept_memory(memory_of(id, "tea"), idempotency{key, digest}, {}));
}

TEST_CASE("the same key and body again gives the first answer and stores nothing") {
    store_fixture s;
    const auto first = accept(s, "m1", "key", "digest");
    CHECK(first->created);
    for (int i = 0; i < 3; ++i) {
        const auto again = accept(s, "m2", "key", "digest");
        REQUIRE(again);
        CHECK(again->id == "m1");
        CHECK(again->replayed);
        CHECK_FALSE(again->created);
        CHECK(again->sync_state == first->sync_state);
    }
    CHECK(s.listed() == ids{"m1"});
    s.open();
    CHECK(accept(s, "m2", "key", "digest")->id == "m1");
}

TEST_CASE("the same key with another body is a conflict and stores nothing") {
    store_fixture s;
    accept(s, "m1", "key", "digest");
    const auto other = accept(s, "m2", "key", "another");
    REQUIRE_FALSE(other.has_value());
    CHECK(other.error().code == errc::conflict);
    CHECK(s.listed() == ids{"m1"});
    CHECK(accept(s, "m2", "key", "digest")->id == "m1");
}

TEST_CASE("keys are told apart to the byte, and memories without a key never replay") {
    store_fixture s;
    accept(s, "m1", "key", "digest");
    CHECK_FALSE(accept(s, "m2", "Key", "digest")->replayed);
    CHECK_FALSE(accept(s, "m3", "key ", "digest")->replayed);
    CHECK_FALSE(s.run(s->accept_memory(memory_of("m4", "tea"), {}, {}))->replayed);
    CHECK_FALSE(s.run(s->accept_memory(memory_of("m5", "tea"), {}, {}))->replayed);
    CHECK(s.listed().size() == 5);
}

TEST_CASE("the same key many times at once stores one memory") {
    store_fixture s;
    std::vector<std::shared_ptr<test::outcome<result<accepted>>>> started;
    for (int i = 0; i < 50; ++i)
        started.push_back(
            test::start(s.loop, s->accept_memory(memory_of("m" + std::to_string(i), "tea"),
                                                 idempotency{"key", "digest"}, {})));
    int created = 0;
    for (const auto& one : started) {
        const auto answer = test::finish(s.loop, one);
        REQUIRE(answer);
        created += answer->created ? 1 : 0;
        CHECK(answer->id == "m0");
    }
    CHECK(created == 1);
    CHECK(s.listed() == ids{"m0"});
}

TEST_CASE("a replay answers also when the memory has been removed since") {
    store_fixture s;
    accept(s, "m1", "key", "digest");
    s.remove("m1");
    CHECK(accept(s, "m2", "key", "digest")->id == "m1");
    CHECK(s.listed().empty());
}

TEST_CASE("a key is kept for seven days and forgotten after") {
    store_fixture s;
    accept(s, "m1", "key", "digest");
    s.clock.advance(days(7) - std::chrono::minutes(1));
    s.open();
    CHECK(accept(s, "m2", "key", "another").error().code == errc::conflict);
    CHECK(accept(s, "m2", "key", "digest")->replayed);
    s.clock.advance(std::chrono::hours(2));
    // Old keys go when the writer has nothing else to do.
    sqlite::connection outside(s.database(), sqlite::connection::access::read_write);
    s.add("later", "milk");
    CHECK(test::eventually(
        [&] { return outside.integer("SELECT count(*) FROM idempotency_keys") == 0; }));
    CHECK(accept(s, "m2", "key", "another")->created);
}

TEST_CASE("a memory that could not be stored leaves its key free") {
    store_fixture s;
    s.add("m1", "tea");
    CHECK_THROWS(accept(s, "m1", "key", "digest"));  // the id is taken
    const auto answer = accept(s, "m2", "key", "another");
    REQUIRE(answer);
    CHECK(answer->created);
}

TEST_CASE("a key counts for seven days by the clock, although nothing has cleaned up") {
    test::temp_dir dir;
    sqlite::connection db(dir.file("db"), sqlite::connection::access::read_write);
    sqlite::migrate(db, "db");
    const auto then = test::at("2025-01-08T12:00:00Z");
    const auto expiry = then + days(7);
    sqlite::remember_key(db, {"key", "digest"}, {.id = "m1"}, then);
    const auto replay = sqlite::answer_for_key(db, {"key", "digest"}, expiry);
    REQUIRE(replay);
    CHECK((*replay)->id == "m1");
    const auto after = expiry + std::chrono::microseconds(1);
    CHECK_FALSE(sqlite::answer_for_key(db, {"key", "digest"}, after));
    CHECK_FALSE(sqlite::answer_for_key(db, {"key", "another"}, after));
    sqlite::remember_key(db, {"key", "another"}, {.id = "m2"}, after);
    const auto newer = sqlite::answer_for_key(db, {"key", "another"}, after);
    REQUIRE(newer);
    CHECK((*newer)->id == "m2");
}

TEST_CASE("an old key of an earlier run is free at once after a start") {
    store_fixture s;
    accept(s, "m1", "key", "digest");
    s.close();
    s.clock.advance(days(7) + std::chrono::minutes(1));
    s.open();
    const auto answer = accept(s, "m2", "key", "another");
    REQUIRE(answer);
    CHECK(answer->created);
    CHECK(s.listed() == ids{"m2", "m1"});
}

}  // namespace
}  // namespace memorypro::store
