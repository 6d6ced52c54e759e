#include "emulator/findings.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/result.hpp"
#include "emulator/files.hpp"

namespace memorypro::emulator {
namespace {

constexpr std::string_view lists[] = {"evolution_updates", "lifecycle_recommendations",
                                      "discovered_actions"};
constexpr std::string_view snapshot = "memory_insights";

bool names(const json::value& item, std::string_view memory_id) {
    const auto* object = item.if_object();
    if (!object) return false;
    const auto is_it = [&](const json::value& id) {
        return id.is_string() && id.get_string() == memory_id;
    };
    if (const auto* id = object->if_contains("memory_id"); id && is_it(*id)) return true;
    const auto* ids = object->if_contains("memory_ids");
    return ids && ids->is_array() && std::ranges::any_of(ids->get_array(), is_it);
}

}  // namespace

findings::findings(std::string path) : path_(std::move(path)) {
    if (const auto text = read_if_there(path_)) {
        auto kept = parse_object(*text, deepest_document);
        if (!kept) throw failed({errc::conflict, path_ + " is damaged: " + kept.error().detail});
        kept_ = std::move(*kept);
    }
    for (const auto name : lists) {
        auto& list = kept_[name];
        if (!list.is_array()) list = json::array();
    }
}

json::array* findings::list_of(store::insight_kind kind) {
    using enum store::insight_kind;
    if (kind == evolution_update) return &kept_.at(lists[0]).get_array();
    if (kind == lifecycle_recommendation) return &kept_.at(lists[1]).get_array();
    if (kind == discovered_action) return &kept_.at(lists[2]).get_array();
    return nullptr;
}

void findings::add(const std::vector<insights::item>& items) {
    for (const auto& item : items) {
        if (!item.object) continue;
        if (item.kind == store::insight_kind::memory_insights) kept_[snapshot] = *item.object;
        auto* list = list_of(item.kind);
        if (!list || std::ranges::find(*list, json::value(*item.object)) != list->end()) continue;
        list->push_back(*item.object);
        if (list->size() > most_kept) list->erase(list->begin());
    }
    write_file(path_, to_json(kept_));
}

json::object findings::document(json::object counted) const {
    auto made = kept_;
    // Not one of the three that every document has.
    if (made.at(lists[2]).get_array().empty()) made.erase(lists[2]);
    if (!made.contains(snapshot)) made[snapshot] = std::move(counted);
    return made;
}

bool findings::cites(std::string_view member, std::string_view memory_id) const {
    const auto* list = kept_.if_contains(member);
    return list && list->is_array() &&
           std::ranges::any_of(list->get_array(),
                               [&](const json::value& item) { return names(item, memory_id); });
}

}  // namespace memorypro::emulator
