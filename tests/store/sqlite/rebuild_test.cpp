// What recalls, listings and stores get while the search index is built again.
#include "store/fixture.hpp"
#include "store/sqlite/index.hpp"

namespace memorypro::store {
namespace {

using sqlite::connection;
using sqlite::write_side;

connection outside_of(const store_fixture& s) {
    connection db(s.database(), connection::access::read_write);
    db.execute(sqlite::connection_settings);
    return db;
}

void add_mine(store_fixture& s) {
    auto mine = memory_of("mine", "green tea");
    mine.what.user_id = "ada";
    s.add(mine);
}

TEST_CASE("a recall over an index that is being built again and cannot grow says why") {
    store_fixture s;
    add_mine(s);
    s.add_at_once(200, "m", std::string(5000, 'x') + " tea");
    s.matches({"tea"});
    s.close();
    {
        auto db = outside_of(s);
        sqlite::empty_index(db);  // as an upgrade leaves it
        db.execute("CREATE TABLE filler (x BLOB)");
        while (db.integer("PRAGMA freelist_count") > 0)
            db.execute("INSERT INTO filler VALUES (zeroblob(4000))");
    }
    s.open({.most_pages = 1});  // no more than there are
    try {
        s.matches({"tea"});
        FAIL("it found what cannot be all");
    } catch (const failed& told) {
        CHECK(told.why().code == errc::full);
    }
    CHECK(s.listed({.user_id = "ada"}) == ids{"mine"});
    s.open();
    CHECK(s.matches({"tea"}).size() == 201);
}

TEST_CASE("a recall or a listing that meets the beginning of a rebuild is whole, or told to wait") {
    constexpr int stored = 1000;
    store_fixture s;
    std::vector<new_memory> memories;
    for (int i = 0; i < stored; ++i) {
        memories.push_back(memory_of("m" + std::to_string(i), "tea"));
        memories.back().what.user_id = "ada";
    }
    REQUIRE(s.run(s->import_memories(memories, {})));
    for (int round = 0; round < 20; ++round) {
        REQUIRE(s.matches({"tea"}).size() == stored);
        const auto rebuild = test::start(s.loop, s->rebuild_index());
        // These keep the reader from those behind them while the index is emptied.
        std::vector<std::shared_ptr<test::outcome<page>>> before;
        for (int i = 0; i < 3; ++i)
            before.push_back(test::start(s.loop, s->list_memories({.tags = {"none"}}, {}, 1)));
        const auto recall = test::start(s.loop, s->find_matches(search_for({"tea"})));
        const auto list = test::start(s.loop, s->list_memories({.user_id = "ada"}, {}, 1));
        CHECK(test::finish(s.loop, list).total == stored);
        try {
            const auto found = test::finish(s.loop, recall);
            CHECK(found.size() == stored);
        } catch (const failed& told) {
            CHECK(told.why().code == errc::unavailable);
            CHECK(told.why().retry_after);
        }
        test::finish(s.loop, rebuild);
        for (const auto& one : before)
            test::finish(s.loop, one);
    }
}

TEST_CASE("a scoped listing does not wait for an index that is far behind") {
    store_fixture s;
    add_mine(s);
    s.add_at_once(3000, "m", std::string(500, 'x') + " tea");
    s.close();
    auto outside = outside_of(s);
    sqlite::empty_index(outside);
    s.open();
    outside.execute("BEGIN IMMEDIATE");  // the writer has to wait
    const auto store = test::start(s.loop, s->accept_memory(memory_of("new", "tea"), {}, {}));
    CHECK(s.listed({.user_id = "ada"}) == ids{"mine"});
    CHECK_FALSE(store->done());
    outside.execute("COMMIT");
    CHECK(test::finish(s.loop, store));
}

struct writing {
    explicit writing(sqlite::options how = {}) : side(dir.file("db"), clock, how) {}

    void add(int count) {
        side.in_own_transaction([&](connection& db) {
            for (int i = 0; i < count; ++i)
                side.insert(db, memory_of("m" + std::to_string(side.last_seq()), "tea"),
                            sync_state::local);
        });
    }
    void index_after(std::int64_t seen, std::size_t limit) {
        side.in_own_transaction([&](connection& db) { side.index_after(db, seen, limit); });
    }

    test::temp_dir dir;
    test::fake_clock clock;
    write_side side;
};

TEST_CASE("of those that wait together for the index one moves it") {
    writing w;
    w.add(100);
    for (int i = 0; i < 5; ++i)
        w.index_after(0, 10);
    CHECK(w.side.indexed_seq() == 10);
    w.index_after(10, 10);
    CHECK(w.side.indexed_seq() == 20);
}

TEST_CASE("stores are slowed by a burst of their own, not by a rebuild") {
    constexpr int stored = 20'000;
    writing w({.most_unindexed = 1000});
    w.add(stored);
    w.index_after(0, stored);
    w.side.in_own_transaction([&](connection& db) { w.side.start_index_again(db); });
    for (int batch = 0; batch < 50; ++batch)
        w.side.work_when_idle(1);
    CHECK(w.side.indexed_seq() < stored / 2);
    w.add(1001);
    const auto before = w.side.indexed_seq();
    for (int batch = 0; batch < 10; ++batch)
        w.side.work_when_idle(1);
    CHECK(w.side.indexed_seq() >= before + 9 * 256);
}

}  // namespace
}  // namespace memorypro::store
