// Priorities and sync states as the API spells them.
#pragma once

#include <optional>
#include <string_view>

#include "store/memory.hpp"

namespace memorypro::store {

std::string_view to_string(priority);
std::optional<priority> parse_priority(std::string_view);

std::string_view to_string(sync_state);

}  // namespace memorypro::store
