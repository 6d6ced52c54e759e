// What is known here of what the cloud has: copies, ids and tombstones, in a recall and after it.
#include "memory/cloud_answers.hpp"

namespace memorypro::memory {
namespace {

using config::mode;

const cloud::no_answer cut{cloud::no_answer::reason::broken, "cut", true};

TEST_CASE("what the cloud has is recalled from the cloud, once, under its id here") {
    service_fixture f(mode::hybrid);
    const auto id = f.keep("green tea")->id;
    f.drain(store::after_sync::keep_copy, "mem_1");
    f.cloud.next(answering(hit("mem_1", 0.5)));
    const auto answer = f.recall({.query = "tea"});
    CHECK(answer.source == answered_by::cloud);
    REQUIRE(ids_of(answer.memories) == ids{id});
    CHECK(answer.memories[0].memory.what.content == "green tea");
    CHECK(answer.memories[0].memory.sync_state == sync_state::synced);
}

TEST_CASE("a changed copy is shown as it is here; an archived one only when asked for") {
    service_fixture f(mode::hybrid);
    const auto id = f.keep("green tea")->id;
    f.drain(store::after_sync::keep_copy, "mem_1");
    REQUIRE(f.run(f.memories.amend(id, {.content = "black tea"})));
    f.cloud.otherwise(answering(hit("mem_1", 0.5)));
    CHECK(f.recall({.query = "tea"}).memories.at(0).memory.what.content == "black tea");
    REQUIRE(f.run(f.memories.amend(id, {.archived = true})));
    CHECK(f.recall({.query = "tea"}).memories.empty());
    CHECK(f.recall({.query = "tea", .filter = {.include_archived = true}}).memories.size() == 1);
}

TEST_CASE("what was edited here is recalled by what it says now, once") {
    service_fixture f(mode::hybrid);
    const auto id = f.keep("green tea")->id;
    f.drain(store::after_sync::keep_memory, "mem_1");
    REQUIRE(f.run(f.memories.amend(id, {.content = "black coffee", .tags_json = R"(["late"])"})));
    f.cloud.next(answering(""));
    const auto answer = f.recall({.query = "coffee"});
    CHECK(ids_of(answer.memories) == ids{id});
    CHECK(answer.source == answered_by::merged);
    CHECK(answer.memories.at(0).memory.sync_state == sync_state::synced);
    f.cloud.next(answering(""));
    CHECK(ids_of(f.recall({.query = "coffee", .filter = {.tags = {"late"}}}).memories) == ids{id});
    f.cloud.next(answering(hit("mem_1", 0.9)));
    CHECK(ids_of(f.recall({.query = "coffee tea"}).memories) == ids{id});
    REQUIRE(f.run(f.memories.remove(id)));
    f.cloud.next(answering(hit("mem_1", 0.9)));
    CHECK(f.recall({.query = "coffee"}).memories.empty());
}

TEST_CASE("after the local copy goes the mapping stays: the memory keeps the id it was given") {
    service_fixture f(mode::cloud_first);
    const auto id = waiting(f, "green tea");
    f.drain(store::after_sync::drop_copy, "mem_1");
    f.cloud.next(answering(hit("mem_1", 0.5)));
    const auto answer = f.recall({.query = "tea"});
    CHECK(answer.source == answered_by::cloud);
    REQUIRE(ids_of(answer.memories) == ids{id});
    CHECK(answer.memories[0].memory.what.content == "tea of the cloud");
    const auto gone = f.run(f.memories.get(id));
    REQUIRE_FALSE(gone);
    CHECK(gone.error().code == errc::not_found);
    CHECK(gone.error().detail.find("mem_1") != std::string::npos);
    const auto foreign = f.run(f.memories.get("mem_7"));
    REQUIRE_FALSE(foreign);
    CHECK(foreign.error().detail.find("not kept here") != std::string::npos);
}

TEST_CASE("what was deleted here is never recalled again, by whichever id it was deleted") {
    service_fixture f(mode::cloud_first);
    f.cloud.next({201, R"({"memory_id":"mem_1"})"});
    const auto stored = f.keep("green tea")->id;
    const auto waited = waiting(f, "black tea");
    f.drain(store::after_sync::drop_copy, "mem_2");
    CHECK(f.run(f.memories.remove(stored)).value() == store::cloud_copy::retained);
    CHECK(f.run(f.memories.remove(waited)).value() == store::cloud_copy::retained);
    f.cloud.next(answering(hit("mem_1", 0.9) + "," + hit("mem_2", 0.8) + "," + hit("mem_3", 0.7)));
    CHECK(ids_of(f.recall({.query = "tea"}).memories) == ids{"mem_3"});
    CHECK(f.run(f.memories.remove(stored)).error().code == errc::not_found);
    CHECK(f.run(f.memories.remove(waited)).error().code == errc::not_found);
}

// As the cloud shows what it was sent first.
std::string sent_hit(service_fixture& f, std::string cloud_id) {
    return R"({"memory_id":")" + cloud_id + R"(","content":"green tea","timestamp":")" +
           std::string(f.sent(0).at("timestamp").as_string()) + "\"}";
}

TEST_CASE("what was deleted before the cloud told its id is not recalled from the cloud") {
    service_fixture f(GENERATE(mode::cloud_first, mode::hybrid));
    f.cloud.next(cut);
    const auto id = f.keep("green tea")->id;
    if (config::mode_of(f.settings) == mode::hybrid) {
        const auto lane = f.run(f->claim_outbox({.lanes = 1})).lanes.at(0);
        f.run(f.client.sync(cloud::sync_body(lane.entries[0].memory.what, {}, id), "key",
                            cloud::patience::once));
    }
    REQUIRE(f.run(f.memories.remove(id)).value() == store::cloud_copy::retained);
    f.cloud.next(answering(sent_hit(f, "mem_1") + "," + hit("mem_2", 0.5)));
    CHECK(ids_of(f.recall({.query = "tea"}).memories) == ids{"mem_2"});
}

TEST_CASE("what was deleted, and is stored again as it was recalled, is recalled") {
    service_fixture f(mode::cloud_first);
    f.cloud.next(cut);
    const auto id = f.keep("green tea")->id;
    auto again = given("green tea");
    again.what.time = f.run(f.memories.get(id))->what.time;
    REQUIRE(f.run(f.memories.remove(id)));
    f.cloud.next({201, R"({"memory_id":"mem_9"})"});
    REQUIRE(f.keep(again)->id == "mem_9");
    f.cloud.next(answering(sent_hit(f, "mem_1") + "," + sent_hit(f, "mem_9")));
    CHECK(ids_of(f.recall({.query = "tea"}).memories) == ids{"mem_9"});
}

TEST_CASE("what a memory was before the cloud told its id is not recalled beside what it is") {
    service_fixture f(mode::cloud_first);
    f.cloud.next(cut);
    const auto id = f.keep("green tea")->id;
    const auto patch = GENERATE(store::memory_patch{.content = "black tea"},
                                store::memory_patch{.tags_json = R"(["late"])"});
    REQUIRE(f.run(f.memories.amend(id, patch)));
    f.cloud.next(answering(sent_hit(f, "mem_1")));
    CHECK(ids_of(f.recall({.query = "tea"}).memories) == ids{id});
    REQUIRE(f.run(f.memories.remove(id)));
    f.cloud.next(answering(sent_hit(f, "mem_1")));
    CHECK(f.recall({.query = "tea"}).memories.empty());
}

TEST_CASE("a memory whose id the cloud told is recalled, whatever it was") {
    service_fixture f(mode::cloud_first);
    f.cloud.next(cut);
    const auto id = f.keep("green tea")->id;
    REQUIRE(f.run(f.memories.amend(id, {.tags_json = R"(["late"])"})));
    f.drain(store::after_sync::drop_copy, "mem_1");
    f.cloud.next(answering(sent_hit(f, "mem_1") + "," + sent_hit(f, "mem_0")));
    CHECK(ids_of(f.recall({.query = "tea"}).memories) == ids{id});
}

TEST_CASE("deleting what was never sent retains nothing, and it is never sent") {
    service_fixture f(mode::hybrid);
    const auto id = f.keep("green tea")->id;
    CHECK(f.run(f.memories.remove(id)).value() == store::cloud_copy::none);
    CHECK(f.queue().empty());
}

TEST_CASE("an id that nobody knows is the cloud's only where there is one") {
    service_fixture f;
    CHECK(f.run(f.memories.remove("mem_9")).error().code == errc::not_found);
    f.settings = in_mode(mode::hybrid);
    CHECK(f.run(f.memories.remove("mem_9")).value() == store::cloud_copy::retained);
}

TEST_CASE("what is hidden here does not take the places of others: the cloud is asked for more") {
    service_fixture f(mode::cloud_first);
    REQUIRE(f.run(f.memories.remove("gone")));
    f.cloud.next(answering(hit("gone", 0.9), R"(,"discovered_actions":[{"type":"task"}])"));
    f.cloud.next(answering(hit("gone", 0.9) + "," + hit("mem_1", 0.8) + "," + hit("mem_2", 0.7)));
    const auto answer = f.recall({.query = "tea", .count = 1});
    CHECK(ids_of(answer.memories) == ids{"mem_1"});
    CHECK(answer.actions_json == R"([{"type":"task"}])");
    CHECK(f.sent(0).at("recall_count") == 1);
    CHECK(f.sent(0).at("auto_queue_actions") == true);
    CHECK(f.sent(1).at("recall_count") == 8);
    CHECK(f.sent(1).at("auto_queue_actions") == false);
}

TEST_CASE("the cloud is asked once where it has no more to give, or nothing better") {
    service_fixture f(mode::cloud_first);
    REQUIRE(f.run(f.memories.remove("gone")));
    f.cloud.otherwise(answering(hit("gone", 0.9) + "," + hit("mem_1", 0.2)));
    CHECK(f.recall({.query = "tea", .count = 3}).memories.size() == 1);
    CHECK(f.recall({.query = "tea", .count = 2, .min_score = 0.5}).memories.empty());
    CHECK(f.recall({.query = "tea", .count = 1}).memories.size() == 1);
    CHECK(f.cloud.exchanges().size() == 3);
}

TEST_CASE("when asking for more fails the first answer stays") {
    service_fixture f(mode::cloud_first);
    REQUIRE(f.run(f.memories.remove("gone")));
    f.cloud.next(answering(hit("gone", 0.9) + "," + hit("mem_1", 0.2)));
    f.cloud.next(cloud::answer{503});
    const auto answer = f.recall({.query = "tea", .count = 2});
    CHECK(ids_of(answer.memories) == ids{"mem_1"});
    CHECK_FALSE(answer.degraded);
}

TEST_CASE("a change of what waits wakes the worker, a change of what is synced does not") {
    service_fixture f(mode::hybrid);
    const auto id = f.keep("tea")->id;
    auto rings = f.news.rings();
    REQUIRE(f.run(f.memories.amend(id, {.content = "green tea"})));
    CHECK(f.news.rings() == rings + 1);
    f.drain(store::after_sync::keep_copy, "mem_1");
    rings = f.news.rings();
    REQUIRE(f.run(f.memories.amend(id, {.content = "black tea"})));
    CHECK(f.news.rings() == rings);
}

}  // namespace
}  // namespace memorypro::memory
