// Events that are sent again and again: what --send says. Pure.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace memorypro::emulator {

struct scheduled_event {
    std::string event_type;
    std::chrono::milliseconds every;

    bool operator==(const scheduled_event&) const = default;
};

// "evolution_updates@30", "memory_insights@0.5"; 0.1 s to a day.
result<scheduled_event> parse_schedule(std::string_view text);

// Those that something can be found out for, for the help.
std::string event_names();

}  // namespace memorypro::emulator
