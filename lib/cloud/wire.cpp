#include "cloud/wire.hpp"

#include "store/names.hpp"

namespace memorypro::cloud {
namespace {

constexpr std::string_view local_id_field = "local_memory_id";

void append_text(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    append_json(out, value);
}

void append_nullable(std::string& out, std::string_view name,
                     const std::optional<std::string>& value) {
    if (value) return append_text(out, name, *value);
    out.append(name).append("null");
}

void append_given(std::string& out, std::string_view name,
                  const std::optional<std::string>& value) {
    if (value) append_text(out, name, *value);
}

void append_flag(std::string& out, std::string_view name, bool value) {
    out.append(name).append(value ? "true" : "false");
}

void append_time(std::string& out, std::string_view name, timestamp at) {
    out.append(name).append("\"").append(format_time(at)).append("\"");
}

// The members of an object's text, each after a comma.
void append_members(std::string& out, std::string_view object) {
    if (object.size() <= 2) return;
    out.append(",").append(object.substr(1, object.size() - 2));
}

void append_members_without(std::string& out, std::string_view object, std::string_view name) {
    const auto members = parse_object(object);
    if (!members) return;
    for (const auto& member : *members) {
        if (member.key() == name) continue;
        out += ',';
        append_json(out, std::string_view(member.key()));
        out += ':';
        append_json(out, member.value());
    }
}

std::string open_store_body(const store::memory_content& what, timestamp stored_at) {
    std::string out;
    out.reserve(what.content.size() + what.metadata_json.size() + what.extra_json.size() + 512);
    append_text(out, "{\"content\":", what.content);
    out.append(",\"metadata\":").append(what.metadata_json.empty() ? "{}" : what.metadata_json);
    append_nullable(out, ",\"session_id\":", what.session_id);
    append_nullable(out, ",\"agent_id\":", what.agent_id);
    append_time(out, ",\"timestamp\":", what.time.value_or(stored_at));
    append_nullable(out, ",\"user_id\":", what.user_id);
    append_text(out, ",\"memory_type\":", what.memory_type);
    if (!what.tags_json.empty()) out.append(",\"tags\":").append(what.tags_json);
    if (what.priority != store::priority::medium)
        append_text(out, ",\"priority\":", store::to_string(what.priority));
    return out;
}

bool has_a_value(const store::metadata_condition& condition) {
    return condition.type != store::metadata_condition::kind::as_written;
}

void append_metadata(std::string& out, const std::vector<store::metadata_condition>& conditions) {
    std::string_view before = ",\"metadata\":{";
    for (const auto& condition : conditions) {
        if (!has_a_value(condition)) continue;
        out += before;
        before = ",";
        append_json(out, std::string_view(condition.key));
        out += ':';
        if (condition.type == store::metadata_condition::kind::text) {
            append_json(out, std::string_view(condition.value));
        } else {
            out += condition.value;
        }
    }
    if (before == ",") out += '}';
}

void append_tags(std::string& out, const std::vector<std::string>& tags) {
    std::string_view before = ",\"tags\":[";
    for (const auto& tag : tags) {
        append_text(out, before, tag);
        before = ",";
    }
    if (!tags.empty()) out += ']';
}

}  // namespace

std::string store_body(const store::memory_content& what, timestamp stored_at) {
    auto out = open_store_body(what, stored_at);
    append_members(out, what.extra_json);
    out += '}';
    return out;
}

std::string sync_body(const store::memory_content& what, timestamp stored_at,
                      std::string_view local_id) {
    auto out = open_store_body(what, stored_at);
    append_text(out, ",\"local_memory_id\":", local_id);
    if (what.extra_json.find(local_id_field) == std::string::npos) {
        append_members(out, what.extra_json);
    } else {
        append_members_without(out, what.extra_json, local_id_field);
    }
    out += '}';
    return out;
}

std::string recall_body(const recall_query& asked) {
    std::string out;
    append_text(out, "{\"query\":", asked.query);
    out.append(",\"recall_count\":").append(std::to_string(asked.count));
    append_flag(out, ",\"weight_recent\":", asked.weight_recent);
    append_flag(out, ",\"weight_responsibilities\":", asked.weight_responsibilities);
    append_flag(out, ",\"auto_queue_actions\":", asked.auto_queue_actions);
    append_nullable(out, ",\"session_id\":", asked.filter.session_id);
    append_flag(out, ",\"evolution_enabled\":", asked.evolution_enabled);
    const auto& filter = asked.filter;
    append_given(out, ",\"user_id\":", filter.user_id);
    append_given(out, ",\"agent_id\":", filter.agent_id);
    append_given(out, ",\"memory_type\":", filter.memory_type);
    append_tags(out, filter.tags);
    append_metadata(out, filter.metadata);
    if (filter.since) append_time(out, ",\"since\":", *filter.since);
    if (filter.until) append_time(out, ",\"until\":", *filter.until);
    if (filter.include_archived) append_flag(out, ",\"include_archived\":", true);
    out += '}';
    return out;
}

}  // namespace memorypro::cloud
