// Binds a member of `settings` to the parser and printer of its kind.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "config/keys.hpp"

namespace memorypro::config {

member boolean(bool settings::* field);
member number(int settings::* field, int least, int most);
member seconds(std::chrono::seconds settings::* field, int least, int most);
member size(std::uint64_t settings::* field, std::uint64_t least, std::uint64_t most);
member file_mode(unsigned settings::* field);
member path(std::string settings::* field);
member secret(std::string settings::* field);
member url(std::string settings::* field);
// A URL that paths are appended to: no query, no slash at the end, https unless on loopback.
member base_url(std::string settings::* field);
member endpoint_text(std::string settings::* field);
// "off" is the empty string.
member endpoint_text_or_off(std::string settings::* field);

template <class Enum>
using choices = std::vector<std::pair<std::string_view, Enum>>;

member choice(config::durability settings::* field, choices<config::durability>);
member choice(config::log_level settings::* field, choices<config::log_level>);
member choice(config::log_format settings::* field, choices<config::log_format>);

}  // namespace memorypro::config
