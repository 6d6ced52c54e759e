// Copies of what the cloud has: for recall without it, bounded, oldest first out.
#include "store/outbox_fixture.hpp"

namespace memorypro::store {
namespace {

void keep(outbox_fixture& s, const std::string& id, std::size_t bytes) {
    REQUIRE(s.run(s->keep_copy(memory_of(id, std::string(bytes, 'x')), "cloud-" + id)));
}

void trim(outbox_fixture& s, std::uint64_t most) {
    while (s.run(s->trim_copies(most))) {
    }
}

TEST_CASE("a kept copy is a synced memory under both ids") {
    outbox_fixture s;
    REQUIRE(s.run(s->keep_copy(memory_of("m1", "tea"), "cloud-1")));
    CHECK(s.state_of("m1") == sync_state::synced);
    CHECK(s.state_of("cloud-1") == sync_state::synced);
    CHECK(s.matches({"tea"}) == ids{"m1"});
    CHECK(s.known("cloud-1").copy->id == "m1");
    CHECK(s.items().total == 0);
    CHECK(s.run(s->queue_locals(cloud_call::sync, 10))->remaining == 0);
    CHECK(s.soundness() == "ok");
}

TEST_CASE("a kept copy takes the place of an older one, but not of what waits") {
    outbox_fixture s;
    s.sync(memory_of("m1", "tea"));
    REQUIRE(s.run(s->keep_copy(memory_of("m1", "milk"), "cloud-m1")));
    CHECK(s.run(s->find_memory("m1"))->what.content == "milk");
    REQUIRE(
        s.run(s->keep_copy(memory_of("other", "coffee"), "cloud-m1")));  // the same to the cloud
    CHECK(s.run(s->find_memory("m1"))->what.content == "coffee");
    CHECK(s.listed() == ids{"m1"});
    s.queue("waits");
    REQUIRE(s.run(s->keep_copy(memory_of("waits", "milk"), "cloud-2")));
    CHECK(s.state_of("waits") == sync_state::queued);
    CHECK(s.run(s->find_memory("waits"))->what.content == "tea");
    CHECK(s.known("cloud-2").local_id == "waits");
    s.check_totals();
    CHECK(s.soundness() == "ok");
}

TEST_CASE("a kept copy leaves what was stored, changed or archived here as it is") {
    outbox_fixture s;
    s.add("local", "tea");
    s.sync(memory_of("changed", "tea"));
    s.sync(memory_of("archived", "tea"));
    s.run(s->amend_memory("changed", {.content = "coffee"}));
    s.run(s->amend_memory("archived", {.archived = true}));
    for (const char* id : {"local", "changed", "archived"})
        REQUIRE(s.run(s->keep_copy(memory_of(id, "milk"), std::string("cloud-") + id)));
    CHECK(s.run(s->find_memory("local"))->what.content == "tea");
    CHECK(s.state_of("local") == sync_state::local);
    CHECK(s.known("cloud-local").copy->what.content == "tea");
    CHECK(s.run(s->find_memory("changed"))->what.content == "coffee");
    CHECK(s.run(s->find_memory("archived"))->what.content == "tea");
    trim(s, 0);
    CHECK(s.listed({.include_archived = true}).size() == 3);
}

TEST_CASE("the oldest copies go until the others fit, and are still known") {
    outbox_fixture s;
    for (int i = 0; i < 10; ++i)
        keep(s, "m" + std::to_string(i), 1000);
    trim(s, 10'000);
    CHECK(s.listed().size() == 10);
    trim(s, 9'999);
    CHECK(s.listed().size() == 9);
    trim(s, 3'500);
    CHECK(s.listed() == ids{"m9", "m8", "m7"});
    CHECK(s.known("cloud-m0").local_id == "m0");
    CHECK(s.run(s->find_memory("m0")).error().detail.find("cloud-m0") != std::string::npos);
    s.open();
    keep(s, "m10", 1000);
    trim(s, 3'500);
    CHECK(s.listed() == ids{"m10", "m9", "m8"});
    trim(s, 0);
    CHECK(s.listed().empty());
    CHECK(s.soundness() == "ok");
}

TEST_CASE("only copies go: not what is local, waits, is dead, kept, changed or archived") {
    outbox_fixture s;
    s.add("local", "tea");
    s.queue("dead");
    s.settle(settle_as(s.claim_entry(), kind::refused));
    for (const char* id : {"copy", "changed", "archived", "again"})
        s.sync(memory_of(id, "tea"));
    s.sync(memory_of("kept", "tea"), after_sync::keep_memory);
    s.run(s->amend_memory("changed", {.content = "milk"}));
    s.run(s->amend_memory("archived", {.archived = true}));
    s.upsert(memory_of("again", "milk"), outbound{});
    s.queue("waits");
    trim(s, 0);
    auto left = s.listed({.include_archived = true});
    std::sort(left.begin(), left.end());
    CHECK(left == ids{"again", "archived", "changed", "dead", "kept", "local", "waits"});
}

TEST_CASE("copies that were removed, or queued again, count no more") {
    outbox_fixture s;
    for (const char* id : {"m0", "m1", "m2"})
        keep(s, id, 1000);
    CHECK_FALSE(s.run(s->trim_copies(3000)));  // counted from here on
    s.remove("m0");
    s.upsert(memory_of("m1", std::string(1000, 'y')), outbound{});
    keep(s, "m3", 500);
    trim(s, 1500);
    CHECK(s.listed() == ids{"m3", "m2", "m1"});
    s.send_all();  // m1 is a copy again
    trim(s, 1500);
    CHECK(s.listed() == ids{"m3", "m2"});
}

TEST_CASE("many copies go some at a time") {
    outbox_fixture s;
    for (int i = 0; i < 300; ++i)
        keep(s, "m" + std::to_string(i), 10);
    CHECK(s.run(s->trim_copies(0)));
    CHECK_FALSE(s.listed().empty());
    trim(s, 0);
    CHECK(s.listed().empty());
    CHECK_FALSE(s.run(s->trim_copies(0)));
}

TEST_CASE("a search for what the cloud does not have leaves its copies out") {
    outbox_fixture s;
    const auto unsynced = [&](memory_filter filter = {}) {
        auto wanted = search_for({"tea"}, std::move(filter));
        wanted.unsynced_only = true;
        return ids_of(s.run(s->find_matches(wanted)));
    };
    CHECK(unsynced().empty());
    s.sync(memory_for("ada", "synced"));
    CHECK(unsynced().empty());
    s.queue(memory_for("ada", "dead"));
    s.settle(settle_as(s.claim_entry(), kind::refused));
    CHECK(unsynced() == ids{"dead"});
    s.queue(memory_for("bob", "queued"));
    s.add(memory_for("ada", "local"));
    CHECK(unsynced() == ids{"local", "queued", "dead"});
    CHECK(unsynced({.user_id = "ada"}) == ids{"local", "dead"});
    CHECK(s.matches({"tea"}).size() == 4);
    s.open();
    CHECK(unsynced().size() == 3);
    s.remove("local");
    s.remove("dead");
    s.send_all();
    CHECK(unsynced().empty());
    s.add(memory_for("ada", "new"));
    CHECK(unsynced() == ids{"new"});
}

}  // namespace
}  // namespace memorypro::store
