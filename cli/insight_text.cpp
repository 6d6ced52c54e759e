#include "cli/insight_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/json.hpp"

namespace memorypro::cli {

namespace json = boost::json;

namespace {

std::string ids_of(const json::object& item) {
    std::string ids;
    for (const auto& id : array_at(item, "memory_ids"))
        ids += (ids.empty() ? "" : ", ") + text_of(id);
    return ids.empty() ? text_at(item, "memory_id") : ids;
}

void append(std::string& line, std::string_view before, std::string_view text) {
    if (text.empty()) return;
    line += line.empty() ? "" : before;
    line += text;
}

std::string recommendation_line(const json::object& item) {
    auto line = text_at(item, "action");
    append(line, " ", ids_of(item));
    append(line, ": ", text_at(item, "reason"));
    return line;
}

std::string update_line(const json::object& item) {
    auto line = text_at(item, "insight");
    append(line, "; ", text_at(item, "recommendation"));
    return line;
}

std::string action_line(const json::object& item) {
    auto line = text_at(item, "title");
    append(line, ", ", text_at(item, "priority"));
    return line;
}

std::string snapshot_line(const json::object& item) {
    std::string line;
    for (const auto& [name, value] : item) {
        if (value.is_primitive()) append(line, ", ", words_of(name) + ' ' + text_of(value));
    }
    return line;
}

}  // namespace

std::string insight_line(std::string_view kind, const json::value& payload) {
    const auto* item = payload.if_object();
    std::string line;
    if (item && kind == "lifecycle_recommendation") line = recommendation_line(*item);
    if (item && kind == "evolution_update") line = update_line(*item);
    if (item && kind == "discovered_action") line = action_line(*item);
    if (item && kind == "memory_insights") line = snapshot_line(*item);
    return line.empty() ? text_of(payload) : line;
}

std::string pattern_line(const json::value& pattern) {
    const auto* object = pattern.if_object();
    if (!object || array_at(*object, "values").empty()) return text_of(pattern);
    std::string values;
    for (const auto& entry : array_at(*object, "values")) {
        const auto* one = entry.if_object();
        append(values, ", ",
               one ? fmt::format("{} ({})", text_at(*one, "value"), text_at(*one, "count"))
                   : text_of(entry));
    }
    return fmt::format("{}: {}", words_of(text_at(*object, "pattern")), values);
}

std::string words_of(std::string_view name) {
    std::string words(name);
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
}

}  // namespace memorypro::cli
