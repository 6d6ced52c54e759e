#include "store/sqlite/group_commit.hpp"

#include <atomic>

#include "store/fixture.hpp"

namespace memorypro::store::sqlite {
namespace {

using access = connection::access;

// Inserts its number, then throws when told so.
class insert_job final : public job {
public:
    insert_job(int number, bool fails) : job(effect::commits), number_(number), fails_(fails) {}
    void execute(connection& db) override {
        db.prepare("INSERT INTO t VALUES (?)").bind(std::int64_t{number_}).run();
        executed = true;
        if (fails_) throw std::runtime_error("on purpose");
    }
    void fail(std::exception_ptr) override { failed = true; }
    void complete() override {}

    bool executed = false;
    bool failed = false;

private:
    int number_;
    bool fails_;
};

struct table {
    test::temp_dir dir;
    connection db{dir.file("db"), access::read_write};
    batch jobs;
    table() { db.execute("CREATE TABLE t (n INTEGER PRIMARY KEY)"); }
    insert_job& add(int number, bool fails = false) {
        auto next = std::make_unique<insert_job>(number, fails);
        auto& kept = *next;
        jobs.push_back(std::move(next));
        return kept;
    }
    std::int64_t rows() {
        connection other(dir.file("db"), access::read_write);
        return other.integer("SELECT count(*) FROM t");
    }
};

TEST_CASE("a job that fails takes back its own change and no neighbour's") {
    table t;
    auto& first = t.add(1);
    auto& bad = t.add(2, true);
    auto& repeated = t.add(1);  // breaks the primary key
    auto& last = t.add(3);
    CHECK(commit_together(t.db, t.jobs, [] {}));
    CHECK_FALSE(first.failed);
    CHECK(bad.failed);
    CHECK(repeated.failed);
    CHECK_FALSE(last.failed);
    CHECK(t.rows() == 2);
    CHECK(t.db.integer("SELECT sum(n) FROM t") == 4);
    CHECK_FALSE(t.db.in_transaction());
}

TEST_CASE("when the commit itself fails every job has failed and nothing is stored") {
    table t;
    auto& first = t.add(1);
    auto& second = t.add(2);
    connection other(t.dir.file("db"), access::read_write);
    other.execute("BEGIN IMMEDIATE");  // the writer cannot begin
    CHECK_FALSE(commit_together(t.db, t.jobs, [] {}));
    CHECK(first.failed);
    CHECK(second.failed);
    other.execute("ROLLBACK");
    CHECK(t.rows() == 0);
    CHECK_FALSE(t.db.in_transaction());
    t.jobs.clear();
    t.add(1);
    CHECK(commit_together(t.db, t.jobs, [] {}));
    CHECK(t.rows() == 1);
}

TEST_CASE("when the file is full every job of the batch has failed and the next batch can go on") {
    table t;
    t.db.execute("CREATE TABLE filler (b BLOB); PRAGMA max_page_count = 8");
    class fill final : public job {
    public:
        fill() : job(effect::commits) {}
        void execute(connection& db) override {
            db.execute("INSERT INTO filler VALUES (zeroblob(1000000))");
        }
        void fail(std::exception_ptr failure) override { why = failure; }
        void complete() override {}
        std::exception_ptr why;
    };
    t.add(1);
    auto full = std::make_unique<fill>();
    auto& watched = *full;
    t.jobs.push_back(std::move(full));
    commit_together(t.db, t.jobs, [] {});
    REQUIRE(watched.why);
    try {
        std::rethrow_exception(watched.why);
    } catch (const sqlite_error& failure) {
        CHECK(failure.no_space());
    }
    // The neighbour fails with it or is stored: what it was told is what is there.
    CHECK(t.rows() == (static_cast<insert_job&>(*t.jobs[0]).failed ? 0 : 1));
    t.jobs.clear();
    auto& next = t.add(2);
    CHECK(commit_together(t.db, t.jobs, [] {}));
    CHECK_FALSE(next.failed);
}

TEST_CASE("many stores at once all survive a restart") {
    store_fixture s;
    s.add_at_once(1000, "m", "tea");
    s.open();
    CHECK(s.run(s->count_memories()).memories == 1000);
    CHECK(s.matches({"tea"}).size() == 1000);
    CHECK(s.soundness() == "ok");
}

TEST_CASE("a store that fails among many at once does not fail its neighbours") {
    store_fixture s;
    s.add("taken", "tea");
    std::vector<std::shared_ptr<test::outcome<result<accepted>>>> started;
    for (int i = 0; i < 100; ++i) {
        const auto id = i % 10 == 5 ? "taken" : "m" + std::to_string(i);
        started.push_back(test::start(s.loop, s->accept_memory(memory_of(id, "milk"), {}, {})));
    }
    int failed = 0;
    for (const auto& one : started) {
        REQUIRE(test::run_until(s.loop, [&] { return one->done(); }));
        failed += one->failure ? 1 : 0;
    }
    CHECK(failed == 10);
    CHECK(s.run(s->count_memories()).memories == 91);
    CHECK(s.run(s->find_memory("taken"))->what.content == "tea");
    CHECK(s.soundness() == "ok");
}

TEST_CASE("a ping among stores that find the database full is answered") {
    store_fixture s({.most_pages = 100});
    const std::string large(20'000, 'x');
    int refused = 0;
    for (int round = 0; round < 20; ++round) {
        std::vector<std::shared_ptr<test::outcome<result<accepted>>>> stores;
        std::vector<std::shared_ptr<test::outcome<void>>> pings;
        for (int i = 0; i < 8; ++i) {
            const auto id = std::to_string(round) + '-' + std::to_string(i);
            stores.push_back(test::start(s.loop, s->accept_memory(memory_of(id, large), {}, {})));
            pings.push_back(test::start(s.loop, s->ping()));
        }
        for (const auto& ping : pings)
            CHECK_NOTHROW(test::finish(s.loop, ping));
        for (const auto& store : stores)
            refused += test::finish(s.loop, store) ? 0 : 1;
    }
    CHECK(refused > 0);
}

}  // namespace
}  // namespace memorypro::store::sqlite
