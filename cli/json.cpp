#include "cli/json.hpp"

#include "base/json.hpp"
#include "cli/failure.hpp"

namespace memorypro::cli {

namespace json = boost::json;

std::optional<json::value> parsed(std::string_view text) {
    boost::system::error_code not_json;
    json::parse_options options;
    options.max_depth = deepest_document;
    auto value = json::parse(text, not_json, {}, options);
    if (not_json) return std::nullopt;
    return value;
}

json::object parse_object(std::string_view body) {
    auto value = parsed(body);
    if (!value || !value->is_object())
        throw failure(exit_code::internal, "the daemon's answer is not a JSON object");
    return std::move(value->get_object());
}

std::string text_of(const json::value& value) {
    if (value.is_null()) return {};
    if (const auto* text = value.if_string()) return std::string(std::string_view(*text));
    return to_json(value);
}

std::string text_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value ? text_of(*value) : std::string();
}

std::int64_t integer_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (!value) return 0;
    if (const auto* number = value->if_double())  // to_number() refuses a fraction
        return static_cast<std::int64_t>(*number);
    boost::system::error_code not_integer;
    const auto number = value->to_number<std::int64_t>(not_integer);
    return not_integer ? 0 : number;
}

bool flag_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value && value->is_bool() && value->get_bool();
}

const json::object& object_at(const json::object& object, std::string_view key) {
    static const json::object empty;
    const auto* value = object.if_contains(key);
    return value && value->is_object() ? value->get_object() : empty;
}

const json::array& array_at(const json::object& object, std::string_view key) {
    static const json::array empty;
    const auto* value = object.if_contains(key);
    return value && value->is_array() ? value->get_array() : empty;
}

}  // namespace memorypro::cli
