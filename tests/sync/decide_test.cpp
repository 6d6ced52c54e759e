#include "sync/decide.hpp"

#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace memorypro::sync {
namespace {

using namespace std::chrono_literals;
using kind = store::settlement::kind;
using cloud::verdict;

const timestamp now = test::at("2025-01-08T12:00:00Z");
const store::outbox_entry third_try{.id = 7, .revision = 2, .attempts = 2};

decision after(cloud::reply<cloud::written> reply, circumstances at = {.now = now, .jitter = 1}) {
    return decide(third_try, reply, at);
}

TEST_CASE("what the cloud took is done under the id that it gave") {
    const auto decided = after(cloud::written{.memory_id = "mem_1"});
    REQUIRE(decided.settle);
    CHECK(decided.settle->id == 7);
    CHECK(decided.settle->revision == 2);
    CHECK(decided.settle->what == kind::done);
    CHECK(decided.settle->cloud_id == "mem_1");
    CHECK(decided.lane_goes_on);
}

TEST_CASE("what the cloud refused is dead with its words, and the next one goes") {
    const auto decided = after(cloud::judgement{verdict::refused, "422: too long"});
    REQUIRE(decided.settle);
    CHECK(decided.settle->what == kind::refused);
    CHECK(decided.settle->error == "422: too long");
    CHECK(decided.lane_goes_on);
}

TEST_CASE("what may succeed later waits longer with each attempt, and what follows waits for it") {
    const auto decided = after(cloud::judgement{verdict::retry, "503"});
    REQUIRE(decided.settle);
    CHECK(decided.settle->what == kind::retry);
    CHECK(decided.settle->error == "503");
    CHECK(decided.settle->next_attempt_at == now + 4s);  // base 1 s, the third time
    CHECK_FALSE(decided.lane_goes_on);
}

TEST_CASE("a Retry-After is obeyed, whatever the backoff and the circuit say") {
    const cloud::judgement busy{verdict::retry, "429", 90s};
    CHECK(after(busy).settle->next_attempt_at == now + 90s);
    CHECK(after(busy, {.now = now, .held_back_for = 5s}).settle->next_attempt_at == now + 90s);
}

TEST_CASE("while the circuit holds calls back, its time counts instead of the row's") {
    const cloud::judgement down{verdict::retry, "503"};
    CHECK(after(down, {.now = now, .jitter = 1, .held_back_for = 1500ms}).settle->next_attempt_at ==
          now + 1500ms);
}

TEST_CASE("credentials, the circuit and our own stop cost no attempt") {
    CHECK_FALSE(after(cloud::judgement{verdict::paused, "401"}).settle);
    CHECK_FALSE(after(cloud::judgement{.what = verdict::retry, .attempted = false}).settle);
    const auto stopped = after(cloud::judgement{verdict::retry}, {.now = now, .stopping = true});
    CHECK_FALSE(stopped.settle);
    CHECK_FALSE(stopped.lane_goes_on);
}

TEST_CASE("in cloud_first a memory becomes a copy, or goes without a cache; else it stays") {
    config::settings s;
    CHECK(copy_after_sync(s) ==
          store::after_sync::keep_memory);  // local: the mode was just changed
    s.api_key = s.api_secret = "set";
    CHECK(copy_after_sync(s) == store::after_sync::drop_copy);
    s.cache_max_bytes = 1;
    CHECK(copy_after_sync(s) == store::after_sync::keep_copy);
    s.cache_max_bytes = 0;
    s.cloud_first = false;
    CHECK(copy_after_sync(s) == store::after_sync::keep_memory);
}

}  // namespace
}  // namespace memorypro::sync
