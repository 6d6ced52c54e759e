// What the emulated cloud "finds out" about a memory: pure, and no thought in it.
#pragma once

#include <array>
#include <string_view>

#include "base/json.hpp"
#include "store/memory.hpp"

namespace memorypro::emulator {

inline constexpr auto generated_events = std::to_array<std::string_view>(
    {"lifecycle_recommendations", "evolution_updates", "discovered_actions", "memory_insights"});

bool can_generate(std::string_view event_type);

// An event's data with one item about the memory; for each of these events but memory_insights.
json::object data_about(std::string_view event_type, const store::memory&);

}  // namespace memorypro::emulator
