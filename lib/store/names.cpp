#include "store/names.hpp"

#include <algorithm>
#include <array>

namespace memorypro::store {

bool is_memory_field(std::string_view name) {
    static constexpr auto names = std::to_array<std::string_view>(
        {"memory_id", "content", "metadata", "session_id", "agent_id", "user_id", "memory_type",
         "type", "tags", "priority", "timestamp", "created_at", "archived", "sync_state",
         "relevance_score", "explain"});
    return std::ranges::find(names, name) != names.end();
}

std::string_view to_string(priority p) {
    switch (p) {
        case priority::low:
            return "low";
        case priority::medium:
            return "medium";
        case priority::high:
            return "high";
        case priority::urgent:
            break;
    }
    return "urgent";
}

std::optional<priority> parse_priority(std::string_view text) {
    for (auto p : {priority::low, priority::medium, priority::high, priority::urgent})
        if (text == to_string(p)) return p;
    return std::nullopt;
}

std::string_view to_string(sync_state s) {
    switch (s) {
        case sync_state::local:
            return "local";
        case sync_state::synced:
            return "synced";
        case sync_state::queued:
            return "queued";
        case sync_state::dead:
            break;
    }
    return "dead";
}

std::string_view to_string(cloud_call c) {
    return c == cloud_call::store ? "store" : "sync";
}

std::string_view to_string(outbox_state s) {
    switch (s) {
        case outbox_state::pending:
            return "pending";
        case outbox_state::in_flight:
            return "in_flight";
        case outbox_state::dead:
            break;
    }
    return "dead";
}

std::optional<outbox_state> parse_outbox_state(std::string_view text) {
    for (auto s : {outbox_state::pending, outbox_state::in_flight, outbox_state::dead})
        if (text == to_string(s)) return s;
    return std::nullopt;
}

}  // namespace memorypro::store
