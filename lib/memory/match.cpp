#include "memory/match.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cstdio>
#include <variant>

#include "base/json.hpp"

namespace memorypro::memory {
namespace {

using condition = store::metadata_condition;

json::value parsed(const std::string& text) {
    boost::system::error_code failure;
    auto value = json::parse(text, failure);
    return failure ? json::value() : value;
}

// As SQLite has numbers: 64 bits with a sign where they fit, else a double.
std::variant<std::int64_t, double> number_of(const json::value& value) {
    boost::system::error_code does_not_fit;
    if (!value.is_double()) {
        const auto whole = value.to_number<std::int64_t>(does_not_fit);
        if (!does_not_fit) return whole;
        return static_cast<double>(value.get_uint64());
    }
    return value.get_double();
}

// Exactly, also where a whole number has no double.
bool equal_numbers(std::int64_t whole, double real) {
    constexpr double limit = 9223372036854775808.0;  // 2^63
    return real >= -limit && real < limit && static_cast<std::int64_t>(real) == whole &&
           static_cast<double>(static_cast<std::int64_t>(real)) == real;
}
bool equal_numbers(double real, std::int64_t whole) {
    return equal_numbers(whole, real);
}
bool equal_numbers(std::int64_t a, std::int64_t b) {
    return a == b;
}
bool equal_numbers(double a, double b) {
    return a == b;
}

bool equals_number(const json::value& value, const std::string& wanted) {
    const auto number = parsed(wanted);
    if (!value.is_number() || !number.is_number()) return false;
    return std::visit([](auto a, auto b) { return equal_numbers(a, b); }, number_of(value),
                      number_of(number));
}

// As SQLite writes a real: 15 digits, and always a point (sqlite.org/printf.html, "%!.15g").
std::string real_as_text(double real) {
    char digits[40];
    std::snprintf(digits, sizeof digits, "%.15g", real + 0.0);  // -0.0 has no sign there
    std::string text = digits;
    if (text.find('.') == std::string::npos)
        text.insert(std::min(text.find('e'), text.size()), ".0");
    return text;
}

std::string as_written(const json::value& value) {
    if (const auto* text = value.if_string()) return std::string(*text);
    const auto number = value.is_number() ? number_of(value) : std::int64_t{0};
    if (const auto* real = std::get_if<double>(&number)) return real_as_text(*real);
    return to_json(value);
}

bool equals(const json::value& value, const condition& wanted) {
    switch (wanted.type) {
        case condition::kind::text:
            return value.is_string() && value.get_string() == wanted.value;
        case condition::kind::number:
            return equals_number(value, wanted.value);
        case condition::kind::literal:
            return (value.is_bool() || value.is_null()) && to_json(value) == wanted.value;
        case condition::kind::structured:
            return (value.is_object() || value.is_array()) && to_json(value) == wanted.value;
        case condition::kind::as_written:
            break;
    }
    return as_written(value) == wanted.value;
}

bool has_metadata(const std::string& metadata, const std::vector<condition>& wanted) {
    if (wanted.empty()) return true;
    const auto value = parsed(metadata);
    const auto* members = value.if_object();
    return members && std::ranges::all_of(wanted, [members](const condition& c) {
               const auto* member = members->if_contains(c.key);
               return member && equals(*member, c);
           });
}

bool has_tags(const std::string& tags, const std::vector<std::string>& wanted) {
    if (wanted.empty()) return true;
    const auto value = parsed(tags);
    const auto* items = value.if_array();
    return items && std::ranges::all_of(wanted, [items](const std::string& tag) {
               return std::ranges::any_of(*items, [&tag](const json::value& item) {
                   return item.is_string() && item.get_string() == tag;
               });
           });
}

template <class T>
bool is(const std::optional<T>& has, const std::optional<T>& wanted) {
    return !wanted || has == wanted;
}

}  // namespace

bool matches(const store::memory& m, const store::memory_filter& wanted) {
    const auto& what = m.what;
    return (wanted.include_archived || !m.archived) && is(what.user_id, wanted.user_id) &&
           is(what.agent_id, wanted.agent_id) && is(what.session_id, wanted.session_id) &&
           (!wanted.memory_type || what.memory_type == *wanted.memory_type) &&
           (!wanted.since || (what.time && *what.time >= *wanted.since)) &&
           (!wanted.until || (what.time && *what.time <= *wanted.until)) &&
           has_tags(what.tags_json, wanted.tags) &&
           has_metadata(what.metadata_json, wanted.metadata);
}

}  // namespace memorypro::memory
