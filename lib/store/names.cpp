#include "store/names.hpp"

namespace memorypro::store {

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

}  // namespace memorypro::store
