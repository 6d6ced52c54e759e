#include "store/insight_names.hpp"

#include "support/catch.hpp"

namespace memorypro::store {
namespace {

TEST_CASE("the states of recommendations and actions are read as they are written") {
    for (const char* name : {"pending", "applied", "dismissed"})
        CHECK(to_string(parse_recommendation_status(name).value()) == name);
    for (const char* name : {"pending", "in_progress", "completed", "failed", "cancelled"})
        CHECK(to_string(parse_action_status(name).value()) == name);
    CHECK_FALSE(parse_recommendation_status("Applied"));
    CHECK_FALSE(parse_recommendation_status(""));
    CHECK_FALSE(parse_action_status("done"));
}

TEST_CASE("kinds and sources have the contract's names") {
    CHECK(to_string(insight_kind::lifecycle_recommendation) == "lifecycle_recommendation");
    CHECK(to_string(insight_kind::evolution_update) == "evolution_update");
    CHECK(to_string(insight_kind::memory_insights) == "memory_insights");
    CHECK(to_string(insight_kind::discovered_action) == "discovered_action");
    CHECK(to_string(insight_kind::unknown) == "unknown");
    CHECK(to_string(insight_source::push) == "push");
    CHECK(to_string(insight_source::poll) == "poll");
    CHECK(to_string(insight_source::recall) == "recall");
}

}  // namespace
}  // namespace memorypro::store
