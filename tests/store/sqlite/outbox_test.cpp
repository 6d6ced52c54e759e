// How memories come into the outbox, what changes them there, and its bound.
#include <set>

#include "store/outbox_fixture.hpp"
#include "store/sqlite/changes.hpp"

namespace memorypro::store {
namespace {

TEST_CASE("a memory that is stored for the cloud is queued with it, and both survive a restart") {
    outbox_fixture s;
    const auto answer = s.queue("m1");
    CHECK(answer.sync_state == sync_state::queued);
    CHECK(answer.created);
    s.open();
    CHECK(s.state_of("m1") == sync_state::queued);
    const auto item = s.item_of("m1");
    CHECK(item.state == outbox_state::pending);
    CHECK(item.call == cloud_call::store);
    CHECK(item.attempts == 0);
    CHECK(item.created_at == s.clock.now());
    CHECK(item.next_attempt_at == s.clock.now());
    CHECK(item.last_error.empty());
    s.check_totals();
    CHECK(s.send_all() == ids{"m1"});
    CHECK(s.soundness() == "ok");
}

TEST_CASE("what is stored without a cloud is local and in no queue") {
    outbox_fixture s;
    s.add("m1", "tea");
    CHECK(s.state_of("m1") == sync_state::local);
    CHECK(s.items().total == 0);
    CHECK(s.totals().pending == 0);
}

TEST_CASE("the same key and body again gives the first answer and queues nothing twice") {
    outbox_fixture s;
    const idempotency key{"key", "digest"};
    for (const char* id : {"m1", "m2"}) {
        const auto answer = s.run(s->accept_memory(memory_of(id, "tea"), key, outbound{}));
        REQUIRE(answer);
        CHECK(answer->id == "m1");
        CHECK(answer->sync_state == sync_state::queued);
        CHECK(answer->replayed == (id == std::string("m2")));
    }
    CHECK(ids_of(s.items().items) == ids{"m1"});
    const auto other =
        s.run(s->accept_memory(memory_of("m3", "tea"), idempotency{"key", "other"}, outbound{}));
    CHECK(other.error().code == errc::conflict);
    CHECK(s.totals().pending == 1);
}

TEST_CASE("a row keeps the key of the attempt that was made before it") {
    outbox_fixture s;
    s.queue(memory_of("m1", "tea"), {.idempotency_key = "first-attempt"});
    const auto first = s.claim_entry();
    CHECK(first.idempotency_key == "first-attempt");
    s.run(s->amend_memory("m1", {.content = "milk"}));
    s.settle(settle_as(first, kind::retry));
    CHECK(s.claim_entry().idempotency_key == "first-attempt:1");
    s.open();
    CHECK(s.claim_entry().idempotency_key == "first-attempt:1");
}

TEST_CASE("what waits is sent as it was amended, under a key of its own") {
    outbox_fixture s;
    s.queue(made_id);
    s.run(s->amend_memory(made_id, {.content = "milk and honey", .tags_json = R"(["x"])"}));
    s.check_totals();
    s.run(s->amend_memory(made_id, {.content = "milk and honey"}));  // as it is already
    const auto entry = s.claim_entry();
    CHECK(entry.memory.what.content == "milk and honey");
    CHECK(entry.revision == 1);
    CHECK(entry.idempotency_key == made_id + ":1");
    CHECK(entry.call == cloud_call::store);
}

TEST_CASE("an upsert of what waits changes it in its place") {
    outbox_fixture s;
    s.queue(made_id);
    s.queue("m2");
    const auto again = s.upsert(memory_of(made_id, "milk"), outbound{.call = cloud_call::sync});
    CHECK_FALSE(again.created);
    CHECK(again.sync_state == sync_state::queued);
    CHECK(s.items().total == 2);
    const auto lane = s.claim_one();
    CHECK(ids_of(lane) == ids{made_id, "m2"});
    CHECK(lane.entries[0].memory.what.content == "milk");
    CHECK(lane.entries[0].call == cloud_call::sync);
    CHECK(lane.entries[0].idempotency_key == made_id + ":1");
    s.check_totals();
}

TEST_CASE("an upsert under the key of an attempt that was made goes under that key") {
    outbox_fixture s;
    s.queue("m1");
    s.upsert(memory_of("m1", "milk"),
             outbound{.call = cloud_call::sync, .idempotency_key = "attempt"});
    CHECK(s.claim_entry().idempotency_key == "attempt");
}

TEST_CASE("an upsert of what the cloud has queues it again, behind what waits") {
    outbox_fixture s;
    s.sync(memory_of(made_id, "tea"));
    s.queue("m2");
    const bool same = GENERATE(true, false);
    const auto answer = s.upsert(memory_of(made_id, same ? "tea" : "milk"), outbound{});
    CHECK(answer.sync_state == sync_state::queued);
    const auto lane = s.claim_one();
    CHECK(ids_of(lane) == ids{"m2", made_id});
    CHECK(lane.entries[1].idempotency_key == made_id + ":1");
    CHECK(s.run(s->find_memory("cloud-" + made_id))->sync_state == sync_state::queued);
    s.check_totals();
}

TEST_CASE("an upsert without a cloud leaves what waits queued and makes a synced copy local") {
    outbox_fixture s;
    s.sync(memory_of("synced", "tea"));
    s.sync(memory_of("same", "tea"));
    s.queue(made_id);
    CHECK(s.upsert(memory_of("synced", "milk"), {}).sync_state == sync_state::local);
    CHECK(s.upsert(memory_of("same", "tea"), {}).sync_state == sync_state::synced);
    CHECK(s.upsert(memory_of(made_id, "milk"), {}).sync_state == sync_state::queued);
    CHECK(s.claim_entry().idempotency_key == made_id + ":1");
    CHECK(s.run(s->queue_locals(cloud_call::sync, 10))->queued == 1);
}

TEST_CASE("an upsert of a new id with a cloud is queued under that id") {
    outbox_fixture s;
    const auto answer = s.upsert(memory_of(made_id, "tea"), outbound{.call = cloud_call::sync});
    CHECK(answer.created);
    CHECK(answer.sync_state == sync_state::queued);
    CHECK(s.claim_entry().idempotency_key == made_id);
}

TEST_CASE("a key that the cloud may know is not used for another memory of that id") {
    outbox_fixture s;
    const outbound how{.call = cloud_call::sync};
    SECTION("it went to the cloud, and its copy is gone") {
        s.sync(memory_of(made_id, "tea"), after_sync::drop_copy);
    }
    SECTION("it was removed when it may have been sent") {
        s.queue(made_id);
        s.claim_entry();
        s.remove(made_id);
    }
    s.open();
    s.upsert(memory_of(made_id, "milk"), how);
    CHECK(s.claim_entry().idempotency_key == made_id + ":1");
    s.run(s->amend_memory(made_id, {.content = "coffee"}));
    s.open();
    CHECK(s.claim_entry().idempotency_key == made_id + ":2");
}

TEST_CASE("a key tells the text of an id that a caller gave, which another host may give another") {
    const auto key_of = [](new_memory given, cloud_call call = cloud_call::store) {
        outbox_fixture s;
        s.queue(std::move(given), {.call = call});
        const auto key = s.claim_entry().idempotency_key;
        s.open();
        CHECK(s.claim_entry().idempotency_key == key);
        return key;
    };
    auto tea = memory_of("note", "tea");
    tea.what.time = test::at("2026-01-08T12:00:00Z");
    auto changed = tea;
    CHECK(key_of(tea) == key_of(changed));
    changed.what.content = "milk";
    CHECK(key_of(tea) != key_of(changed));
    changed = tea;
    changed.what.user_id = "lena";
    CHECK(key_of(tea) != key_of(changed));
    changed = tea;
    changed.what.agent_id = "lena";
    CHECK(key_of(tea) != key_of(changed));
    // The other call's body names the id: under the same key the cloud would refuse it.
    CHECK(key_of(tea) != key_of(tea, cloud_call::sync));
}

TEST_CASE("no two memories share a key, whatever their ids look like") {
    outbox_fixture s;
    std::set<std::string> keys;
    const ids given{made_id, made_id + ":1", "a",  "a:0", "a:1", "a:01",
                    "a:1:0", "a:1:1",        "a:", ":1",  "1",   "a:1x"};
    const auto claim_keys = [&] {
        for (const auto& lane : s.claim().lanes)
            for (const auto& entry : lane.entries)
                keys.insert(entry.idempotency_key);
        s.open();
    };
    for (const auto& id : given)
        s.queue(id);
    claim_keys();
    CHECK(keys.size() == given.size());
    for (const auto& id : given)
        s.run(s->amend_memory(id, {.content = "milk"}));
    claim_keys();
    CHECK(keys.size() == 2 * given.size());
    CHECK(keys.count(made_id) == 1);
    CHECK(keys.count(made_id + ":1") == 1);
}

TEST_CASE("a dead letter stays one when it is amended and goes again when it is upserted") {
    outbox_fixture s;
    s.queue(made_id);
    s.settle(settle_as(s.claim_entry(), kind::refused));
    s.run(s->amend_memory(made_id, {.content = "milk"}));
    CHECK(s.state_of(made_id) == sync_state::dead);
    CHECK(s.item_of(made_id).state == outbox_state::dead);
    CHECK(s.claim().lanes.empty());
    s.check_totals();
    SECTION("upserted") {
        CHECK(s.upsert(memory_of(made_id, "coffee"), outbound{}).sync_state == sync_state::queued);
        const auto entry = s.claim_entry();
        CHECK(entry.idempotency_key == made_id + ":2");
        CHECK(entry.memory.what.content == "coffee");
    }
    SECTION("retried") {
        const auto item = s.run(s->retry_outbox(s.item_of(made_id).id));
        CHECK(item->state == outbox_state::pending);
        CHECK(s.claim_entry().idempotency_key == made_id + ":1");
    }
    CHECK(s.state_of(made_id) == sync_state::queued);
    s.check_totals();
}

TEST_CASE("an import for the cloud queues what is new, in its order") {
    outbox_fixture s;
    s.add("here", "tea");
    s.sync(memory_of("went", "tea"), after_sync::drop_copy);
    const auto answers = s.run(s->import_memories(
        {memory_of("m1", "tea"), memory_of("here", "tea"), memory_of("went", "tea"),
         memory_of("cloud-went", "tea"), memory_of("m2", "tea"), memory_of("m1", "again")},
        outbound{.call = cloud_call::sync}));
    using enum imported;
    CHECK(*answers == std::vector{created, duplicate, duplicate, duplicate, created, duplicate});
    CHECK(ids_of(s.items().items) == ids{"m1", "m2"});
    CHECK(s.state_of("here") == sync_state::local);
    const auto lane = s.claim_one();
    CHECK(ids_of(lane) == ids{"m1", "m2"});
    CHECK(lane.entries[0].call == cloud_call::sync);
    s.check_totals();
}

TEST_CASE("an import brings back what was removed here, for the cloud as another memory") {
    outbox_fixture s;
    s.sync(memory_of(made_id, "tea"));
    s.remove(made_id);
    CHECK(s.run(s->import_memories({memory_of(made_id, "tea")}, outbound{}))->at(0) ==
          imported::created);
    CHECK(s.claim_entry().idempotency_key == made_id + ":1");
}

TEST_CASE("a full queue refuses whatever would be queued, says why and stores nothing") {
    outbox_fixture s({.most_queue_bytes = 1000});
    s.queue(memory_of("m1", std::string(600, 'x')));
    const auto check_full = [&](const auto& answer) {
        REQUIRE_FALSE(answer.has_value());
        CHECK(answer.error().code == errc::full);
        CHECK(answer.error().detail.find("MEMORYPRO_QUEUE_MAX_BYTES") != std::string::npos);
        CHECK(s.totals().pending == 1);
        CHECK(s.totals().bytes == 600);
        CHECK(s.listed() == ids{"m1"});
        s.check_totals();
    };
    const std::string large(401, 'x');
    const idempotency key{"key", "digest"};
    check_full(s.run(s->accept_memory(memory_of("m2", large), key, outbound{})));
    check_full(s.run(s->upsert_memory(memory_of("m2", large), outbound{})));
    check_full(s.run(s->upsert_memory(memory_of("m1", std::string(1001, 'x')), outbound{})));
    check_full(s.run(s->import_memories(
        {memory_of("m2", std::string(200, 'x')), memory_of("m3", std::string(201, 'x'))},
        outbound{})));
    CHECK(s.run(s->find_memory("m1"))->what.content.size() == 600);

    s.upsert(memory_of("m1", std::string(1000, 'x')), outbound{});  // up to the bound
    CHECK(s.run(s->accept_memory(memory_of("local", large), {}, {})));
    CHECK(s.send_all() == ids{"m1"});
    CHECK(s.run(s->accept_memory(memory_of("m2", large), key, outbound{}))->created);
    s.check_totals();
}

TEST_CASE("dead letters do not fill the queue") {
    outbox_fixture s({.most_queue_bytes = 1000});
    s.queue(memory_of("m1", std::string(900, 'x')));
    s.settle(settle_as(s.claim_entry(), kind::refused));
    s.queue(memory_of("m2", std::string(900, 'x')));
    CHECK(s.totals().bytes == 900);
}

TEST_CASE("the bound of the queue can be set anew") {
    outbox_fixture s({.most_queue_bytes = 1});
    CHECK_FALSE(s.run(s->accept_memory(memory_of("m1", "tea"), {}, outbound{})).has_value());
    s->bound_queue(3);
    CHECK(s.run(s->accept_memory(memory_of("m1", "tea"), {}, outbound{})));
    s->bound_queue(0);
    CHECK(s.run(s->accept_memory(memory_of("m2", "tea"), {}, outbound{})));
}

TEST_CASE("a full disk leaves memories, rows and totals as they were") {
    outbox_fixture s({.most_pages = 250});
    const std::string large(20'000, 'x');
    int stored = 0;
    while (s.run(s->accept_memory(memory_of("f" + std::to_string(stored), large), {}, outbound{})))
        ++stored;
    REQUIRE(stored > 10);
    CHECK(s.totals().pending == stored);
    s.check_totals();
    for (int i = 0; i < 5; ++i) {
        CHECK_FALSE(s.run(s->upsert_memory(memory_of("x", large), outbound{})).has_value());
        s.check_totals();
    }
    s.open();  // room again
    CHECK(s.totals().pending == stored);
    CHECK(s.send_all(after_sync::drop_copy).size() == std::size_t(stored));
    s.check_totals();
    CHECK(s.soundness() == "ok");
}

TEST_CASE("stores at once into a full disk count only what was acknowledged") {
    outbox_fixture s({.most_pages = 250});
    const std::string large(20'000, 'x');
    std::vector<std::shared_ptr<test::outcome<result<accepted>>>> started;
    for (int i = 0; i < 300; ++i)
        started.push_back(test::start(
            s.loop, s->accept_memory(memory_of("m" + std::to_string(i), large), {}, outbound{})));
    int acknowledged = 0;
    for (const auto& one : started)
        acknowledged += test::finish(s.loop, one) ? 1 : 0;
    CHECK(acknowledged < 300);
    CHECK(s.totals().pending == acknowledged);
    s.check_totals();
}

TEST_CASE("a transaction that fails takes back what its jobs had counted") {
    test::temp_dir dir;
    test::fake_clock clock;
    sqlite::write_side writer(dir.file("db"), clock, {});
    const auto queue_one = [&](sqlite::connection& db) {
        sqlite::accept(writer, db, memory_of("m1", "tea"), outbound{});
    };
    CHECK_THROWS_AS(writer.in_own_transaction([&](sqlite::connection& db) {
        queue_one(db);
        throw std::runtime_error("on purpose");
    }),
                    std::runtime_error);
    CHECK(writer.counts().pending == 0);
    CHECK(writer.counts().queued_bytes == 0);
    writer.in_own_transaction(queue_one);
    CHECK(writer.counts().pending == 1);
    CHECK(writer.counts().queued_bytes == 3);
}

TEST_CASE("stores at once are all queued") {
    outbox_fixture s;
    std::vector<std::shared_ptr<test::outcome<result<accepted>>>> started;
    for (int i = 0; i < 500; ++i)
        started.push_back(test::start(
            s.loop, s->accept_memory(memory_of(i % 50 == 7 ? "m0" : "m" + std::to_string(i), "tea"),
                                     {}, outbound{})));
    int failed = 0;
    for (const auto& one : started) {
        REQUIRE(test::run_until(s.loop, [&] { return one->done(); }));
        failed += one->failure ? 1 : 0;
    }
    CHECK(failed == 10);
    CHECK(s.totals().pending == 490);
    s.check_totals();
    s.open();
    s.check_totals();
    CHECK(s.send_all().size() == 490);
}

}  // namespace
}  // namespace memorypro::store
