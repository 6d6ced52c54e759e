// cloud_first in detail: idempotency keys, syncs under the caller's id, copies.
#include "memory/cloud_first.hpp"

#include "base/sha256.hpp"
#include "memory/fixture.hpp"

namespace memorypro::memory {
namespace {

using config::mode;
using store::cloud_call;
using store::idempotency;

cloud::answer taken(std::string id) {
    return {201, R"({"status":"success","memory_id":")" + id + "\"}"};
}

TEST_CASE("the same key and body again is the first answer, and the cloud is called once") {
    service_fixture f(mode::cloud_first);
    f.cloud.next(taken("mem_1"));
    REQUIRE(f.keep("tea", idempotency{"key", "digest"}));
    f.announced();
    const auto again = f.keep("tea", idempotency{"key", "digest"});
    REQUIRE(again);
    CHECK(again->id == "mem_1");
    CHECK(again->sync_state == sync_state::synced);
    CHECK(again->replayed);
    CHECK(f.keep("milk", idempotency{"key", "another"}).error().code == errc::conflict);
    CHECK(f.cloud.exchanges().size() == 1);
    CHECK(f.announced().empty());
}

TEST_CASE("the cloud's key comes from the client's key and body, the same after a restart") {
    std::vector<std::string> sent;
    for (const auto& key : {idempotency{"key", "digest"}, idempotency{"key", "digest"},
                            idempotency{"key", "another"}, idempotency{"yek", "digest"}}) {
        service_fixture f(mode::cloud_first);
        f.cloud.next(taken("mem_1"));
        REQUIRE(f.keep("tea", key));
        sent.push_back(f.key_sent(0));
    }
    CHECK(sent[0].size() == 64);
    CHECK(sent[0] == sent[1]);
    CHECK(sent[0] != sent[2]);
    CHECK(sent[0] != sent[3]);
}

TEST_CASE("a repeat under a key that was not answered is the same request, time included") {
    service_fixture f(without_fallback(in_mode(mode::cloud_first)));
    f.cloud.next(cloud::no_answer{cloud::no_answer::reason::broken, "cut", true});
    CHECK(f.keep("tea", idempotency{"key", "digest"}).error().code == errc::unavailable);
    f.clock.advance(std::chrono::minutes(5));
    f.cloud.next(taken("mem_1"));
    REQUIRE(f.keep("tea", idempotency{"key", "digest"}));
    CHECK(f.key_sent(0) == f.key_sent(1));
    CHECK(f.cloud.request(0).body == f.cloud.request(1).body);
}

TEST_CASE("a key whose store was queued replays that answer and waits under the cloud's key") {
    service_fixture f(mode::cloud_first);
    f.cloud.next(f.hung());
    const auto first = f.keep("tea", idempotency{"key", "digest"});
    REQUIRE(first);
    const auto again = f.keep("tea", idempotency{"key", "digest"});
    REQUIRE(again);
    CHECK(again->id == first->id);
    CHECK(again->sync_state == sync_state::queued);
    CHECK(again->replayed);
    const auto queue = f.claimed();
    REQUIRE(queue.size() == 1);
    CHECK(queue[0].idempotency_key == f.key_sent(0));
}

TEST_CASE("two requests with one key at once are one memory") {
    service_fixture f(mode::cloud_first);
    f.cloud.next_hangs(taken("mem_1"));
    const auto first =
        test::start(f.loop, f.memories.store(given("tea"), idempotency{"key", "digest"}));
    const auto second =
        test::start(f.loop, f.memories.store(given("tea"), idempotency{"key", "digest"}));
    const auto wrong =
        test::start(f.loop, f.memories.store(given("milk"), idempotency{"key", "another"}));
    REQUIRE(test::run_until(f.loop, [&] { return f.cloud.hanging() == 1; }));
    f.cloud.release();
    CHECK_FALSE(test::finish(f.loop, first)->replayed);
    CHECK(test::finish(f.loop, second)->replayed);
    CHECK(test::finish(f.loop, wrong).error().code == errc::conflict);
    CHECK(f.cloud.exchanges().size() == 1);
}

TEST_CASE("what the cloud refused under a key may be sent again under it") {
    service_fixture f(mode::cloud_first);
    f.cloud.next(cloud::answer{422});
    CHECK_FALSE(f.keep("tea", idempotency{"key", "digest"}));
    f.cloud.next(taken("mem_1"));
    CHECK(f.keep("tea", idempotency{"key", "digest"})->id == "mem_1");
}

TEST_CASE("a sync goes to memory/sync, answers the caller's id, and maps the cloud's to it") {
    service_fixture f(mode::cloud_first);
    f.cloud.next(taken("mem_1"));
    const auto synced = f.sync("mine", "tea");
    REQUIRE(synced);
    CHECK(synced->id == "mine");
    CHECK(synced->sync_state == sync_state::synced);
    CHECK(f.cloud.request(0).target == "/api/v1/memory/sync");
    CHECK(f.sent(0).at("local_memory_id") == "mine");
    CHECK(f.listed().empty());
    const auto known = f.run(f->find_known({"mem_1"}));
    CHECK(known[0].local_id == "mine");
    CHECK_FALSE(known[0].copy);
}

TEST_CASE("each sync has a key of its own: the same id with other content is no repeat") {
    service_fixture f(mode::cloud_first);
    f.cloud.next(taken("mem_1"));
    f.cloud.next(taken("mem_1"));
    REQUIRE(f.sync("mine", "tea"));
    REQUIRE(f.sync("mine", "green tea"));
    REQUIRE(f.cloud.exchanges().size() == 2);
    CHECK(f.key_sent(0).size() == 36);
    CHECK(f.key_sent(0) != f.key_sent(1));
}

TEST_CASE("a sync that the cloud does not name is synced all the same") {
    service_fixture f(mode::cloud_first);
    f.cloud.next({200, R"({"status":"success"})"});
    CHECK(f.sync("mine", "tea")->sync_state == sync_state::synced);
    CHECK(f.queue().empty());
}

TEST_CASE("a sync that fails is queued for memory/sync under its key") {
    service_fixture f(mode::cloud_first);
    f.cloud.next(f.hung());
    const auto queued = f.sync("mine", "tea");
    REQUIRE(queued);
    CHECK(queued->id == "mine");
    CHECK(queued->sync_state == sync_state::queued);
    const auto queue = f.claimed();
    REQUIRE(queue.size() == 1);
    CHECK(queue[0].call == cloud_call::sync);
    CHECK(queue[0].idempotency_key == f.key_sent(0));
}

TEST_CASE("a sync that the cloud refuses is refused, and nothing is kept") {
    service_fixture f(mode::cloud_first);
    f.cloud.next(cloud::answer{400, R"({"error":"no such user"})"});
    const auto refused = f.sync("mine", "tea");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::refused);
    CHECK(refused.error().detail.find("no such user") != std::string::npos);
    CHECK(f.listed().empty());
}

TEST_CASE("a sync of what waits here goes behind it, never past it") {
    service_fixture f(mode::cloud_first);
    f.cloud.next(f.hung());
    REQUIRE(f.sync("mine", "tea"));
    f.clock.advance(std::chrono::seconds(1));
    const auto calls = f.cloud.exchanges().size();
    const auto again = f.sync("mine", "green tea");
    REQUIRE(again);
    CHECK(again->sync_state == sync_state::queued);
    CHECK(f.cloud.exchanges().size() == calls);
    const auto queue = f.claimed();
    REQUIRE(queue.size() == 1);
    CHECK(queue[0].memory.what.content == "green tea");
    CHECK(queue[0].idempotency_key != f.key_sent(0));
}

TEST_CASE("what is only local is queued by a sync: the copy must not fall behind the cloud") {
    service_fixture f;
    REQUIRE(f.sync("mine", "tea"));
    f.settings = in_mode(mode::cloud_first);
    CHECK(f.sync("mine", "green tea")->sync_state == sync_state::queued);
    CHECK(f.cloud.exchanges().empty());
    CHECK(f.run(f.memories.get("mine"))->what.content == "green tea");
}

TEST_CASE("syncs of one memory take turns, so that the last one stays; others do not wait") {
    service_fixture f(mode::cloud_first);
    f.cloud.otherwise([](const cloud::request& asked) -> test::fake_transport::step {
        if (asked.body.find("milk") != std::string::npos) return {taken("mem_2")};
        return {cloud::answer{503}, true};
    });
    const auto first = test::start(f.loop, f.memories.sync(named("mine", "tea")));
    const auto second = test::start(f.loop, f.memories.sync(named("mine", "green tea")));
    const auto other = test::start(f.loop, f.memories.sync(named("other", "milk")));
    CHECK(test::finish(f.loop, other)->sync_state == sync_state::synced);
    REQUIRE(test::run_until(f.loop, [&] { return f.cloud.hanging() == 1; }));
    CHECK(f.cloud.exchanges().size() == 2);
    f.cloud.release();
    CHECK(test::finish(f.loop, first)->sync_state == sync_state::queued);
    CHECK(test::finish(f.loop, second)->sync_state == sync_state::queued);
    const auto queue = f.claimed();
    REQUIRE(queue.size() == 1);
    CHECK(queue[0].memory.what.content == "green tea");
}

TEST_CASE("with a cache the newest copies stay, without one none does") {
    auto settings = in_mode(mode::cloud_first);
    settings.cache_max_bytes = 1 << 20;
    service_fixture f(settings);
    f.cloud.next(taken("mem_1"));
    f.cloud.next(taken("mem_2"));
    REQUIRE(f.keep("tea"));
    REQUIRE(f.sync("mine", "milk"));
    REQUIRE(test::run_until(f.loop, [&] { return f.listed().size() == 2; }));
    const auto tea = f.run(f.memories.get("mem_1"));
    REQUIRE(tea);
    CHECK(tea->id == "mem_1");
    CHECK(tea->what.content == "tea");
    CHECK(tea->sync_state == sync_state::synced);
    CHECK(f.run(f.memories.get("mine"))->sync_state == sync_state::synced);
    CHECK(f.run(f.memories.get("mem_2"))->id == "mine");
    CHECK(f.queue().empty());
}

TEST_CASE("a sync is the newest word on a copy, whatever was done to it here before") {
    auto settings = in_mode(mode::cloud_first);
    settings.cache_max_bytes = 1 << 20;
    service_fixture f(settings);
    f.cloud.otherwise(taken("mem_1"));
    REQUIRE(f.sync("mine", "tea"));
    REQUIRE(test::run_until(f.loop, [&] { return f.listed().size() == 1; }));
    SECTION("nothing") {}
    SECTION("it was changed") {
        REQUIRE(f.run(f.memories.amend("mine", {.content = "milk"})));
    }
    SECTION("it was prioritized by the cloud's advice") {
        store::new_insight advice;
        advice.kind = store::insight_kind::lifecycle_recommendation;
        advice.action = store::lifecycle_action::prioritize;
        advice.digest = sha256("1");
        advice.payload_json = "{}";
        advice.memory_ids = {"mem_1"};
        REQUIRE(f.run(f->record_insights({advice}, store::insight_source::push, {},
                                         store::unknown_ids::are_the_clouds)));
        CHECK(f.run(f.memories.get("mine"))->what.priority == store::priority::high);
    }
    REQUIRE(f.sync("mine", "green coffee"));
    REQUIRE(test::run_until(f.loop, [&] {
        const auto here = f.run(f.memories.get("mine"));
        return here && here->what.content == "green coffee";
    }));
    CHECK(f.queue().empty());
}

TEST_CASE("without a cache a memory that was changed here goes once the cloud took its next sync") {
    auto settings = in_mode(mode::cloud_first);
    settings.cache_max_bytes = 1 << 20;
    service_fixture f(settings);
    f.cloud.otherwise(taken("mem_1"));
    REQUIRE(f.sync("mine", "tea"));
    REQUIRE(test::run_until(f.loop, [&] { return f.listed().size() == 1; }));
    REQUIRE(f.run(f.memories.amend("mine", {.content = "milk"})));
    f.settings.cache_max_bytes = 0;
    REQUIRE(f.sync("mine", "coffee"));
    CHECK(test::run_until(f.loop, [&] { return f.listed().empty(); }));
    CHECK(f.run(f->find_known({"mem_1"}))[0].local_id == "mine");
}

TEST_CASE("the cache keeps its bound: the oldest copies go") {
    auto settings = in_mode(mode::cloud_first);
    settings.cache_max_bytes = 1000;
    service_fixture f(settings);
    for (int i = 0; i < 8; ++i) {
        f.cloud.next(taken("mem_" + std::to_string(i)));
        REQUIRE(f.keep(std::string(300, 'x')));
    }
    REQUIRE(test::run_until(f.loop, [&] {
        const auto here = f.listed();
        return !here.empty() && here.size() <= 3 && here.front() == "mem_7";
    }));
}

}  // namespace
}  // namespace memorypro::memory
