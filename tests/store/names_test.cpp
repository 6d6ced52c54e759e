#include "store/names.hpp"

#include "support/catch.hpp"

namespace memorypro::store {
namespace {

TEST_CASE("priorities are spelled as the API spells them, and read back") {
    CHECK(to_string(priority::low) == "low");
    CHECK(to_string(priority::medium) == "medium");
    CHECK(to_string(priority::high) == "high");
    CHECK(to_string(priority::urgent) == "urgent");
    for (auto p : {priority::low, priority::medium, priority::high, priority::urgent})
        CHECK(parse_priority(to_string(p)) == p);
    for (const char* text : {"", "Low", "low ", "critical", "0"})
        CHECK_FALSE(parse_priority(text).has_value());
}

TEST_CASE("sync states are spelled as the API spells them") {
    CHECK(to_string(sync_state::local) == "local");
    CHECK(to_string(sync_state::synced) == "synced");
    CHECK(to_string(sync_state::queued) == "queued");
    CHECK(to_string(sync_state::dead) == "dead");
}

TEST_CASE("the queue's calls and states are spelled as the API spells them, and states read back") {
    CHECK(to_string(cloud_call::store) == "store");
    CHECK(to_string(cloud_call::sync) == "sync");
    CHECK(to_string(outbox_state::pending) == "pending");
    CHECK(to_string(outbox_state::in_flight) == "in_flight");
    CHECK(to_string(outbox_state::dead) == "dead");
    for (auto s : {outbox_state::pending, outbox_state::in_flight, outbox_state::dead})
        CHECK(parse_outbox_state(to_string(s)) == s);
    for (const char* text : {"", "Dead", "dead ", "withdrawn", "all"})
        CHECK_FALSE(parse_outbox_state(text).has_value());
}

}  // namespace
}  // namespace memorypro::store
