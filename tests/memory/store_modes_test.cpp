// Storing by mode: each cell of the table in DESIGN §6.
#include "memory/fixture.hpp"

namespace memorypro::memory {
namespace {

using config::mode;
using store::cloud_call;

const cloud::answer accepted_by_cloud{201, R"({"status":"success","memory_id":"mem_1"})"};
const cloud::no_answer not_connected{cloud::no_answer::reason::not_connected, "refused"};

TEST_CASE("in local mode a memory stays here and the cloud is not asked") {
    service_fixture f;
    const auto stored = f.keep("tea");
    CHECK(stored->sync_state == sync_state::local);
    CHECK(f.run(f.memories.get(stored->id))->sync_state == sync_state::local);
    CHECK(f.sync("mine", "tea")->sync_state == sync_state::local);
    f.run(f.memories.import({given("milk")}));
    CHECK(f.queue().empty());
    CHECK(f.cloud.exchanges().empty());
    CHECK(f.news.rings() == 0);
}

TEST_CASE("in cloud_first the cloud takes a memory, nothing is kept here, its id is the answer") {
    service_fixture f(mode::cloud_first);
    f.cloud.next(accepted_by_cloud);
    auto tea = given("tea");
    tea.what.user_id = "lena";
    const auto stored = f.keep(tea);
    REQUIRE(stored);
    CHECK(stored->id == "mem_1");
    CHECK(stored->sync_state == sync_state::synced);
    CHECK(f.announced() == ids{R"(memory.stored{"memory_id":"mem_1","sync_state":"synced"})"});
    CHECK(f.cloud.request(0).target == "/api/v1/memory/store");
    CHECK(f.sent(0).at("content") == "tea");
    CHECK(f.sent(0).at("user_id") == "lena");
    CHECK(f.key_sent(0).size() == 36);
    CHECK(f.listed().empty());
    CHECK(f.queue().empty());
    CHECK(f.counted.text().find("memorypro_store_seconds_count 1") != std::string::npos);
}

TEST_CASE("in cloud_first a memory is queued when the cloud is away or refuses the credentials") {
    for (const cloud::outcome& failure :
         {cloud::outcome(not_connected), cloud::outcome(cloud::answer{503}),
          cloud::outcome(cloud::answer{429}), cloud::outcome(cloud::answer{401}),
          cloud::outcome(cloud::answer{200, "a portal's page"})}) {
        CAPTURE(failure.index());
        service_fixture f(mode::cloud_first);
        f.cloud.otherwise(failure);
        const auto rings = f.news.rings();
        const auto stored = f.keep("tea");
        REQUIRE(stored);
        CHECK(stored->sync_state == sync_state::queued);
        CHECK(f.run(f.memories.get(stored->id))->sync_state == sync_state::queued);
        CHECK(f.announced() ==
              ids{"memory.stored{\"memory_id\":\"" + stored->id + "\",\"sync_state\":\"queued\"}"});
        CHECK(f.news.rings() > rings);
        const auto queue = f.claimed();
        REQUIRE(queue.size() == 1);
        CHECK(queue[0].call == cloud_call::store);
        CHECK(queue[0].memory.id == stored->id);
        CHECK(queue[0].idempotency_key == f.key_sent(0));
    }
}

TEST_CASE("in cloud_first a store whose outcome is unknown is queued under the same key") {
    service_fixture f(mode::cloud_first);
    f.cloud.next(f.hung());
    const auto stored = f.keep("tea");
    REQUIRE(stored);
    const auto queue = f.claimed();
    REQUIRE(queue.size() == 1);
    CHECK(queue[0].idempotency_key == f.key_sent(0));
    CHECK(queue[0].idempotency_key == stored->id);
}

TEST_CASE("in cloud_first what the cloud refuses is refused with its words, and nothing is kept") {
    for (const bool fallback : {true, false}) {
        auto settings = in_mode(mode::cloud_first);
        settings.local_fallback = fallback;
        service_fixture f(settings);
        f.cloud.next(cloud::answer{422, R"({"detail":"content is too odd"})"});
        const auto refused = f.keep("tea");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == errc::refused);
        CHECK(refused.error().detail.find("content is too odd") != std::string::npos);
        CHECK(f.listed().empty());
        CHECK(f.queue().empty());
        CHECK(f.announced().empty());
    }
}

TEST_CASE("without a fallback a store is unavailable, with a time, and nothing is kept") {
    for (const cloud::outcome& failure :
         {cloud::outcome(not_connected), cloud::outcome(cloud::answer{403})}) {
        service_fixture f(without_fallback(in_mode(mode::cloud_first)));
        f.cloud.otherwise(failure);
        for (const auto& answer : {f.keep("tea"), f.sync("mine", "tea")}) {
            REQUIRE_FALSE(answer);
            CHECK(answer.error().code == errc::unavailable);
            CHECK(answer.error().retry_after.value() >= std::chrono::seconds(1));
        }
        CHECK(f.listed().empty());
        CHECK(f.queue().empty());
    }
}

TEST_CASE("without a fallback a wait that the cloud asks for is passed on") {
    service_fixture f(without_fallback(in_mode(mode::cloud_first)));
    f.cloud.next(cloud::answer{429, "", "17"});
    CHECK(f.keep("tea").error().retry_after == std::chrono::seconds(17));
}

TEST_CASE("while the circuit is open a store is queued at once, without a call") {
    service_fixture f(mode::cloud_first);
    f.open_circuit();
    const auto calls = f.cloud.exchanges().size();
    CHECK(f.keep("tea")->sync_state == sync_state::queued);
    CHECK(f.sync("mine", "tea")->sync_state == sync_state::queued);
    // Not even as the probe that somebody asks for: it may hang again.
    f.client.try_now();
    CHECK(f.keep("milk")->sync_state == sync_state::queued);
    CHECK(f.cloud.exchanges().size() == calls);
    CHECK(f.claimed().size() == 3);
}

TEST_CASE("in hybrid a memory is kept, queued for memory/sync and answered without the cloud") {
    service_fixture f(mode::hybrid);
    const auto stored = f.keep("tea");
    REQUIRE(stored);
    CHECK(stored->sync_state == sync_state::queued);
    CHECK(f.announced() ==
          ids{"memory.stored{\"memory_id\":\"" + stored->id + "\",\"sync_state\":\"queued\"}"});
    CHECK(f.news.rings() == 1);
    CHECK(f.cloud.exchanges().empty());
    const auto queue = f.claimed();
    REQUIRE(queue.size() == 1);
    CHECK(queue[0].call == cloud_call::sync);
    CHECK(queue[0].idempotency_key == stored->id);
}

TEST_CASE("in hybrid no fallback is needed for a store: it is here") {
    service_fixture f(without_fallback(in_mode(mode::hybrid)));
    CHECK(f.keep("tea")->sync_state == sync_state::queued);
}

TEST_CASE("an import is queued as its mode calls the cloud, and announced as queued") {
    for (const auto in : {mode::cloud_first, mode::hybrid}) {
        service_fixture f(in);
        f.run(f.memories.import({named("m1", "tea"), named("m2", "milk"), named("m1", "tea")}));
        CHECK(f.announced() == ids{R"(memory.stored{"memory_id":"m1","sync_state":"queued"})",
                                   R"(memory.stored{"memory_id":"m2","sync_state":"queued"})"});
        CHECK(f.news.rings() > 0);
        CHECK(f.cloud.exchanges().empty());
        const auto queue = f.claimed();
        REQUIRE(queue.size() == 2);
        for (const auto& entry : queue)
            CHECK(entry.call == (in == mode::cloud_first ? cloud_call::store : cloud_call::sync));
    }
}

TEST_CASE("a reload that changes the mode changes the next call") {
    service_fixture f;
    CHECK(f.keep("tea")->sync_state == sync_state::local);
    f.settings = in_mode(mode::hybrid);
    CHECK(f.keep("tea")->sync_state == sync_state::queued);
    f.settings = in_mode(mode::cloud_first);
    f.cloud.next(accepted_by_cloud);
    CHECK(f.keep("tea")->sync_state == sync_state::synced);
}

TEST_CASE("foreground calls in flight at the stop fall back to the queue") {
    service_fixture f(mode::cloud_first);
    f.cloud.next_hangs();
    const auto waiting = test::start(f.loop, f.memories.store(given("tea"), {}));
    REQUIRE(test::run_until(f.loop, [&] { return f.cloud.hanging() == 1; }));
    f.client.stop();
    const auto stored = test::finish(f.loop, waiting);
    REQUIRE(stored);
    CHECK(stored->sync_state == sync_state::queued);
    CHECK(f.queue().size() == 1);
}

}  // namespace
}  // namespace memorypro::memory
