#include "insights/summary.hpp"

#include <cmath>
#include <string_view>

namespace memorypro::insights {
namespace {

constexpr std::string_view what_health_means =
    "the share of the newest memories, 10000 at most, that are not archived and have a user, an "
    "agent, a session or a tag; 1 where there are none";

double health_of(const store::survey& found) {
    if (found.looked_at == 0) return 1;
    const auto share = static_cast<double>(found.in_order) / static_cast<double>(found.looked_at);
    return std::round(share * 1000) / 1000;
}

void add_pattern(json::array& patterns, std::string_view name,
                 const std::vector<store::frequency>& values) {
    if (values.empty()) return;
    json::array list;
    for (const auto& one : values)
        list.push_back(json::object{{"value", one.value}, {"count", one.count}});
    patterns.push_back(json::object{{"pattern", name}, {"values", std::move(list)}});
}

}  // namespace

json::object summarize(const store::totals& totals, const store::survey& found) {
    json::array patterns;
    add_pattern(patterns, "top_tags", found.tags);
    add_pattern(patterns, "top_types", found.types);
    add_pattern(patterns, "top_users", found.users);
    add_pattern(patterns, "top_agents", found.agents);
    return {{"evolution_updates", json::array()},
            {"lifecycle_recommendations", json::array()},
            {"memory_insights",
             {{"total_memories", totals.memories},
              {"archived_memories", totals.archived},
              {"memory_health_score", health_of(found)},
              {"memory_health_meaning", what_health_means},
              {"patterns", std::move(patterns)}}}};
}

}  // namespace memorypro::insights
