// Which rows of the outbox go out, in which order, and when.
#include "store/sqlite/claim.hpp"

#include <sqlite3.h>

#include "store/outbox_fixture.hpp"
#include "store/sqlite/changes.hpp"

namespace memorypro::store {
namespace {

using namespace std::chrono_literals;

TEST_CASE("an empty outbox gives nothing and nothing is due") {
    outbox_fixture s;
    const auto claimed = s.claim();
    CHECK(claimed.lanes.empty());
    CHECK_FALSE(claimed.next_due);
}

TEST_CASE("a claimed entry is the memory with its key, its call and its revision") {
    outbox_fixture s;
    auto given = memory_for("ada", made_id, "green tea");
    given.what.metadata_json = R"({"a":1})";
    given.what.extra_json = R"({"mood":"calm"})";
    s.queue(given, {.call = cloud_call::sync});
    const auto lane = s.claim_one();
    REQUIRE(lane.entries.size() == 1);
    const auto& entry = lane.entries[0];
    CHECK(entry.memory.id == made_id);
    CHECK(entry.memory.what.content == "green tea");
    CHECK(entry.memory.what.metadata_json == R"({"a":1})");
    CHECK(entry.memory.what.extra_json == R"({"mood":"calm"})");
    CHECK(entry.memory.what.user_id == "ada");
    CHECK(entry.idempotency_key == made_id);
    CHECK(entry.call == cloud_call::sync);
    CHECK(entry.revision == 0);
    CHECK(entry.attempts == 0);
    CHECK(s.item_of(made_id).state == outbox_state::in_flight);
    s.check_totals();
}

TEST_CASE("rows of one scope go in their order, scopes side by side") {
    outbox_fixture s;
    for (int i = 0; i < 6; ++i)
        s.queue(memory_for(i % 2 ? "ada" : "bob", "m" + std::to_string(i)));
    const auto claimed = s.claim();
    REQUIRE(claimed.lanes.size() == 2);
    CHECK(ids_of(claimed.lanes[0]) == ids{"m0", "m2", "m4"});
    CHECK(ids_of(claimed.lanes[1]) == ids{"m1", "m3", "m5"});
    CHECK(claimed.lanes[0].scope != claimed.lanes[1].scope);
}

TEST_CASE("user, agent and session make the scope, each told apart from none") {
    outbox_fixture s;
    for (int i = 0; i < 8; ++i) {
        auto m = memory_of("m" + std::to_string(i), "tea");
        if (i & 1) m.what.user_id = "x";
        if (i & 2) m.what.agent_id = "x";
        if (i & 4) m.what.session_id = "x";
        s.queue(m);
    }
    auto empty = memory_of("empty", "tea");
    empty.what.user_id = "";
    s.queue(empty);
    CHECK(s.claim().lanes.size() == 9);
}

TEST_CASE("a claim takes as many lanes and entries as it may, and nobody else gets them") {
    outbox_fixture s;
    for (int i = 0; i < 12; ++i)
        s.queue(memory_for("user" + std::to_string(i % 3), "m" + std::to_string(i)));
    const auto first = s.claim({.lanes = 2, .entries_a_lane = 3});
    REQUIRE(first.lanes.size() == 2);
    CHECK(ids_of(first.lanes[0]) == ids{"m0", "m3", "m6"});
    const auto second = s.claim({.lanes = 2, .entries_a_lane = 3});
    REQUIRE(second.lanes.size() == 1);
    CHECK(ids_of(second.lanes[0]) == ids{"m2", "m5", "m8"});
    CHECK(s.claim().lanes.empty());
    CHECK(s.totals().in_flight == 9);
    CHECK(s.totals().pending == 3);
}

TEST_CASE("large entries make short lanes, with one at least") {
    outbox_fixture s;
    for (const char* id : {"m0", "m1", "m2"})
        s.queue(memory_of(id, std::string(700 << 10, 'x')));
    CHECK(ids_of(s.claim_one()) == ids{"m0"});
    s.open();
    s.queue(memory_for("ada", "large", std::string(3 << 20, 'x')));
    const auto claimed = s.claim();
    REQUIRE(claimed.lanes.size() == 2);
    CHECK(ids_of(claimed.lanes[1]) == ids{"large"});
}

TEST_CASE("a claim ends with the lane that makes it large enough") {
    outbox_fixture s;
    for (const char* user : {"ada", "bob", "cid", "dan"})
        for (int i = 0; i < 2; ++i)
            s.queue(memory_for(user, user + std::to_string(i), std::string(100, 'x')));
    CHECK(s.claim({.lanes = 4, .most_entries = 3}).lanes.size() == 2);
    s.open();
    CHECK(s.claim({.lanes = 4, .most_bytes = 500}).lanes.size() == 3);
    s.open();
    CHECK(s.claim({.lanes = 4, .most_entries = 0}).lanes.size() == 1);
}

TEST_CASE("scopes take turns, so that one with many rows does not hold up the others") {
    outbox_fixture s;
    for (int i = 0; i < 4; ++i)
        s.queue(memory_for("busy", "busy" + std::to_string(i)));
    s.clock.advance(1s);
    s.queue(memory_for("ada", "ada0"));
    s.clock.advance(1s);
    s.queue(memory_for("bob", "bob0"));
    s.clock.advance(1s);
    CHECK(s.send_all() == ids{"busy0", "ada0", "bob0", "busy1", "busy2", "busy3"});
}

TEST_CASE("a row that is due later holds up its own scope and no other") {
    outbox_fixture s;
    for (const char* id : {"m0", "m1"})
        s.queue(memory_for("ada", id));
    auto failed = settle_as(s.claim_entry(), kind::retry);
    const auto due = s.clock.now() + 60s;
    failed.next_attempt_at = due;
    s.settle(failed);
    s.queue(memory_for("bob", "m2"));
    CHECK(s.send_all() == ids{"m2"});
    CHECK((s.claim().next_due == due));
    s.clock.set(due - 1us);
    CHECK(s.claim().lanes.empty());
    s.clock.set(due);
    CHECK(s.send_all() == ids{"m0", "m1"});
}

TEST_CASE("a row that is due later ends a lane that begins with one that is due") {
    outbox_fixture s;
    for (const char* id : {"m0", "m1", "m2"})
        s.queue(id);
    const auto lane = s.claim_one();
    auto failed = settle_as(lane.entries[1], kind::retry);
    failed.next_attempt_at = s.clock.now() + 60s;
    s.settle(lane.scope, {failed});
    CHECK(ids_of(s.claim_one()) == ids{"m0"});
}

TEST_CASE("what is pending is due at once when it is hastened, what is in flight stays claimed") {
    outbox_fixture s;
    s.queue(memory_for("ada", "m0"));
    auto failed = settle_as(s.claim_entry(), kind::retry);
    failed.next_attempt_at = s.clock.now() + 24h;
    s.settle(failed);
    s.queue(memory_for("bob", "m1"));
    s.claim_entry();
    s.run(s->hasten_outbox());
    CHECK(ids_of(s.claim_one()) == ids{"m0"});
    CHECK(s.claim().lanes.empty());
}

TEST_CASE("a claim is over with its lease") {
    outbox_fixture s;
    s.queue(made_id);
    s.claim({.lanes = 1, .lease = 30s});
    const auto waiting = s.claim();
    CHECK(waiting.lanes.empty());
    CHECK(waiting.next_due == s.clock.now() + 30s);
    s.clock.advance(30s);
    const auto again = s.claim_one();
    CHECK(ids_of(again) == ids{made_id});
    CHECK(again.entries[0].idempotency_key == made_id);
    CHECK(again.entries[0].attempts == 0);
    s.check_totals();
}

TEST_CASE("a start takes every claim back") {
    outbox_fixture s;
    for (int i = 0; i < 10; ++i)
        s.queue(memory_for("user" + std::to_string(i % 3), "m" + std::to_string(i)));
    s.claim();
    s.open();
    CHECK(s.totals().in_flight == 0);
    CHECK(s.totals().pending == 10);
    s.check_totals();
    CHECK(s.send_all().size() == 10);
    s.check_totals();
}

TEST_CASE("a clock that was set back holds up nothing") {
    outbox_fixture s;
    s.queue(memory_for("ada", "m0"));
    auto failed = settle_as(s.claim_entry(), kind::retry);
    failed.next_attempt_at = s.clock.now() + 10s;
    s.settle(failed);
    s.queue(memory_for("bob", "m1"));
    s.clock.advance(-24h);
    s.queue(memory_for("eve", "m2"));
    CHECK(s.claim().lanes.size() == 3);
}

TEST_CASE("a scope's order holds over claims, restarts and rows that come meanwhile") {
    outbox_fixture s;
    ids expected;
    ids sent;
    for (int i = 0; i < 60; ++i) {
        expected.push_back("m" + std::to_string(i));
        s.queue(expected.back());
        if (i % 7 == 3) {
            const auto lane = s.claim({.lanes = 1, .entries_a_lane = 2}).lanes.at(0);
            sent.push_back(lane.entries[0].memory.id);
            s.settle(lane.scope, {settle_as(lane.entries[0], kind::done)});
        }
        if (i % 20 == 19) s.open();
    }
    for (const auto& id : s.send_all())
        sent.push_back(id);
    CHECK(sent == expected);
}

TEST_CASE("rows far behind the first ones are claimed although their lanes are not made yet") {
    outbox_fixture s;
    std::vector<new_memory> many;
    for (int i = 0; i < 3500; ++i)
        many.push_back(memory_for("busy", "m" + std::to_string(i)));
    many.push_back(memory_for("ada", "last"));
    REQUIRE(s.run(s->import_memories(many, outbound{})));
    CHECK(ids_of(s.claim_one()).front() == "m0");
    CHECK(ids_of(s.claim_one()) == ids{"last"});
}

// Pages that one claim of a full lane, and its settlement, touch when so many rows wait.
std::int64_t pages_of_a_claim(int rows, int scopes) {
    test::temp_dir dir;
    test::fake_clock clock;
    sqlite::write_side writer(dir.file("db"), clock, {});
    writer.in_own_transaction([&](sqlite::connection& db) {
        for (int i = 0; i < rows; ++i)
            sqlite::accept(writer, db,
                           memory_for(std::to_string(i % scopes), "m" + std::to_string(i)),
                           outbound{});
    });
    const auto claim_and_settle = [&](sqlite::connection& db) {
        const auto claim = sqlite::claim_lanes(writer, db, {.lanes = 1, .entries_a_lane = 8});
        for (const auto& lane : claim.taken.lanes) {
            for (const auto& entry : lane.entries)
                sqlite::settle(writer, db, settle_as(entry, kind::done), after_sync::keep_copy);
            sqlite::give_back_lane(writer, db, lane.scope);
        }
    };
    std::int64_t pages = 0;
    for (int i = 0; i < 100; ++i)  // lanes are made for the first rows by then
        writer.in_own_transaction(claim_and_settle);
    writer.in_own_transaction([&](sqlite::connection& db) {
        const auto touched = [&] {
            int hits = 0, misses = 0, highest = 0;
            sqlite3_db_status(db.handle(), SQLITE_DBSTATUS_CACHE_HIT, &hits, &highest, 0);
            sqlite3_db_status(db.handle(), SQLITE_DBSTATUS_CACHE_MISS, &misses, &highest, 0);
            return std::int64_t{hits} + misses;
        };
        const auto before = touched();
        claim_and_settle(db);
        pages = touched() - before;
    });
    return pages;
}

TEST_CASE("what a claim costs does not grow with the rows that wait") {
    const auto few = pages_of_a_claim(5'000, 4);
    const auto many = pages_of_a_claim(50'000, 4);
    const auto scattered = pages_of_a_claim(50'000, 5'000);
    CAPTURE(few, many, scattered);
    CHECK(many < 2 * few);
    CHECK(scattered < 3 * few);
}

}  // namespace
}  // namespace memorypro::store
