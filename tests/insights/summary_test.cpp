#include "insights/summary.hpp"

#include "support/catch.hpp"

namespace memorypro::insights {
namespace {

json::object insights_of(const store::totals& totals, const store::survey& found) {
    return summarize(totals, found).at("memory_insights").as_object();
}

TEST_CASE("insights without a cloud count what is here, and name what occurs most") {
    const auto document =
        summarize({.memories = 7, .archived = 2},
                  {.looked_at = 4, .in_order = 3, .types = {{"fact", 3}}, .tags = {{"tea", 2}}});
    CHECK(document.at("evolution_updates") == json::array());
    CHECK(document.at("lifecycle_recommendations") == json::array());
    const auto& found = document.at("memory_insights").as_object();
    CHECK(found.at("total_memories") == 7);
    CHECK(found.at("archived_memories") == 2);
    CHECK(found.at("memory_health_score") == 0.75);
    CHECK(to_json(found.at("patterns")) ==
          R"([{"pattern":"top_tags","values":[{"value":"tea","count":2}]},)"
          R"({"pattern":"top_types","values":[{"value":"fact","count":3}]}])");
}

TEST_CASE("the health score says in words what it is, with the number that it is of") {
    const auto found = insights_of({}, {});
    const std::string words(found.at("memory_health_meaning").as_string());
    CHECK(words.find(std::to_string(surveyed_memories)) != std::string::npos);
}

TEST_CASE("the health score is a share in thousandths, 1 of nothing") {
    const auto score = [](std::int64_t in_order, std::int64_t of) {
        return insights_of({}, {.looked_at = of, .in_order = in_order})
            .at("memory_health_score")
            .as_double();
    };
    CHECK(score(0, 0) == 1);
    CHECK(score(0, 5) == 0);
    CHECK(score(5, 5) == 1);
    CHECK(score(1, 3) == 0.333);
    CHECK(score(2, 3) == 0.667);
}

}  // namespace
}  // namespace memorypro::insights
