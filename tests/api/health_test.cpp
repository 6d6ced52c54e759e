#include "api/health.hpp"

#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace memorypro::api {
namespace {

using std::chrono::seconds;

const auto now = test::at("2025-01-08T12:00:00Z");

TEST_CASE("states are spelled as the API spells them") {
    CHECK(to_string(cloud::state::online) == "online");
    CHECK(to_string(cloud::state::offline) == "offline");
    CHECK(to_string(cloud::state::auth_failed) == "auth_failed");
    CHECK(to_string(cloud::circuit::state::closed) == "closed");
    CHECK(to_string(cloud::circuit::state::open) == "open");
    CHECK(to_string(cloud::circuit::state::half_open) == "half_open");
}

TEST_CASE("the oldest age is whole seconds, 0 without one and where the clock stepped back") {
    CHECK(oldest_age({}, now) == seconds(0));
    CHECK(oldest_age({.oldest = now - std::chrono::milliseconds(2900)}, now) == seconds(2));
    CHECK(oldest_age({.oldest = now + seconds(5)}, now) == seconds(0));
}

TEST_CASE("a queue is stalled when something waits and nothing has moved for over a minute") {
    const store::outbox_totals waiting{.pending = 3, .in_flight = 1, .oldest = now - seconds(75)};
    const queue_motion still{.uptime = seconds(3600), .last_error = "503: busy"};
    CHECK(queue_check(waiting, still, now) ==
          "stalled: 4 pending, oldest 75 s, last error: 503: busy");
    CHECK(queue_check(waiting, {.uptime = seconds(3600)}, now) ==
          "stalled: 4 pending, oldest 75 s");
    auto moved = still;
    moved.last_success = now - seconds(60);
    CHECK(queue_check(waiting, moved, now) == "ok");
    moved.last_success = now - seconds(61);
    CHECK(queue_check(waiting, moved, now) != "ok");
}

TEST_CASE("a queue is well when it is empty, young, dead or when we have only just started") {
    const queue_motion still{.uptime = seconds(3600)};
    const auto long_ago = now - seconds(3600);
    CHECK(queue_check({}, still, now) == "ok");
    CHECK(queue_check({.dead = 5}, still, now) == "ok");
    CHECK(queue_check({.pending = 3, .oldest = now - seconds(60)}, still, now) == "ok");
    CHECK(queue_check({.pending = 3, .oldest = long_ago}, {.uptime = seconds(60)}, now) == "ok");
    CHECK(queue_check({.pending = 3, .oldest = long_ago}, still, now) != "ok");
}

}  // namespace
}  // namespace memorypro::api
