#include "sync/ready_lanes.hpp"

#include "support/catch.hpp"

namespace memorypro::sync {
namespace {

claimed_lane lane(std::int64_t scope, std::size_t entries, std::size_t bytes) {
    store::outbox_entry entry;
    entry.memory.what.content.assign(bytes, 'x');
    return {.what = {.scope = scope, .entries = {entries, entry}}};
}

TEST_CASE("lanes come out as they went in, and what they hold is counted") {
    ready_lanes ready;
    ready.push(lane(1, 2, 10));
    ready.push(lane(2, 3, 100));
    CHECK(ready.entries() == 5);
    CHECK(ready.bytes() == 320);
    CHECK(ready.pop().what.scope == 1);
    CHECK(ready.entries() == 3);
    CHECK(ready.bytes() == 300);
    CHECK(ready.take_all().size() == 1);
    CHECK(ready.empty());
    CHECK(ready.entries() == 0);
    CHECK(ready.bytes() == 0);
}

}  // namespace
}  // namespace memorypro::sync
