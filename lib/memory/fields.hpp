// Reads typed fields out of a JSON object and collects what is wrong with them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/memory.hpp"

namespace memorypro::memory {

// Ids, types and tags are names, not texts. Names and metadata cannot hold NUL, at which SQLite's
// JSON functions would end them; content can.
inline constexpr std::size_t most_name_bytes = 1024;
inline constexpr std::size_t most_tags = 256;

class field_errors {
public:
    void add(std::string field, std::string detail);  // of a field the first error only
    bool none() const { return fields_.empty(); }
    // too_large where content is only too long, else invalid_field; call only when there is one.
    error as_error();
    void content_too_large() { too_large_ = true; }

private:
    std::vector<field_error> fields_;
    bool too_large_ = false;
};

// Each returns nullopt when the field is missing, null, or wrong; what is wrong goes to the errors.
std::optional<std::string> read_name(const json::object&, std::string_view field, field_errors&);
std::optional<std::string> read_content(const json::object&, std::size_t most_bytes, field_errors&);
std::optional<bool> read_bool(const json::object&, std::string_view field, field_errors&);
std::optional<timestamp> read_time(const json::object&, std::string_view field, field_errors&);
std::optional<store::priority> read_priority(const json::object&, field_errors&);
std::optional<std::string> read_metadata(const json::object&, std::size_t most_bytes,
                                         field_errors&);  // minified JSON
std::optional<std::vector<std::string>> read_tags(const json::object&, field_errors&);
std::optional<std::string> read_tags_json(const json::object&, field_errors&);  // minified JSON

}  // namespace memorypro::memory
