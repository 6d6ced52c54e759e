// What is known of memories that the cloud has: both ids, copies, tombstones.
#include "store/outbox_fixture.hpp"

namespace memorypro::store {
namespace {

TEST_CASE("nothing is known of an id that nobody has") {
    outbox_fixture s;
    const auto known = s.known("cloud-1");
    CHECK_FALSE(known.deleted);
    CHECK_FALSE(known.local_id);
    CHECK_FALSE(known.copy);
    CHECK(s.run(s->find_known({})).empty());
}

TEST_CASE("what is known is answered for each id, in their order") {
    outbox_fixture s;
    s.sync(memory_of("kept", "tea"));
    s.sync(memory_of("dropped", "tea"), after_sync::drop_copy);
    s.remove("cloud-gone", unknown_ids::are_the_clouds);
    const auto known = s.run(s->find_known({"cloud-gone", "cloud-kept", "?", "cloud-dropped"}));
    REQUIRE(known.size() == 4);
    CHECK(known[0].deleted);
    CHECK(known[1].copy->id == "kept");
    CHECK(known[1].copy->sync_state == sync_state::synced);
    CHECK_FALSE(known[2].local_id);
    CHECK(known[3].local_id == "dropped");
    CHECK_FALSE(known[3].copy);
    CHECK_FALSE(known[3].deleted);
}

TEST_CASE("a memory is reached by the cloud's id as by ours while its copy is here") {
    outbox_fixture s;
    s.sync(memory_of("m1", "tea"));
    CHECK(s.run(s->find_memory("cloud-m1"))->id == "m1");
    CHECK(s.run(s->amend_memory("cloud-m1", {.content = "milk"}))->id == "m1");
    CHECK(s.run(s->find_memory("m1"))->what.content == "milk");
    CHECK(s.upsert(memory_of("cloud-m1", "coffee"), outbound{}).id == "m1");
    CHECK(*s.remove("cloud-m1") == cloud_copy::retained);
    CHECK(s.run(s->find_memory("m1")).error().code == errc::not_found);
    CHECK(s.items().total == 0);
}

TEST_CASE("whoever asks for a memory that is only in the cloud is told so, under either id") {
    outbox_fixture s;
    s.sync(memory_of("m1", "tea"), after_sync::drop_copy);
    for (const char* id : {"m1", "cloud-m1"}) {
        for (const auto& error : {s.run(s->find_memory(id)).error(),
                                  s.run(s->amend_memory(id, {.content = "x"})).error()}) {
            CHECK(error.code == errc::not_found);
            CHECK(error.detail.find("in the cloud, under cloud-m1") != std::string::npos);
        }
    }
    CHECK(s.run(s->find_memory("m2")).error().detail == "no memory has this id");
}

TEST_CASE("an amended copy of what the cloud has stays synced and is not sent") {
    outbox_fixture s;
    s.sync(memory_of("m1", "tea"));
    CHECK(s.run(s->amend_memory("m1", {.content = "milk"}))->sync_state == sync_state::synced);
    CHECK(s.claim().lanes.empty());
    CHECK(s.known("cloud-m1").copy->what.content == "milk");
}

TEST_CASE("removing what the cloud has leaves a tombstone, and there is nothing to remove again") {
    outbox_fixture s;
    const auto policy = GENERATE(after_sync::keep_copy, after_sync::drop_copy);
    const auto unknown = GENERATE(unknown_ids::are_errors, unknown_ids::are_the_clouds);
    const std::string id = GENERATE("m1", "cloud-m1");
    s.sync(memory_of("m1", "tea"), policy);
    CHECK(*s.remove(id, unknown) == cloud_copy::retained);
    CHECK(s.known("cloud-m1").deleted);
    s.open();
    CHECK(s.known("cloud-m1").deleted);
    for (const char* again : {"m1", "cloud-m1"}) {
        CHECK(s.remove(again, unknown).error().code == errc::not_found);
        CHECK(s.run(s->find_memory(again)).error().detail == "no memory has this id");
    }
}

TEST_CASE("removing what the cloud cannot have leaves nothing there, and works once") {
    outbox_fixture s;
    const auto unknown = GENERATE(unknown_ids::are_errors, unknown_ids::are_the_clouds);
    SECTION("local") {
        s.add(made_id, "tea");
    }
    SECTION("queued, never sent") {
        s.queue(made_id);
    }
    SECTION("refused") {
        s.queue(made_id);
        s.settle(settle_as(s.claim_entry(), kind::refused));
    }
    for (int i = 0; i < 2; ++i) {
        CHECK(*s.remove(made_id, unknown) == cloud_copy::none);
        CHECK(s.remove(made_id, unknown).error().code == errc::not_found);
        CHECK(s.items().total == 0);
        CHECK(s.claim().lanes.empty());
        s.check_totals();
        s.upsert(memory_of(made_id, "milk"), outbound{});
        CHECK(s.items().total == 1);
    }
    CHECK(s.claim_entry().idempotency_key == made_id);
}

TEST_CASE("removing what the cloud may have says that it may") {
    outbox_fixture s;
    SECTION("an attempt was made before it was queued") {
        s.queue(memory_of("m1", "tea"), {.idempotency_key = "m1"});
    }
    SECTION("an attempt failed") {
        s.queue("m1");
        s.settle(settle_as(s.claim_entry(), kind::retry));
    }
    SECTION("the daemon stopped while it was in flight") {
        s.queue("m1");
        s.claim_entry();
        s.open();
    }
    SECTION("what was in flight was changed and is refused now") {
        s.queue("m1");
        const auto first = s.claim_entry();
        s.run(s->amend_memory("m1", {.content = "milk"}));
        s.settle(settle_as(first, kind::retry));
        s.settle(settle_as(s.claim_entry(), kind::refused));
    }
    CHECK(*s.remove("m1") == cloud_copy::retained);
    s.check_totals();
}

TEST_CASE("an id that nothing knows is the cloud's where the caller says so, once") {
    outbox_fixture s;
    CHECK(s.remove("cloud-9").error().code == errc::not_found);
    CHECK(*s.remove("cloud-9", unknown_ids::are_the_clouds) == cloud_copy::retained);
    CHECK(s.known("cloud-9").deleted);
    CHECK(s.remove("cloud-9", unknown_ids::are_the_clouds).error().code == errc::not_found);
    CHECK(s.remove("cloud-9").error().code == errc::not_found);
}

TEST_CASE("a memory that the cloud stored directly is known under both ids") {
    outbox_fixture s;
    REQUIRE(s.run(s->record_synced("mine", "cloud-1", {})));
    s.open();
    CHECK(s.known("cloud-1").local_id == "mine");
    CHECK(s.run(s->find_memory("mine")).error().detail.find("under cloud-1") != std::string::npos);
    CHECK(s.run(s->import_memories({memory_of("mine", "tea")}, {}))->at(0) == imported::duplicate);
    REQUIRE(s.run(s->record_synced("mine", "cloud-1", {})));
    CHECK(*s.remove("mine") == cloud_copy::retained);
    CHECK(s.known("cloud-1").deleted);
}

TEST_CASE("an older copy goes when the cloud took a newer one directly, but nothing else") {
    outbox_fixture s;
    for (const char* id : {"copy", "changed", "archived"})
        s.sync(memory_of(id, "tea"));
    s.run(s->amend_memory("changed", {.content = "milk"}));
    s.run(s->amend_memory("archived", {.archived = true}));
    s.add("local", "tea");
    s.queue("waits");
    for (const char* id : {"copy", "changed", "archived", "local", "waits"})
        REQUIRE(s.run(s->record_synced(id, std::string("cloud-") + id, {})));
    CHECK(s.listed({.include_archived = true}) == ids{"waits", "local", "archived", "changed"});
    CHECK(s.known("cloud-copy").local_id == "copy");
    CHECK(s.known("cloud-local").copy->sync_state == sync_state::local);
    CHECK(s.send_all() == ids{"waits"});
    s.check_totals();
}

TEST_CASE("what was changed, archived or kept here becomes what the cloud took after it") {
    outbox_fixture s;
    s.sync(memory_of("changed", "tea"));
    s.sync(memory_of("archived", "tea"));
    s.sync(memory_of("kept", "tea"), after_sync::keep_memory);
    s.run(s->amend_memory("changed", {.content = "milk"}));
    s.run(s->amend_memory("archived", {.archived = true}));
    for (const char* id : {"changed", "archived", "kept"}) {
        const auto here = s.run(s->find_memory(id));
        REQUIRE(s.run(s->record_synced(id, std::string("cloud-") + id,
                                       renewal{{.content = "coffee"}, here->revision})));
        const auto now = s.run(s->find_memory(id));
        CHECK(now->what.content == "coffee");
        CHECK(now->what.time == here->what.time);
        CHECK(now->sync_state == sync_state::synced);
        CHECK(now->archived == here->archived);
        CHECK(now->revision == here->revision + 1);
    }
    CHECK(s.matches({"coffee"}).size() == 2);
    CHECK(s.claim().lanes.empty());
    CHECK(s.soundness() == "ok");
}

TEST_CASE("what was changed or kept here is a copy once the cloud took what it is; archived not") {
    outbox_fixture s;
    for (const char* id : {"changed", "archived"})
        s.sync(memory_of(id, "tea"));
    s.sync(memory_of("kept", "tea"), after_sync::keep_memory);
    s.run(s->amend_memory("changed", {.content = "milk"}));
    s.run(s->amend_memory("archived", {.archived = true}));
    for (const char* id : {"changed", "archived", "kept"}) {
        const auto here = s.run(s->find_memory(id));
        REQUIRE(s.run(s->record_synced(id, std::string("cloud-") + id,
                                       renewal{{.content = "coffee"}, here->revision})));
    }
    REQUIRE(s.run(s->keep_copy(memory_of("changed", "coffee"), "cloud-changed")));
    CHECK(s.listed({.include_archived = true}).size() == 3);
    CHECK_FALSE(s.run(s->trim_copies(0)));
    CHECK(s.listed({.include_archived = true}) == ids{"archived"});
    CHECK(s.known("cloud-changed").local_id == "changed");
    CHECK(s.soundness() == "ok");
}

TEST_CASE("what was changed while the cloud took a newer one stays") {
    outbox_fixture s;
    s.sync(memory_of("m1", "tea"), after_sync::keep_memory);
    const renewal newer{{.content = "coffee"}, s.run(s->find_memory("m1"))->revision};
    s.run(s->amend_memory("m1", {.content = "milk"}));
    REQUIRE(s.run(s->record_synced("m1", "cloud-m1", newer)));
    CHECK(s.run(s->find_memory("m1"))->what.content == "milk");
}

TEST_CASE("a memory that the cloud stores under another id is hidden under the one before") {
    outbox_fixture s;
    s.sync(memory_of("m1", "tea"));
    s.upsert(memory_of("m1", "milk"), outbound{.call = cloud_call::sync});
    auto done = settle_as(s.claim_entry(), kind::done);
    done.cloud_id = "cloud-2";
    s.settle(done);
    CHECK(s.known("cloud-m1").deleted);
    CHECK(s.known("cloud-2").copy->what.content == "milk");
    CHECK(*s.remove("m1") == cloud_copy::retained);
    CHECK(s.known("cloud-2").deleted);
}

TEST_CASE("two memories that the cloud holds as one are known by the last of them") {
    outbox_fixture s;
    s.sync(memory_of("m1", "tea"));
    s.queue("m2");
    auto done = settle_as(s.claim_entry(), kind::done);
    done.cloud_id = "cloud-m1";
    s.settle(done);
    CHECK(s.known("cloud-m1").local_id == "m2");
    CHECK(s.state_of("m1") == sync_state::synced);
}

TEST_CASE("a memory that the cloud stores anew is no longer hidden") {
    outbox_fixture s;
    s.sync(memory_of("m1", "tea"));
    s.remove("m1");
    s.upsert(memory_of("m1", "milk"), outbound{.call = cloud_call::sync});
    CHECK(s.known("cloud-m1").deleted);  // the old one, until the cloud has the new one
    s.settle(settle_as(s.claim_entry(), kind::done));
    CHECK(s.known("cloud-m1").copy->what.content == "milk");
}

TEST_CASE("a memory that the cloud shows by our id before we are told is known") {
    outbox_fixture s;
    s.queue("m1");
    CHECK(s.known("m1").local_id == "m1");
    CHECK(s.known("m1").copy->sync_state == sync_state::queued);
}

TEST_CASE("an answer is remembered for a key, with the cloud's id") {
    outbox_fixture s;
    const idempotency key{"key", "digest"};
    CHECK_FALSE(s.run(s->find_answer(key)).value());
    REQUIRE(s.run(s->remember_answer(key, {.id = "cloud-1", .sync_state = sync_state::synced})));
    s.open();
    const auto answer = s.run(s->find_answer(key)).value();
    REQUIRE(answer);
    CHECK(answer->id == "cloud-1");
    CHECK(answer->sync_state == sync_state::synced);
    CHECK(answer->replayed);
    CHECK_FALSE(answer->created);
    CHECK(s.run(s->find_answer({"key", "other"})).error().code == errc::conflict);
    const auto replay = s.run(s->accept_memory(memory_of("m1", "tea"), key, outbound{}));
    CHECK(replay->id == "cloud-1");
    CHECK(s.totals().pending == 0);
    s.clock.advance(std::chrono::days(7) + std::chrono::seconds(1));
    CHECK_FALSE(s.run(s->find_answer(key)).value());
}

TEST_CASE("a key that was begun tells when, until it has an answer") {
    outbox_fixture s;
    const idempotency key{"key", "digest"};
    const auto first = s.clock.now();
    const auto begin = [&](const idempotency& which) {
        return s.run(s->begin_answer(which, s.clock.now()));
    };
    CHECK(begin(key)->at == first);
    s.clock.advance(std::chrono::minutes(5));
    s.open();
    CHECK(begin(key)->at == first);
    CHECK_FALSE(begin(key)->answer);
    CHECK_FALSE(s.run(s->find_answer(key)).value());
    // Nothing was answered, so that another body may have it.
    CHECK(begin({"key", "other"})->at == s.clock.now());
    CHECK(s.run(s->accept_memory(memory_of("m1", "tea"), key, outbound{}))->created);
    CHECK(begin(key)->answer->id == "m1");
    CHECK(begin({"key", "other"}).error().code == errc::conflict);
}

}  // namespace
}  // namespace memorypro::store
