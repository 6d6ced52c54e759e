#include "memory/fields.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/names.hpp"

namespace memorypro::memory {
namespace {

// The field's value; null counts as missing.
const json::value* find(const json::object& body, std::string_view field) {
    const auto* value = body.if_contains(field);
    return value && !value->is_null() ? value : nullptr;
}

bool has_nul(std::string_view text) {
    return text.find('\0') != std::string_view::npos;
}

// In a text or in the name of a member, at any depth.
bool holds_nul(const json::value& value) {
    if (const auto* text = value.if_string()) return has_nul(*text);
    if (const auto* items = value.if_array())
        return std::any_of(items->begin(), items->end(), holds_nul);
    if (const auto* members = value.if_object())
        return std::any_of(members->begin(), members->end(), [](const auto& member) {
            return has_nul(member.key()) || holds_nul(member.value());
        });
    return false;
}

std::optional<std::string> as_name(const json::value& value, const std::string& field,
                                   field_errors& errors) {
    const auto* text = value.if_string();
    if (!text) {
        errors.add(field, "must be a string");
    } else if (text->size() > most_name_bytes) {
        errors.add(field, fmt::format("is over {} bytes", most_name_bytes));
    } else if (has_nul(*text)) {
        errors.add(field, "must not hold NUL");
    } else {
        return std::string(*text);
    }
    return std::nullopt;
}

}  // namespace

void field_errors::add(std::string field, std::string detail) {
    const bool known = std::any_of(fields_.begin(), fields_.end(),
                                   [&field](const auto& wrong) { return wrong.field == field; });
    if (!known) fields_.push_back({std::move(field), std::move(detail)});
}

error field_errors::as_error() {
    const auto code = too_large_ && fields_.size() == 1 ? errc::too_large : errc::invalid_field;
    std::string summary;
    for (const auto& wrong : fields_)
        summary += fmt::format("{}{} {}", summary.empty() ? "" : "; ", wrong.field, wrong.detail);
    return {code, std::move(summary), std::move(fields_)};
}

std::optional<std::string> read_name(const json::object& body, std::string_view field,
                                     field_errors& errors) {
    const auto* value = find(body, field);
    return value ? as_name(*value, std::string(field), errors) : std::nullopt;
}

std::optional<std::string> read_content(const json::object& body, std::size_t most_bytes,
                                        field_errors& errors) {
    const auto* value = find(body, "content");
    if (!value) {
        errors.add("content", "is required");
    } else if (!value->is_string()) {
        errors.add("content", "must be a string");
    } else if (value->get_string().empty()) {
        errors.add("content", "must not be empty");
    } else if (value->get_string().size() > most_bytes) {
        errors.add("content", fmt::format("is over {} bytes", most_bytes));
        errors.content_too_large();
    } else {
        return std::string(value->get_string());
    }
    return std::nullopt;
}

std::optional<bool> read_bool(const json::object& body, std::string_view field,
                              field_errors& errors) {
    const auto* value = find(body, field);
    if (!value) return std::nullopt;
    if (value->is_bool()) return value->get_bool();
    errors.add(std::string(field), "must be true or false");
    return std::nullopt;
}

std::optional<timestamp> read_time(const json::object& body, std::string_view field,
                                   field_errors& errors) {
    const auto* value = find(body, field);
    if (!value) return std::nullopt;
    const auto* text = value->if_string();
    const auto time = text ? parse_time(*text) : std::nullopt;
    if (!time)
        errors.add(std::string(field), "must be an RFC 3339 time such as 2025-01-08T12:34:56Z");
    return time;
}

std::optional<store::priority> read_priority(const json::object& body, field_errors& errors) {
    const auto* value = find(body, "priority");
    if (!value) return std::nullopt;
    const auto* text = value->if_string();
    const auto priority = text ? store::parse_priority(*text) : std::nullopt;
    if (!priority) errors.add("priority", "must be low, medium, high or urgent");
    return priority;
}

std::optional<std::string> read_metadata(const json::object& body, std::size_t most_bytes,
                                         field_errors& errors) {
    const auto* value = find(body, "metadata");
    if (!value) return std::nullopt;
    if (!value->is_object()) {
        errors.add("metadata", "must be an object");
        return std::nullopt;
    }
    if (value->get_object().empty()) return std::string();
    if (holds_nul(*value)) {
        errors.add("metadata", "must not hold NUL");
        return std::nullopt;
    }
    auto text = to_json(*value);
    if (text.size() <= most_bytes) return text;
    errors.add("metadata", fmt::format("is over {} bytes", most_bytes));
    return std::nullopt;
}

std::optional<std::vector<std::string>> read_tags(const json::object& body, field_errors& errors) {
    const auto* value = find(body, "tags");
    if (!value) return std::nullopt;
    const auto* items = value->if_array();
    if (!items) {
        errors.add("tags", "must be an array of strings");
        return std::nullopt;
    }
    if (items->size() > most_tags) {
        errors.add("tags", fmt::format("are more than {}", most_tags));
        return std::nullopt;
    }
    std::vector<std::string> tags;
    for (std::size_t i = 0; i < items->size(); ++i)
        if (auto tag = as_name((*items)[i], fmt::format("tags[{}]", i), errors))
            tags.push_back(std::move(*tag));
    return tags;
}

std::optional<std::string> read_tags_json(const json::object& body, field_errors& errors) {
    const auto tags = read_tags(body, errors);
    if (!tags) return std::nullopt;
    if (tags->empty()) return std::string();
    std::string text;
    for (const auto& tag : *tags) {
        text += text.empty() ? '[' : ',';
        append_json(text, std::string_view(tag));
    }
    return text += ']';
}

}  // namespace memorypro::memory
