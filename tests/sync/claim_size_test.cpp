#include "sync/claim_size.hpp"

#include "support/catch.hpp"

namespace memorypro::sync {
namespace {

std::vector<store::outbox_lane> lanes(std::size_t count, std::size_t entries, std::size_t bytes) {
    store::outbox_entry entry;
    entry.memory.what.content.assign(bytes, 'x');
    return {count, {.scope = 1, .entries = {entries, entry}}};
}

TEST_CASE("short lanes are claimed by the hundred, long ones by the handful") {
    claim_size size;
    CHECK(size.lanes(8) == 8);
    size.learn(lanes(8, 1, 500));
    CHECK(size.lanes(8) == 256);
    size.learn(lanes(16, 16, 500));
    CHECK(size.lanes(8) == 16);
    size.learn(lanes(16, 32, 500));
    CHECK(size.lanes(2) == 8);
    CHECK(size.lanes(64) == 64);  // as many as are sent at a time in any case
}

TEST_CASE("large memories are claimed by their bytes") {
    claim_size size;
    size.learn(lanes(8, 1, 1 << 19));
    CHECK(size.lanes(2) == 7);
    size.learn(lanes(8, 1, 64 << 20));
    CHECK(size.lanes(2) == 2);
}

TEST_CASE("a claim that brought nothing teaches nothing") {
    claim_size size;
    size.learn(lanes(8, 1, 500));
    size.learn({});
    CHECK(size.lanes(8) == 256);
}

}  // namespace
}  // namespace memorypro::sync
