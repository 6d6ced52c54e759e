#include "store/sqlite/open_deliveries.hpp"

#include "support/catch.hpp"

namespace memorypro::store::sqlite {
namespace {

constexpr digest a{1, 1}, b{1, 2}, c{2, 1};

TEST_CASE("an open delivery is found until it is erased, and counted while it waits") {
    open_deliveries open;
    CHECK_FALSE(open.find(a));
    open.put(a, {.id = 7, .bytes = 100});
    open.put(b, {.id = 8, .bytes = 50});
    REQUIRE(open.find(a));
    CHECK(open.find(a)->id == 7);
    CHECK_FALSE(open.find(c));
    CHECK(open.waiting_bytes() == 150);
    CHECK(open.processed() == 0);
    open.put(a, {.id = 7});
    CHECK(open.waiting_bytes() == 50);
    CHECK(open.processed() == 1);
    open.erase(a);
    open.erase(c);
    CHECK_FALSE(open.find(a));
    CHECK(open.processed() == 0);
}

TEST_CASE("what a transaction changed is taken back with it, to a mark or to its start") {
    open_deliveries open;
    open.put(a, {.id = 1, .bytes = 100});
    open.keep();
    open.put(a, {.id = 1});
    const auto mark = open.mark();
    open.put(b, {.id = 2, .bytes = 10});
    open.erase(a);
    open.undo(mark);
    CHECK_FALSE(open.find(b));
    REQUIRE(open.find(a));
    CHECK(open.processed() == 1);
    CHECK(open.waiting_bytes() == 0);
    open.undo(0);
    CHECK(open.find(a)->bytes == 100);
    CHECK(open.waiting_bytes() == 100);
    CHECK(open.processed() == 0);
    open.erase(a);
    open.keep();
    open.undo(0);
    CHECK_FALSE(open.find(a));
}

}  // namespace
}  // namespace memorypro::store::sqlite
