#include <algorithm>

#include "cloud/wire.hpp"
#include "store/names.hpp"

namespace memorypro::cloud {
namespace {

// As long as the API lets an id be.
constexpr std::size_t most_id_bytes = 1024;

// Tiny values take many times their text: what is beyond this is no answer to a question of ours.
std::optional<json::object> answer_in(std::string_view body) {
    constexpr std::size_t always_granted = 8 << 20;
    return parse_object_within(body, deepest_document, always_granted + 6 * body.size());
}

std::optional<std::string> text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (!value || !value->is_string()) return std::nullopt;
    return std::string(value->get_string());
}

std::optional<std::string> non_empty_text_of(const json::object& object, std::string_view name) {
    auto text = text_of(object, name);
    return text && text->empty() ? std::nullopt : std::move(text);
}

std::optional<std::string> id_of(const json::object& object, std::string_view name) {
    auto id = non_empty_text_of(object, name);
    return id && id->size() > most_id_bytes ? std::nullopt : std::move(id);
}

std::optional<double> number_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (!value || !value->is_number()) return std::nullopt;
    return value->to_number<double>();
}

std::optional<timestamp> time_of(const json::object& object, std::string_view name) {
    const auto text = text_of(object, name);
    return text ? parse_time(*text) : std::nullopt;
}

// Empty: missing, of another type, or without members.
std::string object_text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (!value || !value->is_object() || value->get_object().empty()) return {};
    return to_json(*value);
}

std::string tags_text_of(const json::object& object) {
    const auto* value = object.if_contains("tags");
    const auto* tags = value ? value->if_array() : nullptr;
    if (!tags || tags->empty()) return {};
    const auto is_text = [](const json::value& tag) { return tag.is_string(); };
    return std::all_of(tags->begin(), tags->end(), is_text) ? to_json(*value) : std::string();
}

std::string unknown_fields_of(const json::object& object, std::string_view id_field,
                              std::string_view score_field) {
    std::string text;
    for (const auto& member : object) {
        const std::string_view name = member.key();
        if (store::is_memory_field(name) || name == id_field || name == score_field) continue;
        text += text.empty() ? '{' : ',';
        append_json(text, name);
        text += ':';
        append_json(text, member.value());
    }
    return text.empty() ? text : text + '}';
}

store::memory_content content_of(const json::object& object) {
    store::memory_content what;
    what.content = text_of(object, "content").value_or("");
    what.metadata_json = object_text_of(object, "metadata");
    what.tags_json = tags_text_of(object);
    what.user_id = text_of(object, "user_id");
    what.agent_id = text_of(object, "agent_id");
    what.session_id = text_of(object, "session_id");
    auto type = non_empty_text_of(object, "memory_type");
    if (!type) type = non_empty_text_of(object, "type");
    if (type) what.memory_type = std::move(*type);
    const auto priority = store::parse_priority(text_of(object, "priority").value_or(""));
    what.priority = priority.value_or(what.priority);
    what.time = time_of(object, "timestamp");
    return what;
}

std::optional<found> found_in(const json::value& entry) {
    const auto* object = entry.if_object();
    if (!object) return std::nullopt;
    std::string_view id_field = "memory_id";
    auto id = id_of(*object, id_field);
    if (!id) id = id_of(*object, id_field = "id");
    if (!id || !non_empty_text_of(*object, "content")) return std::nullopt;

    found made;
    std::string_view score_field = "relevance_score";
    made.score = number_of(*object, score_field);
    if (!made.score) made.score = number_of(*object, score_field = "score");
    made.names_session = object->contains("session_id");
    auto& memory = made.memory;
    memory.id = std::move(*id);
    memory.what = content_of(*object);
    memory.what.extra_json = unknown_fields_of(*object, id_field, score_field);
    memory.created_at =
        time_of(*object, "created_at").value_or(memory.what.time.value_or(timestamp()));
    if (!memory.what.time) memory.what.time = memory.created_at;
    const auto* archived = object->if_contains("archived");
    memory.archived = archived && archived->is_bool() && archived->get_bool();
    memory.sync_state = store::sync_state::synced;
    return made;
}

}  // namespace

std::optional<written> parse_written(std::string_view body, bool id_required) {
    const auto object = answer_in(body);
    if (!object) return std::nullopt;
    written made{id_of(*object, "memory_id"), object_text_of(*object, "analysis")};
    if (id_required && !made.memory_id) return std::nullopt;
    return made;
}

std::optional<recalled> parse_recalled(std::string_view body, std::size_t most) {
    const auto object = answer_in(body);
    const auto* memories = object ? object->if_contains("memories") : nullptr;
    if (!memories || !memories->is_array()) return std::nullopt;
    recalled made;
    for (const auto& entry : memories->get_array()) {
        if (made.memories.size() >= most) break;
        if (auto one = found_in(entry)) made.memories.push_back(std::move(*one));
    }
    const auto* actions = object->if_contains("discovered_actions");
    if (actions && actions->is_array()) made.actions_json = to_json(*actions);
    if (auto analysis = object_text_of(*object, "analysis"); !analysis.empty())
        made.analysis_json = std::move(analysis);
    return made;
}

}  // namespace memorypro::cloud
