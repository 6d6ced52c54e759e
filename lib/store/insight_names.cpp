#include "store/insight_names.hpp"

namespace memorypro::store {

std::string_view to_string(insight_kind k) {
    switch (k) {
        case insight_kind::lifecycle_recommendation:
            return "lifecycle_recommendation";
        case insight_kind::evolution_update:
            return "evolution_update";
        case insight_kind::memory_insights:
            return "memory_insights";
        case insight_kind::discovered_action:
            return "discovered_action";
        case insight_kind::unknown:
            break;
    }
    return "unknown";
}

std::string_view to_string(insight_source s) {
    switch (s) {
        case insight_source::push:
            return "push";
        case insight_source::poll:
            return "poll";
        case insight_source::recall:
            break;
    }
    return "recall";
}

std::string_view to_string(recommendation_status s) {
    switch (s) {
        case recommendation_status::pending:
            return "pending";
        case recommendation_status::applied:
            return "applied";
        case recommendation_status::dismissed:
            break;
    }
    return "dismissed";
}

std::optional<recommendation_status> parse_recommendation_status(std::string_view text) {
    using enum recommendation_status;
    for (auto s : {pending, applied, dismissed})
        if (text == to_string(s)) return s;
    return std::nullopt;
}

std::string_view to_string(action_status s) {
    switch (s) {
        case action_status::pending:
            return "pending";
        case action_status::in_progress:
            return "in_progress";
        case action_status::completed:
            return "completed";
        case action_status::failed:
            return "failed";
        case action_status::cancelled:
            break;
    }
    return "cancelled";
}

std::optional<action_status> parse_action_status(std::string_view text) {
    using enum action_status;
    for (auto s : {pending, in_progress, completed, failed, cancelled})
        if (text == to_string(s)) return s;
    return std::nullopt;
}

}  // namespace memorypro::store
