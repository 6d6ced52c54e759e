// What becomes of the outbox's rows and their memories once the cloud has answered.
#include "store/outbox_fixture.hpp"

namespace memorypro::store {
namespace {

using namespace std::chrono_literals;

TEST_CASE("what the cloud took leaves the queue, and its copy stays or goes as is asked") {
    outbox_fixture s;
    s.queue("m1");
    SECTION("stays") {
        CHECK(s.settle(settle_as(s.claim_entry(), kind::done)) == ids{"m1"});
        CHECK(s.state_of("m1") == sync_state::synced);
        CHECK(s.matches({"tea"}) == ids{"m1"});
        CHECK(s.run(s->find_memory("cloud-m1"))->id == "m1");
    }
    SECTION("goes") {
        const bool indexed = GENERATE(true, false);
        if (indexed) s.matches({"tea"});
        CHECK(s.settle(settle_as(s.claim_entry(), kind::done), after_sync::drop_copy) == ids{"m1"});
        const auto gone = s.run(s->find_memory("m1")).error();
        CHECK(gone.code == errc::not_found);
        CHECK(gone.detail.find("cloud-m1") != std::string::npos);
        CHECK(s.matches({"tea"}).empty());
        CHECK(s.listed().empty());
    }
    CHECK(s.items().items.empty());
    CHECK(s.claim().lanes.empty());
    CHECK_FALSE(s.claim().next_due);
    s.check_totals();
    s.open();
    CHECK(s.known("cloud-m1").local_id == "m1");
    CHECK(s.claim().lanes.empty());
    CHECK(s.soundness() == "ok");
}

TEST_CASE("a memory that the cloud knows by our id is known by it") {
    outbox_fixture s;
    s.queue(memory_of("m1", "tea"), {.call = cloud_call::sync});
    auto done = settle_as(s.claim_entry(), kind::done);
    done.cloud_id.reset();
    s.settle(done, after_sync::drop_copy);
    CHECK(s.known("m1").local_id == "m1");
    CHECK_FALSE(s.known("m1").deleted);
    CHECK(s.run(s->find_memory("m1")).error().detail.find("in the cloud") != std::string::npos);
    CHECK(*s.remove("m1") == cloud_copy::retained);
    CHECK(s.known("m1").deleted);
}

TEST_CASE("a retry counts the attempt, keeps the cloud's words and waits for its time") {
    outbox_fixture s;
    s.queue(made_id);
    for (int attempt = 1; attempt <= 3; ++attempt) {
        const auto entry = s.claim_entry();
        CHECK(entry.attempts == attempt - 1);
        CHECK(entry.idempotency_key == made_id);
        auto failed = settle_as(entry, kind::retry);
        failed.error = "HTTP 503, attempt " + std::to_string(attempt);
        failed.next_attempt_at = s.clock.now() + 5s;
        CHECK(s.settle(failed) == ids{made_id});
        const auto item = s.item_of(made_id);
        CHECK(item.state == outbox_state::pending);
        CHECK(item.attempts == attempt);
        CHECK(item.last_error == failed.error);
        CHECK(item.next_attempt_at == failed.next_attempt_at);
        CHECK(s.claim().lanes.empty());
        s.check_totals();
        s.clock.advance(5s);
    }
    CHECK(s.state_of(made_id) == sync_state::queued);
    s.open();
    CHECK(s.item_of(made_id).attempts == 3);
    CHECK(s.send_all() == ids{made_id});
}

TEST_CASE("what is refused becomes a dead letter and holds up nobody") {
    outbox_fixture s;
    for (const char* id : {"poison", "m1", "m2"})
        s.queue(id);
    const auto lane = s.claim_one();
    auto refused = settle_as(lane.entries[0], kind::refused);
    refused.error = "HTTP 422: content is not allowed";
    CHECK(s.settle(lane.scope, {refused}) == ids{"poison"});
    CHECK(s.send_all() == ids{"m1", "m2"});
    const auto item = s.item_of("poison");
    CHECK(item.state == outbox_state::dead);
    CHECK(item.attempts == 1);
    CHECK(item.last_error == refused.error);
    CHECK_FALSE(item.next_attempt_at);
    CHECK(s.state_of("poison") == sync_state::dead);
    CHECK(s.matches({"tea"}).size() == 3);
    CHECK(s.totals().dead == 1);
    CHECK(s.totals().bytes == 0);
    CHECK_FALSE(s.totals().oldest);
    s.check_totals();
    s.open();
    CHECK(s.claim().lanes.empty());
    CHECK(s.totals().dead == 1);
}

TEST_CASE("a lane is settled in parts, and what was not settled is free when it is released") {
    outbox_fixture s;
    for (const char* id : {"m0", "m1", "m2", "m3"})
        s.queue(id);
    const auto lane = s.claim_one();
    s.settle(lane.scope, {settle_as(lane.entries[0], kind::done)}, after_sync::keep_copy, false);
    s.queue("m4");
    CHECK(s.claim().lanes.empty());  // the lane is still claimed
    s.settle(lane.scope, {settle_as(lane.entries[1], kind::refused)}, after_sync::keep_copy, false);
    CHECK(s.totals().in_flight == 2);
    CHECK(s.settle(lane.scope, {}).empty());
    CHECK(s.totals().in_flight == 0);
    const auto rest = s.claim_one();
    CHECK(ids_of(rest) == ids{"m2", "m3", "m4"});
    CHECK(rest.entries[0].attempts == 0);
    s.check_totals();
}

TEST_CASE("a memory that changed while it was in flight goes again, under the next key") {
    outbox_fixture s;
    s.queue(made_id);
    const auto first = s.claim_entry();
    const bool amended = GENERATE(true, false);
    if (amended)
        s.run(s->amend_memory(made_id, {.content = "milk"}));
    else
        s.upsert(memory_of(made_id, "milk"), outbound{.call = cloud_call::sync});
    CHECK(s.totals().in_flight == 1);
    CHECK(s.settle(settle_as(first, kind::done), after_sync::drop_copy) == ids{""});
    CHECK(s.state_of(made_id) == sync_state::queued);
    CHECK(s.known("cloud-" + made_id).copy->what.content == "milk");
    s.check_totals();
    const auto second = s.claim_entry();
    CHECK(second.memory.what.content == "milk");
    CHECK(second.call == cloud_call::sync);
    CHECK(second.revision == 1);
    CHECK(second.idempotency_key == made_id + ":1");
    CHECK(second.attempts == 0);
    s.settle(settle_as(second, kind::done), after_sync::drop_copy);
    CHECK(s.items().items.empty());
    s.check_totals();
}

TEST_CASE("a change of what is in flight outlives that the cloud refuses what it was") {
    outbox_fixture s;
    s.queue(made_id);
    const auto first = s.claim_entry();
    s.run(s->amend_memory(made_id, {.content = "milk"}));
    s.settle(settle_as(first, kind::refused));
    CHECK(s.state_of(made_id) == sync_state::queued);
    CHECK(s.claim_entry().idempotency_key == made_id + ":1");
}

TEST_CASE("archiving is no change for the cloud, and what is archived stays here") {
    outbox_fixture s;
    s.queue("m1");
    const auto entry = s.claim_entry();
    s.run(s->amend_memory("m1", {.archived = true}));
    s.settle(settle_as(entry, kind::done), after_sync::drop_copy);
    CHECK(s.items().items.empty());
    CHECK(s.state_of("m1") == sync_state::synced);
    CHECK(s.known("cloud-m1").copy->archived);
}

TEST_CASE("a memory that was removed while it was in flight is hidden once the cloud has it") {
    outbox_fixture s;
    s.queue("m1");
    const auto entry = s.claim_entry();
    CHECK(*s.remove("m1") == cloud_copy::retained);
    CHECK(s.items().items.empty());
    s.check_totals();
    CHECK(s.settle(settle_as(entry, kind::done)) == ids{""});
    CHECK(s.known("cloud-m1").deleted);
    CHECK(s.claim().lanes.empty());
    CHECK_FALSE(s.claim().next_due);
    s.open();
    CHECK(s.known("cloud-m1").deleted);
}

TEST_CASE("what the cloud did not take of a removed memory leaves nothing") {
    outbox_fixture s;
    s.queue("m1");
    const auto entry = s.claim_entry();
    s.remove("m1");
    CHECK(s.settle(settle_as(entry, GENERATE(kind::retry, kind::refused))) == ids{""});
    CHECK(s.claim().lanes.empty());
    CHECK_FALSE(s.known("cloud-m1").deleted);
}

TEST_CASE("a settlement that comes twice, or for what never was, changes nothing") {
    outbox_fixture s;
    s.queue("m1");
    const auto entry = s.claim_entry();
    s.settle(settle_as(entry, kind::done));
    CHECK(s.settle(settle_as(entry, kind::done)) == ids{""});
    CHECK(s.settle(settle_as(entry, kind::refused)) == ids{""});
    CHECK(s.state_of("m1") == sync_state::synced);
    CHECK_FALSE(s.known("cloud-m1").deleted);
    CHECK(s.settle(12345, {{.id = 999, .what = kind::retry}}) == ids{""});
    s.check_totals();
}

TEST_CASE("an item deleted while it is in flight is not sent again, and synced if it arrived") {
    outbox_fixture s;
    s.queue("m1");
    s.queue("m2");
    const auto lane = s.claim_one();
    REQUIRE(s.run(s->remove_outbox(lane.entries[0].id)));
    CHECK(ids_of(s.items().items) == ids{"m2"});
    CHECK(s.run(s->find_outbox(lane.entries[0].id)).error().code == errc::not_found);
    CHECK(s.run(s->retry_outbox(lane.entries[0].id)).error().code == errc::not_found);
    CHECK(s.run(s->remove_outbox(lane.entries[0].id)).error().code == errc::not_found);
    CHECK(s.state_of("m1") == sync_state::local);
    s.check_totals();
    SECTION("it arrived") {
        s.settle(lane.scope, {settle_as(lane.entries[0], kind::done)});
        CHECK(s.state_of("m1") == sync_state::synced);
        CHECK(s.known("cloud-m1").local_id == "m1");
    }
    SECTION("it did not") {
        s.settle(lane.scope, {settle_as(lane.entries[0], GENERATE(kind::retry, kind::refused))});
        CHECK(s.state_of("m1") == sync_state::local);
        CHECK(*s.remove("m1") == cloud_copy::retained);  // it may have
    }
    SECTION("nobody knows") {
        if (GENERATE(true, false))
            s.settle(lane.scope, {});
        else
            s.open();
        CHECK(s.state_of("m1") == sync_state::local);
    }
    SECTION("it is queued again meanwhile") {
        const auto progress = s.run(s->queue_locals(cloud_call::sync, 10));
        CHECK(progress->queued == 1);
        CHECK(s.item_of("m1").state == outbox_state::in_flight);
        s.settle(lane.scope, {settle_as(lane.entries[0], kind::done)});
        CHECK(s.state_of("m1") == sync_state::synced);
    }
    s.check_totals();
    CHECK(s.send_all() == ids{"m2"});
    CHECK(s.items().total == 0);
    CHECK(s.count("SELECT count(*) FROM outbox_scopes") == 0);
}

TEST_CASE("a memory that moves to another scope moves to its lane") {
    outbox_fixture s;
    s.queue(memory_for("ada", "m1"));
    s.queue(memory_for("bob", "m2"));
    const auto entry = GENERATE(true, false) ? s.claim_entry() : outbox_entry{};
    s.upsert(memory_for("bob", "m1", "milk"), outbound{});
    if (entry.id) {  // in flight: it moves when it comes back
        CHECK(s.totals().in_flight == 1);
        s.settle(settle_as(entry, kind::retry));
    }
    const auto lane = s.claim_one();
    CHECK(ids_of(lane) == ids{"m1", "m2"});
    CHECK(s.claim().lanes.empty());
    CHECK(s.count("SELECT count(*) FROM outbox_scopes") == 1);
    s.check_totals();
}

TEST_CASE("settlements are one change: all of them survive, with what they did") {
    outbox_fixture s;
    for (int i = 0; i < 6; ++i)
        s.queue("m" + std::to_string(i));
    const auto lane = s.claim_one();
    std::vector<settlement> given;
    for (std::size_t i = 0; i < 6; ++i)
        given.push_back(
            settle_as(lane.entries[i], i < 2 ? kind::done : (i < 4 ? kind::refused : kind::retry)));
    CHECK(s.settle(lane.scope, given) == ids{"m0", "m1", "m2", "m3", "m4", "m5"});
    s.open();
    CHECK(ids_of(s.items(outbox_state::dead).items) == ids{"m2", "m3"});
    CHECK(ids_of(s.items(outbox_state::pending).items) == ids{"m4", "m5"});
    CHECK(s.item_of("m4").attempts == 1);
    s.check_totals();
    CHECK(s.send_all() == ids{"m4", "m5"});
    CHECK(s.soundness() == "ok");
}

}  // namespace
}  // namespace memorypro::store
