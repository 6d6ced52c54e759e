// Reading answers leniently: what an older or newer daemon leaves out is shown as empty.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace memorypro::cli {

// Nested as deep as an answer may be. nullopt: it is not JSON.
std::optional<boost::json::value> parsed(std::string_view text);

// Throws failure when `body` is not a JSON object.
boost::json::object parse_object(std::string_view body);

// A string as it is, null or absent as "", anything else as its JSON.
std::string text_of(const boost::json::value&);
std::string text_at(const boost::json::object&, std::string_view key);

std::int64_t integer_at(const boost::json::object&, std::string_view key);
bool flag_at(const boost::json::object&, std::string_view key);

// The member when it has that kind, else a shared empty one.
const boost::json::object& object_at(const boost::json::object&, std::string_view key);
const boost::json::array& array_at(const boost::json::object&, std::string_view key);

}  // namespace memorypro::cli
