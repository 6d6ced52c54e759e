#include "insights/poll_schedule.hpp"

#include "support/catch.hpp"

namespace memorypro::insights {
namespace {

using namespace std::chrono_literals;
using time_point = poll_schedule::time_point;

constexpr time_point now{1'000'000s};

// How long after the last poll the next is due, after so many failures.
std::chrono::seconds pause_after(int failures, std::chrono::seconds interval) {
    poll_schedule schedule;
    for (int i = 0; i < failures; ++i)
        schedule.failed(now, std::nullopt);
    return std::chrono::duration_cast<std::chrono::seconds>(schedule.due(interval).value() - now);
}

TEST_CASE("the first poll is due at once, the next ones an interval after the last") {
    poll_schedule schedule;
    CHECK(schedule.due(60s) == std::nullopt);
    schedule.succeeded(now);
    CHECK(schedule.due(60s) == now + 60s);
    schedule.succeeded(now + 61s);
    CHECK(schedule.due(60s) == now + 121s);
}

TEST_CASE(
    "a poll that failed is repeated after ten seconds, then twice as long up to the interval") {
    CHECK(pause_after(1, 60s) == 10s);
    CHECK(pause_after(2, 60s) == 20s);
    CHECK(pause_after(3, 60s) == 40s);
    CHECK(pause_after(4, 60s) == 60s);
    CHECK(pause_after(100, 60s) == 60s);
    CHECK(pause_after(13, 86'400s) == 40'960s);
    CHECK(pause_after(1000, 86'400s) == 86'400s);
}

TEST_CASE("an interval below ten seconds is also the pause after a failure") {
    CHECK(pause_after(1, 5s) == 5s);
    CHECK(pause_after(2, 5s) == 5s);
    CHECK(pause_after(1, 10s) == 10s);
}

TEST_CASE("a success after failures is followed by the interval again") {
    poll_schedule schedule;
    schedule.failed(now, std::nullopt);
    schedule.failed(now, std::nullopt);
    schedule.succeeded(now);
    CHECK(schedule.due(60s) == now + 60s);
    schedule.failed(now, std::nullopt);
    CHECK(schedule.due(60s) == now + 10s);
}

TEST_CASE("Retry-After is waited for, and shortens nothing") {
    poll_schedule schedule;
    schedule.failed(now, 300s);
    CHECK(schedule.due(60s) == now + 300s);
    schedule.failed(now, 5s);
    CHECK(schedule.due(60s) == now + 20s);
    schedule.failed(now, 300s);
    schedule.succeeded(now);
    CHECK(schedule.due(60s) == now + 60s);
    schedule.failed(now, 300s);
    schedule.failed(now, std::nullopt);
    CHECK(schedule.due(60s) == now + 20s);
}

TEST_CASE("an interval that changes counts from the last poll") {
    poll_schedule schedule;
    schedule.succeeded(now);
    CHECK(schedule.due(60s) == now + 60s);
    CHECK(schedule.due(10s) == now + 10s);
}

TEST_CASE("another account is asked at once") {
    poll_schedule schedule;
    schedule.failed(now, 300s);
    schedule.start_again();
    CHECK(schedule.due(60s) == std::nullopt);
    schedule.failed(now, std::nullopt);
    CHECK(schedule.due(60s) == now + 10s);
}

}  // namespace
}  // namespace memorypro::insights
