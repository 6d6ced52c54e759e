// The outbox as people see it: items, dead letters, and what is only local.
#include "store/outbox_fixture.hpp"

namespace memorypro::store {
namespace {

using namespace std::chrono_literals;

TEST_CASE("items are listed oldest first, page by page, of one state or of all") {
    outbox_fixture s;
    for (int i = 0; i < 9; ++i)
        s.queue("m" + std::to_string(i));
    const auto lane = s.claim({.lanes = 1, .entries_a_lane = 5}).lanes.at(0);
    s.settle(lane.scope,
             {settle_as(lane.entries[1], kind::refused), settle_as(lane.entries[3], kind::refused)},
             after_sync::keep_copy, false);
    using enum outbox_state;
    CHECK(ids_of(s.items().items).size() == 9);
    CHECK(ids_of(s.items(pending).items) == ids{"m5", "m6", "m7", "m8"});
    CHECK(ids_of(s.items(in_flight).items) == ids{"m0", "m2", "m4"});
    CHECK(ids_of(s.items(dead).items) == ids{"m1", "m3"});
    CHECK(s.items().total == 9);
    CHECK(s.items(pending).total == 4);
    CHECK(s.items(in_flight).total == 3);
    CHECK(s.items(dead).total == 2);
    for (const std::optional<outbox_state> state :
         {std::optional<outbox_state>(), std::optional(pending), std::optional(dead)}) {
        ids seen;
        std::optional<std::int64_t> cursor;
        do {
            const auto page = s.run(s->list_outbox(state, cursor, 2));
            CHECK(page.items.size() <= 2);
            CHECK(page.total == s.items(state).total);
            for (const auto& id : ids_of(page.items))
                seen.push_back(id);
            cursor = page.next;
        } while (cursor);
        CHECK(seen == ids_of(s.items(state).items));
    }
}

TEST_CASE("an item is found by its id") {
    outbox_fixture s;
    s.queue(memory_of("m1", "tea"), {.call = cloud_call::sync});
    const auto listed = s.item_of("m1");
    const auto found = s.run(s->find_outbox(listed.id));
    REQUIRE(found);
    CHECK(found->memory_id == "m1");
    CHECK(found->call == cloud_call::sync);
    for (const std::int64_t id : {std::int64_t{0}, std::int64_t{-1}, listed.id + 1}) {
        CHECK(s.run(s->find_outbox(id)).error().code == errc::not_found);
        CHECK(s.run(s->retry_outbox(id)).error().code == errc::not_found);
        CHECK(s.run(s->remove_outbox(id)).error().code == errc::not_found);
    }
}

TEST_CASE("a retried item is due at once, also a dead letter, in its old place") {
    outbox_fixture s;
    for (const auto& id : ids{made_id, "m1", "m2"})
        s.queue(id);
    const auto lane = s.claim_one();
    auto later = settle_as(lane.entries[1], kind::retry);
    later.next_attempt_at = s.clock.now() + 24h;
    s.settle(lane.scope, {settle_as(lane.entries[0], kind::refused), later});
    CHECK(s.claim().lanes.empty());
    const auto pending = s.run(s->retry_outbox(lane.entries[1].id));
    REQUIRE(pending);
    CHECK(pending->next_attempt_at <= s.clock.now());
    const auto dead = s.run(s->retry_outbox(lane.entries[0].id));
    REQUIRE(dead);
    CHECK(dead->state == outbox_state::pending);
    CHECK(dead->attempts == 1);
    CHECK(s.state_of(made_id) == sync_state::queued);
    s.check_totals();
    s.open();
    const auto again = s.claim_one();
    CHECK(ids_of(again) == ids{made_id, "m1", "m2"});
    CHECK(again.entries[0].idempotency_key == made_id);
}

TEST_CASE("a dead letter that is retried while its lane is claimed waits for the lane") {
    outbox_fixture s;
    for (const char* id : {"m0", "m1", "m2"})
        s.queue(id);
    const auto lane = s.claim_one();
    s.settle(lane.scope, {settle_as(lane.entries[0], kind::refused)}, after_sync::keep_copy, false);
    REQUIRE(s.run(s->retry_outbox(lane.entries[0].id)));
    CHECK(s.claim().lanes.empty());
    s.settle(lane.scope, {settle_as(lane.entries[1], kind::done)});
    CHECK(s.send_all() == ids{"m0", "m2"});
    s.check_totals();
}

TEST_CASE("retrying what is in flight leaves it so") {
    outbox_fixture s;
    s.queue("m1");
    const auto entry = s.claim_entry();
    CHECK(s.run(s->retry_outbox(entry.id))->state == outbox_state::in_flight);
    CHECK(s.claim().lanes.empty());
}

TEST_CASE("a deleted item is never sent and its memory stays as local") {
    outbox_fixture s;
    for (const char* id : {"poison", "m1", "m2"})
        s.queue(id);
    s.settle(settle_as(s.claim_entry(), kind::refused));
    REQUIRE(s.run(s->remove_outbox(s.item_of("poison").id)));
    REQUIRE(s.run(s->remove_outbox(s.item_of("m1").id)));
    CHECK(s.state_of("poison") == sync_state::local);
    CHECK(s.state_of("m1") == sync_state::local);
    s.check_totals();
    s.open();
    CHECK(s.send_all() == ids{"m2"});
    CHECK(*s.remove("poison") == cloud_copy::none);
    CHECK(*s.remove("m1") == cloud_copy::none);
}

TEST_CASE("deleting the item that a scope waits for lets the next one go") {
    outbox_fixture s;
    s.queue("m0");
    s.queue("m1");
    auto later = settle_as(s.claim_entry(), kind::retry);
    later.next_attempt_at = s.clock.now() + 24h;
    s.settle(later);
    CHECK(s.claim().lanes.empty());
    if (GENERATE(true, false))
        REQUIRE(s.run(s->remove_outbox(s.item_of("m0").id)));
    else
        REQUIRE(s.remove("m0"));
    CHECK(s.send_all() == ids{"m1"});
}

TEST_CASE("the oldest of what waits tells since when, whatever comes and goes") {
    outbox_fixture s;
    CHECK_FALSE(s.totals().oldest);
    s.queue("m0");
    const auto first = s.clock.now();
    s.clock.advance(10s);
    s.queue("m1");
    const auto second = s.clock.now();
    CHECK(s.totals().oldest == first);
    s.settle(settle_as(s.claim_entry(), kind::refused));
    CHECK(s.totals().oldest == second);
    s.run(s->retry_outbox(s.item_of("m0").id));
    CHECK(s.totals().oldest == first);
    s.open();
    CHECK(s.totals().oldest == first);
    CHECK(s.send_all() == ids{"m0", "m1"});
    CHECK_FALSE(s.totals().oldest);
}

TEST_CASE("what is only local is queued oldest first, as many as asked, until none remains") {
    outbox_fixture s;
    ids expected;
    for (int i = 0; i < 25; ++i) {
        expected.push_back(i == 0 ? made_id : "m" + std::to_string(i));
        s.add(expected.back(), "tea");
        if (i % 5 == 0) s.queue("queued" + std::to_string(i));
    }
    REQUIRE(s.send_all().size() == 5);
    const auto none = s.run(s->queue_locals(cloud_call::sync, 0));
    CHECK(none->queued == 0);
    CHECK(none->remaining == 25);
    for (const std::int64_t left : {15, 5, 0, 0}) {
        const auto done = s.run(s->queue_locals(cloud_call::sync, 10));
        REQUIRE(done);
        CHECK(done->remaining == left);
        s.check_totals();
    }
    CHECK(s.totals().pending == 25);
    s.open();
    const auto lane = s.claim_one();
    CHECK(ids_of(lane) == expected);
    CHECK(lane.entries[0].call == cloud_call::sync);
    CHECK(lane.entries[0].idempotency_key == made_id);
    CHECK(s.state_of(made_id) == sync_state::queued);
    CHECK(s.run(s->find_memory("m24"))->seq < lane.entries[24].id);
}

TEST_CASE("memories that become local later are queued by the next call") {
    outbox_fixture s;
    for (const char* id : {"m0", "m1", "m2"})
        s.queue(id);
    CHECK(s.run(s->queue_locals(cloud_call::sync, 10))->queued == 0);
    REQUIRE(s.run(s->remove_outbox(s.item_of("m1").id)));
    s.add("m3", "tea");
    const auto done = s.run(s->queue_locals(cloud_call::sync, 10));
    CHECK(done->queued == 2);
    CHECK(done->remaining == 0);
    CHECK(s.send_all() == ids{"m0", "m2", "m1", "m3"});
}

TEST_CASE("what may have arrived before its item was deleted goes later as the same request") {
    outbox_fixture s;
    s.queue(memory_of("m1", "tea"), {.call = cloud_call::store, .idempotency_key = "first"});
    const auto item = s.item_of("m1").id;
    SECTION("an attempt was made before it was queued") {
        REQUIRE(s.run(s->remove_outbox(item)));
    }
    SECTION("an attempt failed") {
        s.settle(settle_as(s.claim_entry(), kind::retry));
        REQUIRE(s.run(s->remove_outbox(item)));
    }
    SECTION("an attempt fails afterwards") {
        const auto entry = s.claim_entry();
        REQUIRE(s.run(s->remove_outbox(item)));
        s.settle(settle_as(entry, kind::retry));
    }
    SECTION("nobody learns of its end") {
        s.claim_entry();
        REQUIRE(s.run(s->remove_outbox(item)));
        s.open();
    }
    for (int i = 0; i < 2; ++i) {
        CHECK(s.state_of("m1") == sync_state::local);
        CHECK(s.items().total == 0);
        CHECK(s.run(s->find_outbox(item)).error().code == errc::not_found);
        CHECK(s.run(s->retry_outbox(item)).error().code == errc::not_found);
        CHECK(s.run(s->remove_outbox(item)).error().code == errc::not_found);
        CHECK(s.claim().lanes.empty());
        CHECK_FALSE(s.claim().next_due);
        s.check_totals();
        s.open();
        CHECK(s.run(s->queue_locals(cloud_call::sync, 10))->queued == 1);
        CHECK(s.state_of("m1") == sync_state::queued);
        s.check_totals();
        if (i == 0) REQUIRE(s.run(s->remove_outbox(item)));
    }
    const auto again = s.claim_entry();
    CHECK(again.call == cloud_call::store);
    CHECK(again.idempotency_key == "first");
    s.settle(settle_as(again, kind::done));
    CHECK(s.state_of("m1") == sync_state::synced);
    CHECK(s.count("SELECT count(*) FROM outbox") == 0);
}

TEST_CASE("what is set aside is removed, changed and queued anew like what is local") {
    outbox_fixture s;
    for (const char* id : {"removed", "changed", "anew"})
        s.queue(memory_of(id, "tea"), {.idempotency_key = id});
    for (const auto& item : s.items().items)
        REQUIRE(s.run(s->remove_outbox(item.id)));
    CHECK(*s.remove("removed") == cloud_copy::retained);
    CHECK(s.run(s->amend_memory("changed", {.content = "milk"}))->sync_state == sync_state::local);
    CHECK(s.upsert(memory_for("ada", "anew", "milk"), outbound{}).sync_state == sync_state::queued);
    s.check_totals();
    CHECK(s.claim_entry().idempotency_key == "anew:1");
    CHECK(s.run(s->queue_locals(cloud_call::sync, 10))->queued == 1);
    CHECK(s.claim_entry().idempotency_key == "changed:1");
    s.check_totals();
}

TEST_CASE("more local memories than one step takes are all queued") {
    outbox_fixture s;
    std::vector<new_memory> many;
    for (int i = 0; i < 1300; ++i)
        many.push_back(memory_of("m" + std::to_string(i), "tea"));
    many.push_back(memory_of("large", std::string(5 << 20, 'x')));
    many.push_back(memory_of("last", "tea"));
    REQUIRE(s.run(s->import_memories(many, {})));
    const auto done = s.run(s->queue_locals(cloud_call::sync, 5000));
    CHECK(done->queued == 1302);
    CHECK(done->remaining == 0);
    s.check_totals();
}

TEST_CASE("a full queue takes back no dead letter, and nothing that waits in it grows") {
    outbox_fixture s({.most_queue_bytes = 10});
    s.queue(memory_of("dead", "12345678"));
    s.settle(settle_as(s.claim_entry(), kind::refused));
    s.queue(memory_of("waits", "12345678"));
    const auto amend = [&](std::string id, std::string content) {
        return s.run(s->amend_memory(std::move(id), {.content = std::move(content)}));
    };
    const auto dead = s.item_of("dead").id;
    CHECK(s.run(s->retry_outbox(dead)).error().code == errc::full);
    CHECK(s.state_of("dead") == sync_state::dead);
    CHECK(amend("waits", "12345678901").error().code == errc::full);
    CHECK(s.run(s->find_memory("waits"))->what.content == "12345678");
    CHECK(s.run(s->find_memory("waits"))->revision == 0);
    CHECK(amend("dead", "12345678901"));  // it does not wait
    CHECK(amend("waits", "1234567890"));
    CHECK(amend("waits", "1"));
    CHECK(amend("dead", "123456789"));
    s.check_totals();
    CHECK(s.run(s->retry_outbox(dead)));
    CHECK(s.totals().bytes == 10);
    s.check_totals();
}

TEST_CASE(
    "a queue that becomes full takes the local memories that fit, then says that it is full") {
    outbox_fixture s({.most_queue_bytes = 10});
    for (int i = 0; i < 5; ++i)
        s.add("m" + std::to_string(i), "coff");
    const auto some = s.run(s->queue_locals(cloud_call::sync, 100));
    REQUIRE(some);
    CHECK(some->queued == 2);
    CHECK(some->remaining == 3);
    CHECK(s.run(s->queue_locals(cloud_call::sync, 100)).error().code == errc::full);
    CHECK(s.totals().pending == 2);
    CHECK(s.send_all() == ids{"m0", "m1"});
    CHECK(s.run(s->queue_locals(cloud_call::sync, 100))->queued == 2);
}

}  // namespace
}  // namespace memorypro::store
