#include "cli/drain.hpp"
#include "support/catch.hpp"

using namespace memorypro::cli;
using std::chrono::seconds;

TEST_CASE("a queue's rate is that of the last few looks at it") {
    drain_rate rate;
    CHECK(rate.per_second() == 0);
    rate.observe(5000, seconds{0});
    CHECK(rate.per_second() == 0);
    CHECK_FALSE(rate.left());
    for (int i = 1; i <= 20; ++i)
        rate.observe(1000 - 10 * i, seconds{i});
    CHECK(rate.per_second() == 10);
    REQUIRE(rate.left());
    CHECK(rate.left()->count() == 80);
}

TEST_CASE("a queue that stands or grows has no rate and no end") {
    drain_rate rate;
    rate.observe(5, seconds{0});
    rate.observe(5, seconds{1});
    CHECK_FALSE(rate.left());
    rate.observe(9, seconds{2});
    CHECK(rate.per_second() == 0);
    CHECK_FALSE(rate.left());
}

TEST_CASE("looks at the same moment make no rate") {
    drain_rate rate;
    rate.observe(5, seconds{1});
    rate.observe(1, seconds{1});
    CHECK(rate.per_second() == 0);
}

TEST_CASE("the progress of a queue shows what is left, and how long only where that is known") {
    drain_rate rate;
    rate.observe(1000, seconds{0});
    CHECK(drain_line(1000, 1000, 0, rate) ==
          "[                        ]   0% 1000 pending, 0 dead");
    rate.observe(500, seconds{6});
    CHECK(drain_line(1000, 500, 2, rate) ==
          "[############            ]  50% 500 pending, 2 dead, 83/s, 6s left");
    CHECK(drain_line(0, 0, 2, drain_rate()) == "0 pending, 2 dead");
}

TEST_CASE("a slow queue's rate has a decimal") {
    drain_rate rate;
    rate.observe(10, seconds{0});
    rate.observe(7, seconds{2});
    CHECK(drain_line(10, 7, 0, rate) ==
          "[#######                 ]  30% 7 pending, 0 dead, 1.5/s, 5s left");
}

TEST_CASE("a cloud that takes nothing is asked more and more rarely") {
    CHECK(next_flush(seconds{1}, false) == seconds{2});
    CHECK(next_flush(seconds{4}, false) == seconds{8});
    CHECK(next_flush(seconds{8}, false) == seconds{8});
    CHECK(next_flush(seconds{8}, true) == seconds{1});
}
