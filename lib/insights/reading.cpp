#include "insights/reading.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>

#include "base/sha256.hpp"
#include "store/insight_names.hpp"
#include "store/names.hpp"

namespace memorypro::insights {
namespace {

using kind = store::insight_kind;

std::string text_of(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    const auto* text = value ? value->if_string() : nullptr;
    return text ? std::string(*text) : std::string();
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

// An id as a text or a whole number; empty when it is neither.
std::string id_of(const json::value& value) {
    if (const auto* text = value.if_string()) return std::string(*text);
    return value.is_int64() || value.is_uint64() ? to_json(value) : std::string();
}

// One alone or a list, each once, in their order.
std::vector<std::string> ids_in(const json::object& from) {
    std::vector<std::string> ids;
    const auto add = [&ids](const json::value& value) {
        auto id = id_of(value);
        if (!id.empty()) ids.push_back(std::move(id));
    };
    for (const std::string_view name : {"memory_ids", "memory_id"}) {
        const auto* value = from.if_contains(name);
        if (!value) continue;
        if (const auto* list = value->if_array())
            std::ranges::for_each(*list, add);
        else
            add(*value);
    }
    std::vector<std::string> once;
    std::set<std::string_view> seen;
    for (const auto& id : ids)
        if (seen.insert(id).second) once.push_back(id);
    return once;
}

// Its own, else its envelope's.
std::optional<std::string> user_of(const json::object& from, const json::value* envelopes) {
    const auto* user = from.if_contains("user_id");
    if (!user) user = envelopes;
    auto id = user ? id_of(*user) : std::string();
    if (id.empty()) return std::nullopt;
    return id;
}

store::lifecycle_action action_of(const std::string& name) {
    using enum store::lifecycle_action;
    const auto plain = lower(name);
    if (plain == "archive") return archive;
    if (plain == "prioritize") return prioritize;
    if (plain == "delete") return remove;
    return other;
}

// What a person would search an update by.
std::string searchable(const json::object& from) {
    std::string all;
    for (const std::string_view name : {"insight", "recommendation", "title", "text", "summary",
                                        "description", "content", "pattern", "topic", "reason"}) {
        const auto text = text_of(from, name);
        if (text.empty()) continue;
        if (!all.empty()) all += '\n';
        all += text;
    }
    return all;
}

void read_action(const json::object& from, store::new_insight& out) {
    out.type = text_of(from, "type");
    out.title = text_of(from, "title");
    out.description = text_of(from, "description");
    out.priority =
        store::parse_priority(lower(text_of(from, "priority"))).value_or(store::priority::medium);
}

bool is_enabled(kind of, const config::settings& s) {
    switch (of) {
        case kind::lifecycle_recommendation:
            return s.lifecycle;
        case kind::evolution_update:
            return s.evolution;
        case kind::memory_insights:
            return s.ai_analysis;
        case kind::discovered_action:
        case kind::unknown:
            break;
    }
    return true;
}

store::new_insight kept(kind of, std::string payload) {
    store::new_insight out;
    out.kind = of;
    out.payload_json = std::move(payload);
    // The same payload is another item where it is of another kind.
    out.digest = sha256(std::string(store::to_string(of)) + '\n' + out.payload_json);
    return out;
}

}  // namespace

store::new_insight read_insight(item given, const config::settings& settings) {
    auto out = kept(given.kind, std::move(given.payload));
    out.enabled = is_enabled(out.kind, settings);
    const auto* payload = given.object;
    if (!payload) return out;
    out.memory_ids = ids_in(*payload);
    if (out.memory_ids.size() > most_memory_ids)
        return kept(kind::unknown, std::move(out.payload_json));
    if (out.kind == kind::lifecycle_recommendation) {
        out.action_name = text_of(*payload, "action");
        out.action = action_of(out.action_name);
        out.reason = text_of(*payload, "reason");
    } else if (out.kind == kind::evolution_update) {
        out.text = searchable(*payload);
        out.user_id = user_of(*payload, given.user);
    } else if (out.kind == kind::discovered_action) {
        read_action(*payload, out);
    }
    return out;
}

std::vector<store::new_insight> read_document(const json::object& document,
                                              const config::settings& settings) {
    std::vector<store::new_insight> all;
    for (auto& one : read_items(document))
        all.push_back(read_insight(std::move(one), settings));
    return all;
}

std::vector<store::new_insight> read_delivery(const store::delivery& given,
                                              const config::settings& settings) {
    const auto document = parse_object(given.body, deepest_document);
    if (!document) return {as_unknown(given)};
    if (is_test(*document)) return {};
    auto all = read_document(*document, settings);
    if (all.empty()) all.push_back(kept(kind::unknown, canonical_json(*document)));
    return all;
}

store::new_insight as_unknown(const store::delivery& given) {
    std::string payload;
    append_json(payload, std::string_view(given.body));
    return kept(kind::unknown, std::move(payload));
}

}  // namespace memorypro::insights
