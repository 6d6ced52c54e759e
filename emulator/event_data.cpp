#include "emulator/event_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/time.hpp"

namespace memorypro::emulator {
namespace {

// At most so many bytes, cut between characters (UTF-8).
std::string beginning_of(std::string_view text) {
    constexpr std::size_t most = 80;
    if (text.size() <= most) return std::string(text);
    auto size = most;
    while (size > 0 && (text[size] & 0xc0) == 0x80)
        --size;
    return std::string(text.substr(0, size)) + "…";
}

json::object recommendation_about(const store::memory& m) {
    return {{"action", "archive"},
            {"memory_ids", json::array{m.id}},
            {"reason", "Low relevance: nothing has come of it since " +
                           format_time(m.created_at).substr(0, 10)}};
}

json::object update_about(const store::memory& m) {
    const auto whose = m.what.user_id.value_or("the user");
    return {{"insight", fmt::format("Matters to {}: {}", whose, beginning_of(m.what.content))},
            {"confidence", 0.8},
            {"memory_ids", json::array{m.id}}};
}

json::object action_about(const store::memory& m) {
    return {{"type", "task"},
            {"title", "Follow up: " + beginning_of(m.what.content)},
            {"description", "Drawn from one memory"},
            {"priority", "high"},
            {"memory_id", m.id}};
}

}  // namespace

bool can_generate(std::string_view event_type) {
    return std::ranges::find(generated_events, event_type) != generated_events.end();
}

json::object data_about(std::string_view event_type, const store::memory& m) {
    if (event_type == "lifecycle_recommendations")
        return {{"recommendations", json::array{recommendation_about(m)}}};
    if (event_type == "evolution_updates") return {{"updates", json::array{update_about(m)}}};
    return {{"actions", json::array{action_about(m)}}};
}

}  // namespace memorypro::emulator
