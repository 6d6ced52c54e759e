#include "memory/body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "memory/fields.hpp"
#include "store/names.hpp"

namespace memorypro::memory {
namespace {

constexpr std::size_t most_conditions = 32;
constexpr std::size_t most_query_bytes = 16 << 10;

std::string unknown_fields(const json::object& body, std::string_view id_field,
                           std::size_t most_bytes, field_errors& errors) {
    std::string text;
    for (const auto& member : body) {
        if (store::is_memory_field(member.key())) continue;
        if (!id_field.empty() && member.key() == id_field) continue;
        text += text.empty() ? '{' : ',';
        append_json(text, std::string_view(member.key()));
        text += ':';
        append_json(text, member.value());
        if (text.size() > most_bytes) {
            errors.add(std::string(member.key()),
                       fmt::format("is over {} bytes with the other extra fields", most_bytes));
            break;
        }
    }
    return text.empty() ? text : text + '}';
}

std::optional<std::string> read_type(const json::object& body, field_errors& errors) {
    const auto type = read_name(body, "memory_type", errors);
    return type ? type : read_name(body, "type", errors);
}

// The field that names the memory; empty: it gets an id of ours.
std::string_view id_field(const json::object& body, body_of kind) {
    switch (kind) {
        case body_of::store:
            return {};
        case body_of::sync:
            return "local_memory_id";
        case body_of::import:
            break;
    }
    return body.contains("memory_id") ? "memory_id" : "local_memory_id";
}

std::optional<std::string> read_id(const json::object& body, body_of kind, field_errors& errors) {
    const auto field = id_field(body, kind);
    if (field.empty()) return std::nullopt;
    auto id = read_name(body, field, errors);
    if (id && id->empty()) errors.add(std::string(field), "must not be empty");
    if (!id && kind == body_of::sync) errors.add(std::string(field), "is required, a string");
    return id;
}

store::metadata_condition equals(std::string_view key, const json::value& value) {
    using kind = store::metadata_condition::kind;
    if (const auto* text = value.if_string())
        return {std::string(key), kind::text, std::string(*text)};
    const auto type = value.is_number()                       ? kind::number
                      : value.is_object() || value.is_array() ? kind::structured
                                                              : kind::literal;
    return {std::string(key), type, to_json(value)};
}

std::vector<store::metadata_condition> read_conditions(const json::object& body,
                                                       field_errors& errors) {
    std::vector<store::metadata_condition> conditions;
    const auto* given = body.if_contains("metadata");
    if (!given || given->is_null()) return conditions;
    if (!given->is_object()) {
        errors.add("metadata", "must be an object");
    } else if (given->get_object().size() > most_conditions) {
        errors.add("metadata", fmt::format("has more than {} keys", most_conditions));
    } else {
        for (const auto& member : given->get_object())
            conditions.push_back(equals(member.key(), member.value()));
    }
    return conditions;
}

store::memory_filter read_filter(const json::object& body, field_errors& errors) {
    store::memory_filter filter;
    filter.user_id = read_name(body, "user_id", errors);
    filter.agent_id = read_name(body, "agent_id", errors);
    filter.session_id = read_name(body, "session_id", errors);
    filter.memory_type = read_type(body, errors);
    filter.tags = read_tags(body, errors).value_or(std::vector<std::string>{});
    if (filter.tags.size() > most_conditions)
        errors.add("tags", fmt::format("are more than {}", most_conditions));
    filter.metadata = read_conditions(body, errors);
    filter.since = read_time(body, "since", errors);
    filter.until = read_time(body, "until", errors);
    filter.include_archived = read_bool(body, "include_archived", errors).value_or(false);
    return filter;
}

std::size_t read_count(const json::object& body, field_errors& errors) {
    const auto* value = body.if_contains("recall_count");
    if (!value || value->is_null()) return recall_request().count;
    boost::system::error_code not_whole;
    const auto count = value->to_number<std::int64_t>(not_whole);
    if (!not_whole && count >= 1 && count <= std::int64_t{most_recalled})
        return static_cast<std::size_t>(count);
    errors.add("recall_count", fmt::format("must be a whole number from 1 to {}", most_recalled));
    return 1;
}

double read_min_score(const json::object& body, field_errors& errors) {
    const auto* value = body.if_contains("min_score");
    if (!value || value->is_null()) return 0;
    boost::system::error_code not_number;
    const auto score = value->to_number<double>(not_number);
    if (!not_number && score >= 0 && score <= 1) return score;
    errors.add("min_score", "must be a number from 0 to 1");
    return 0;
}

// A misspelled filter would widen the answer to other scopes.
void refuse_unknown_fields(const json::object& body, field_errors& errors) {
    static constexpr auto known = std::to_array<std::string_view>(
        {"query", "recall_count", "weight_recent", "weight_responsibilities", "auto_queue_actions",
         "evolution_enabled", "options", "user_id", "agent_id", "session_id", "memory_type", "type",
         "tags", "metadata", "since", "until", "include_archived", "min_score", "explain"});
    for (const auto& member : body) {
        const std::string_view name = member.key();
        if (std::ranges::find(known, name) == known.end())
            errors.add(std::string(name), "is not a field of a recall");
    }
}

// A filter that does nothing must not look as if it did.
void refuse_filters_in_options(const json::object& body, field_errors& errors) {
    static constexpr auto filters = std::to_array<std::string_view>(
        {"user_id", "agent_id", "session_id", "memory_type", "type", "tags", "metadata", "since",
         "until", "include_archived", "min_score"});
    const auto* options = body.if_contains("options");
    if (!options || !options->is_object()) return;
    for (const auto name : filters)
        if (options->get_object().contains(name))
            errors.add(fmt::format("options.{}", name), "belongs beside the query, not in options");
}

// The seed's clients send the weights at the top or inside "options".
std::optional<bool> read_option(const json::object& body, std::string_view name,
                                field_errors& errors) {
    if (const auto top = read_bool(body, name, errors)) return top;
    const auto* options = body.if_contains("options");
    if (!options || options->is_null()) return std::nullopt;
    if (!options->is_object()) {
        errors.add("options", "must be an object");
        return std::nullopt;
    }
    field_errors inside;
    const auto value = read_bool(options->get_object(), name, inside);
    if (!inside.none()) errors.add(fmt::format("options.{}", name), "must be true or false");
    return value;
}

}  // namespace

result<given_memory> parse_memory(const json::object& body, body_of kind,
                                  std::size_t most_content_bytes) {
    field_errors errors;
    given_memory given;
    given.id = read_id(body, kind, errors);
    auto& what = given.what;
    what.content = read_content(body, most_content_bytes, errors).value_or("");
    what.metadata_json = read_metadata(body, most_content_bytes, errors).value_or("");
    what.tags_json = read_tags_json(body, errors).value_or("");
    what.session_id = read_name(body, "session_id", errors);
    what.agent_id = read_name(body, "agent_id", errors);
    what.user_id = read_name(body, "user_id", errors);
    what.memory_type = read_type(body, errors).value_or(what.memory_type);
    what.priority = read_priority(body, errors).value_or(what.priority);
    what.time = read_time(body, "timestamp", errors);
    what.extra_json = unknown_fields(body, id_field(body, kind), most_content_bytes, errors);
    if (kind == body_of::import) {
        given.created_at = read_time(body, "created_at", errors);
        given.archived = read_bool(body, "archived", errors).value_or(false);
    }
    if (!errors.none()) return errors.as_error();
    return given;
}

result<store::memory_patch> parse_patch(const json::object& body, std::size_t most_content_bytes) {
    static constexpr auto patchable = std::to_array<std::string_view>(
        {"content", "metadata", "tags", "priority", "memory_type", "timestamp", "archived"});
    field_errors errors;
    for (const auto& member : body) {
        const std::string_view name = member.key();
        if (std::ranges::find(patchable, name) == patchable.end()) {
            errors.add(std::string(name), "cannot be changed");
        } else if (member.value().is_null() && name != "metadata" && name != "tags") {
            errors.add(std::string(name), "must not be null");
        }
    }
    store::memory_patch patch;
    if (body.contains("content")) patch.content = read_content(body, most_content_bytes, errors);
    if (body.contains("metadata"))
        patch.metadata_json = read_metadata(body, most_content_bytes, errors).value_or("");
    if (body.contains("tags")) patch.tags_json = read_tags_json(body, errors).value_or("");
    patch.memory_type = read_name(body, "memory_type", errors);
    patch.priority = read_priority(body, errors);
    patch.time = read_time(body, "timestamp", errors);
    patch.archived = read_bool(body, "archived", errors);
    if (!errors.none()) return errors.as_error();
    return patch;
}

result<recall_request> parse_recall(const json::object& body) {
    field_errors errors;
    refuse_unknown_fields(body, errors);
    refuse_filters_in_options(body, errors);
    recall_request wanted;
    const auto* query = body.if_contains("query");
    if (!query || !query->is_string()) {
        errors.add("query", "is required, a string");
    } else if (query->get_string().empty()) {
        errors.add("query", "must not be empty");
    } else if (query->get_string().size() > most_query_bytes) {
        errors.add("query", fmt::format("is over {} bytes", most_query_bytes));
    } else {
        wanted.query = query->get_string();
    }
    wanted.count = read_count(body, errors);
    wanted.weights.recent = read_option(body, "weight_recent", errors).value_or(true);
    wanted.weights.responsibilities =
        read_option(body, "weight_responsibilities", errors).value_or(true);
    wanted.auto_queue_actions = read_option(body, "auto_queue_actions", errors).value_or(true);
    wanted.evolution_enabled = read_bool(body, "evolution_enabled", errors).value_or(true);
    wanted.min_score = read_min_score(body, errors);
    wanted.explain = read_bool(body, "explain", errors).value_or(false);
    wanted.filter = read_filter(body, errors);
    if (!errors.none()) return errors.as_error();
    return wanted;
}

}  // namespace memorypro::memory
