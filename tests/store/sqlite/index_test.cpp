// The full-text index follows behind the commits: it must stay right whatever happens in between.
#include "store/sqlite/index.hpp"

#include <sqlite3.h>

#include <map>

#include "store/fixture.hpp"
#include "store/sqlite/backup_file.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/schema.hpp"

namespace memorypro::store {
namespace {

TEST_CASE("amending and removing keep the index right, whether it had caught up or not") {
    store_fixture s;
    s.add("old1", "apple");
    s.add("old2", "apple pie");
    s.add("old3", "apple tart");
    const bool indexed = GENERATE(true, false);
    if (indexed) s.matches({"apple"});
    s.add("new1", "apple");
    s.add("new2", "apple pie");
    s.run(s->amend_memory("old1", {.content = "pear"}));
    s.run(s->amend_memory("new1", {.content = "pear"}));
    s.run(s->amend_memory("old3", {.priority = priority::high}));
    s.remove("old2");
    s.remove("new2");
    CHECK(s.matches({"apple"}) == ids{"old3"});
    CHECK(s.matches({"pear"}) == ids{"new1", "old1"});
    CHECK(s.matches({"pie"}).empty());
    CHECK(s.soundness() == "ok");
}

TEST_CASE("a content with NUL, long words or no words at all can be amended and removed") {
    store_fixture s;
    const std::string contents[] = {std::string("a\0b", 3), std::string(100'000, 'x'), "...", " ",
                                    "\u65e5\u672c\u8a9e",   "\xf0\x9f\x98\x80"};
    int i = 0;
    for (const auto& content : contents)
        s.add("m" + std::to_string(i++), content);
    s.matches({"a"});
    for (int each = 0; each < i; ++each) {
        const auto id = "m" + std::to_string(each);
        REQUIRE(s.run(s->amend_memory(id, {.content = contents[each] + " tea"})));
        if (each % 2) REQUIRE(s.remove(id));
    }
    CHECK(s.matches({"tea"}).size() == std::size(contents) / 2);
    CHECK(s.soundness() == "ok");
}

TEST_CASE("removing the newest memory and storing more does not stop a recall") {
    store_fixture s;
    s.add("m1", "tea");
    s.remove("m1");
    CHECK(s.matches({"tea"}).empty());
    s.add("m2", "tea");
    s.add("m3", "tea");
    s.remove("m3");
    CHECK(s.matches({"tea"}) == ids{"m2"});
    s.remove("m2");
    CHECK(s.matches({"tea"}).empty());
    s.add("m4", "tea");
    CHECK(s.matches({"tea"}) == ids{"m4"});
    CHECK(s.soundness() == "ok");
}

TEST_CASE("removing the newest memory before a restart does not stop a recall after it") {
    store_fixture s;
    const bool indexed = GENERATE(true, false);
    for (const char* id : {"m1", "m2", "m3"})
        s.add(id, "tea");
    if (indexed) s.matches({"tea"});
    s.remove("m3");
    s.open();
    s.add("m4", "tea");
    CHECK(s.matches({"tea"}) == ids{"m4", "m2", "m1"});
    CHECK(s.soundness() == "ok");
}

TEST_CASE("what was not indexed before a restart is found after it") {
    store_fixture s;
    s.add_at_once(700, "m", "tea");
    s.open();
    CHECK(s.matches({"tea"}).size() == 700);
    CHECK(s.soundness() == "ok");
}

TEST_CASE("a store that fails uses up its place without stopping a recall") {
    store_fixture s;
    s.add("m1", "tea");
    CHECK_THROWS(s.run(s->accept_memory(memory_of("m1", "again"), {}, {})));
    CHECK(s.matches({"tea"}) == ids{"m1"});
    s.add("m2", "tea");
    CHECK(s.matches({"tea"}) == ids{"m2", "m1"});
}

TEST_CASE("recalls, stores, changes and removals at once leave the index right") {
    store_fixture s;
    std::vector<std::shared_ptr<test::outcome<result<accepted>>>> stores;
    std::vector<std::shared_ptr<test::outcome<result<memory>>>> changes;
    std::vector<std::shared_ptr<test::outcome<result<cloud_copy>>>> removals;
    std::vector<std::shared_ptr<test::outcome<std::vector<hit>>>> recalls;
    std::map<std::string, std::string> expected;
    for (int i = 0; i < 400; ++i) {
        const auto id = "m" + std::to_string(i);
        stores.push_back(test::start(s.loop, s->accept_memory(memory_of(id, "tea"), {}, {})));
        expected[id] = "tea";
        if (i % 3 == 0) {
            changes.push_back(test::start(s.loop, s->amend_memory(id, {.content = "coffee"})));
            expected[id] = "coffee";
        }
        if (i % 5 == 0) {
            removals.push_back(test::start(s.loop, s->remove_memory(id, unknown_ids::are_errors)));
            expected.erase(id);
        }
        if (i % 7 == 0)
            recalls.push_back(test::start(s.loop, s->find_matches(search_for({"tea"}))));
        s.loop.restart();
        s.loop.poll();
    }
    for (const auto& one : stores)
        REQUIRE(test::finish(s.loop, one));
    for (const auto& one : changes)
        REQUIRE(test::finish(s.loop, one));
    for (const auto& one : removals)
        REQUIRE(test::finish(s.loop, one));
    for (const auto& one : recalls)
        test::finish(s.loop, one);
    std::map<std::string, std::string> found;
    for (const char* word : {"tea", "coffee"})
        for (const auto& id : s.matches({word}))
            found[id] = word;
    CHECK(found == expected);
    CHECK(s.soundness() == "ok");
}

TEST_CASE("stores are slowed to the index's pace when it stays too far behind") {
    constexpr int at_once = 64;
    constexpr int most_unindexed = 10;
    store_fixture s({.most_unindexed = most_unindexed});
    sqlite::connection outside(s.database(), sqlite::connection::access::read_write);
    std::int64_t stored = 0;
    for (int round = 0; round < 20; ++round) {
        s.add_at_once(at_once, "r" + std::to_string(round) + '-', "tea");
        stored += at_once;
        // The last batch may still wait for its turn; all before it do not.
        REQUIRE(stored - sqlite::read_indexed_seq(outside) <= most_unindexed + at_once);
    }
    CHECK(s.matches({"tea"}).size() == 1000);
}

TEST_CASE("an index built again finds what it found, and changes during it are right") {
    store_fixture s;
    s.add_at_once(3000, "m", "tea");
    s.add("old", "cocoa");
    REQUIRE(s.matches({"tea"}, {.session_id = {}}).size() == 1000);
    const auto begun = s.run(s->rebuild_index());
    CHECK(begun.indexed + begun.behind >= 3001);
    s.add("new", "tea");
    s.remove("m0");
    s.remove("m2999");
    s.run(s->amend_memory("old", {.content = "coffee"}));
    s.run(s->amend_memory("m1", {.content = "coffee"}));
    CHECK(s.matches({"coffee"}) == ids{"old", "m1"});
    CHECK(s->indexed().behind == 0);
    CHECK(s.matches({"cocoa"}).empty());
    s.run(s->remove_memory("old", unknown_ids::are_errors));
    CHECK(s.matches({"coffee"}) == ids{"m1"});
    CHECK(s.soundness() == "ok");
}

TEST_CASE("an index that is to be built again is, after a restart in the middle") {
    store_fixture s;
    auto tea = memory_of("mine", "tea");
    tea.what.user_id = "lena";
    s.add(tea);
    s.add_at_once(2000, "m", "coffee");
    s.matches({"tea"});
    s.run(s->rebuild_index());
    s.open();
    CHECK(s.matches({"tea"}, {.user_id = "lena"}) == ids{"mine"});
    CHECK(s.listed({.user_id = "lena"}) == ids{"mine"});
    CHECK(s.soundness() == "ok");
}

TEST_CASE("a removal and a new index in one transaction leave the index right") {
    store_fixture s;
    s.add("m1", "tea");
    s.add("m2", "tea");
    s.matches({"tea"});
    const auto removal = test::start(s.loop, s->remove_memory("m1", unknown_ids::are_errors));
    const auto again = test::start(s.loop, s->rebuild_index());
    const auto other = test::start(s.loop, s->remove_memory("m2", unknown_ids::are_errors));
    CHECK(test::finish(s.loop, removal));
    test::finish(s.loop, again);
    CHECK(test::finish(s.loop, other));
    CHECK(s.matches({"tea"}).empty());
    CHECK(s.soundness() == "ok");
}

void damage_index(const store_fixture& s) {
    sqlite::connection outside(s.database(), sqlite::connection::access::read_write);
    outside.execute("UPDATE memories_fts_data SET block = x'00' WHERE id > 10");
}

TEST_CASE("a damaged index says so, and is built again") {
    store_fixture s;
    s.add("m1", "tea");
    s.matches({"tea"});
    damage_index(s);
    try {
        s.matches({"tea"});
        FAIL("it was not noticed");
    } catch (const failed& told) {
        CHECK(told.why().code == errc::internal);
        CHECK(told.why().detail.find("reindex") != std::string::npos);
    }
    s.run(s->rebuild_index());
    CHECK(s.matches({"tea"}) == ids{"m1"});
    CHECK(s.soundness() == "ok");
}

bool is_noticed_at_start() {
    return sqlite3_libversion_number() >= 3'044'000;
}

TEST_CASE("a damaged index does not keep a store from opening, or a backup from being one") {
    const auto* damage = GENERATE(
        "UPDATE memories_fts_data SET block = x'00' WHERE id > 10",
        "DELETE FROM memories_fts_data WHERE id = 10", "DELETE FROM memories_fts_config",
        "UPDATE memories_fts_config SET v = 99", "DELETE FROM evolution_fts_data WHERE id = 10",
        "DELETE FROM evolution_fts_config");
    CAPTURE(damage);
    store_fixture s;
    s.add("m1", "tea");
    s.matches({"tea"});
    s.close();
    sqlite::connection(s.database(), sqlite::connection::access::read_write).execute(damage);
    std::filesystem::copy_file(s.database(), s.database() + ".copy");
    const auto found = sqlite::check_backup(s.database() + ".copy");
    CHECK(found.memories == 1);
    CHECK(found.index_emptied == is_noticed_at_start());
    if (found.index_emptied)
        CHECK_FALSE(sqlite::check_backup(s.database() + ".copy").index_emptied);
    s.open();
    if (!is_noticed_at_start()) s.run(s->rebuild_index());
    CHECK(s.matches({"tea"}) == ids{"m1"});
    CHECK(s.soundness() == "ok");
}

TEST_CASE("a read that fails does not keep the -wal file from beginning again") {
    store_fixture s;
    s.add("m1", "tea");
    s.matches({"tea"});
    damage_index(s);
    CHECK_THROWS_AS(s.matches({"tea"}), failed);
    s.add("m2", "coffee");
    sqlite::connection outside(s.database(), sqlite::connection::access::read_write);
    constexpr int not_busy = 0;  // the first column
    CHECK(outside.integer("PRAGMA wal_checkpoint(TRUNCATE)") == not_busy);
}

TEST_CASE("however long a burst lasts, the index stays no further behind than its bound") {
    constexpr int at_once = 64;
    constexpr int most_unindexed = 500;
    store_fixture s({.survive_power_loss = false, .most_unindexed = most_unindexed});
    std::int64_t furthest = 0;
    for (int round = 0; round < 150; ++round) {
        s.add_at_once(at_once, "r" + std::to_string(round) + '-', "tea");
        furthest = std::max(furthest, s->indexed().behind);
    }
    CHECK(furthest <= most_unindexed + at_once);
}

TEST_CASE("one step of indexing ends after about a mebibyte of text, and takes one at least") {
    constexpr std::size_t mebibyte = 1 << 20;
    test::temp_dir dir;
    sqlite::connection db(dir.file("db"), sqlite::connection::access::read_write);
    sqlite::migrate(db, "db");
    std::int64_t last = 0;
    std::size_t bytes = 0;
    const auto add = [&](int count, std::size_t size) {
        for (int i = 0; i < count; ++i) {
            ++last;
            memory m{.seq = last, .id = "m" + std::to_string(last), .what = {}, .created_at = {}};
            m.what.content = std::string(size, 'x') + " tea";
            m.what.time = m.created_at;
            sqlite::insert_row(db, m);
        }
        bytes += std::size_t(count) * (size + 4);
    };
    add(2, 5 * mebibyte);
    add(10, 300'000);
    add(1000, 10);
    std::int64_t indexed = 0;
    std::size_t sum = 0;
    int steps = 0;
    while (indexed < last) {
        const auto done = sqlite::index_next(db, {.after = indexed, .until = last}, 1'000'000);
        REQUIRE(done.indexed_seq > indexed);
        const auto rows = done.indexed_seq - indexed;
        CHECK((rows == 1 || done.bytes < mebibyte + 300'004));
        CHECK(sqlite::read_indexed_seq(db) == done.indexed_seq);
        indexed = done.indexed_seq;
        sum += done.bytes;
        ++steps;
    }
    CHECK(indexed == last);
    CHECK(sum == bytes);
    CHECK(steps >= 5);
    CHECK(db.integer("SELECT count(*) FROM memories_fts('tea')") == last);
}

}  // namespace
}  // namespace memorypro::store
