// JSON in from strangers, JSON out as text.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace memorypro {

namespace json = boost::json;

// What a stranger's object may be nested.
inline constexpr std::size_t most_depth = 32;
// What a document may be that is an envelope around such objects, the cloud's or the daemon's.
inline constexpr std::size_t deepest_document = most_depth + 8;

bool is_utf8(std::string_view text);

// One JSON object, nested at most so deep. Of a name that occurs twice the last value counts.
// `bad_request`: not JSON. `invalid_field`: not an object, a text that is not UTF-8, or a number
// beyond a double; it names the field.
result<json::object> parse_object(std::string_view text, std::size_t deepest = most_depth);

// The same where nobody asks what is wrong, and its values and their parsing never take more memory
// than `most_bytes`. nullopt: unfit, or it would take more.
std::optional<json::object> parse_object_within(std::string_view text, std::size_t deepest,
                                                std::size_t most_bytes);

// Appends the value's text, minified; numbers as people write them: 0.5, not 5E-1.
void append_json(std::string& out, const json::value&);
void append_json(std::string& out, std::string_view text);

std::string to_json(const json::value&);

}  // namespace memorypro
