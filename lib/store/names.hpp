// Priorities, states and calls as the API spells them.
#pragma once

#include <optional>
#include <string_view>

#include "store/memory.hpp"
#include "store/outbox.hpp"

namespace memorypro::store {

// Whether it is a field of a memory in our API, in or out: all others are the caller's own, which
// are kept and passed on.
bool is_memory_field(std::string_view name);

std::string_view to_string(priority);
std::optional<priority> parse_priority(std::string_view);

std::string_view to_string(sync_state);

std::string_view to_string(cloud_call);

std::string_view to_string(outbox_state);
std::optional<outbox_state> parse_outbox_state(std::string_view);

}  // namespace memorypro::store
