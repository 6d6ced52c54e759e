#include "http/log_budget.hpp"

#include "support/catch.hpp"

namespace memorypro::http {
namespace {

TEST_CASE("a flood writes so many lines in a while, and the rest are counted") {
    const log_budget::time_point start{std::chrono::hours(1)};
    log_budget budget;
    for (std::size_t i = 0; i < log_budget::lines; ++i)
        CHECK(budget.take(start));
    CHECK(budget.withheld() == 0);
    for (int i = 0; i < 3; ++i)
        CHECK_FALSE(budget.take(start + log_budget::in / 2));
    CHECK(budget.take(start + log_budget::in));
    CHECK(budget.withheld() == 3);
    CHECK(budget.withheld() == 0);
}

}  // namespace
}  // namespace memorypro::http
