// Insights' kinds, sources and states as the API spells them.
#pragma once

#include <optional>
#include <string_view>

#include "store/insight.hpp"

namespace memorypro::store {

std::string_view to_string(insight_kind);
std::string_view to_string(insight_source);

std::string_view to_string(recommendation_status);
std::optional<recommendation_status> parse_recommendation_status(std::string_view);

std::string_view to_string(action_status);
std::optional<action_status> parse_action_status(std::string_view);

}  // namespace memorypro::store
