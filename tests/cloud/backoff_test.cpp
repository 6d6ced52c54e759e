#include "cloud/backoff.hpp"

#include <limits>

#include "support/catch.hpp"

namespace memorypro::cloud {
namespace {

using namespace std::chrono_literals;

TEST_CASE("the longest delay doubles with each failure, up to the cap") {
    const std::chrono::milliseconds longest[] = {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s};
    int failures = 0;
    for (const auto expected : longest)
        CHECK(next_delay(++failures, std::nullopt, 1.0) == expected);
}

TEST_CASE("jitter takes the delay from nothing to the longest") {
    CHECK(next_delay(3, std::nullopt, 0.0) == 0ms);
    CHECK(next_delay(3, std::nullopt, 0.25) == 1s);
    CHECK(next_delay(3, std::nullopt, 1.0) == 4s);
    CHECK(next_delay(1, std::nullopt, 0.0015) == 1ms);
    CHECK(next_delay(3, std::nullopt, -1.0) == 0ms);
    CHECK(next_delay(3, std::nullopt, 2.0) == 4s);
}

TEST_CASE("any number of failures has a delay") {
    CHECK(next_delay(std::numeric_limits<int>::max(), std::nullopt, 1.0) == 60s);
    for (const int failures : {0, -1, std::numeric_limits<int>::min()})
        CHECK(next_delay(failures, std::nullopt, 1.0) == 1s);
}

TEST_CASE("a delay is never shorter than the cloud asks, and the cap does not bound it") {
    CHECK(next_delay(1, 5s, 0.0) == 5s);
    CHECK(next_delay(1, 5s, 1.0) == 5s);
    CHECK(next_delay(5, 5s, 1.0) == 16s);
    CHECK(next_delay(1, 300s, 0.0) == 300s);
    CHECK(next_delay(4, 0s, 0.5) == 4s);
    CHECK(next_delay(4, -7s, 0.5) == 4s);
}

TEST_CASE("a cloud that asks for years is asked again after a day") {
    CHECK(next_delay(1, std::chrono::seconds::max(), 0.0) == 24h);
    CHECK(next_delay(1, std::chrono::seconds::min(), 0.0) == 0ms);
}

}  // namespace
}  // namespace memorypro::cloud
