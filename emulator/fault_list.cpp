#include "emulator/fault_list.hpp"

#include <algorithm>

namespace memorypro::emulator {
namespace {

// What a memory says or a recall asks; of anything else the body as it is.
std::string content_of(std::string_view body) {
    const auto object = parse_object(body);
    if (!object) return std::string(body);
    for (const auto* name : {"content", "query"})
        if (const auto* text = object->if_contains(name); text && text->is_string())
            return std::string(text->get_string());
    return std::string(body);
}

bool is_for(const fault& f, std::string_view call) {
    return f.path.empty() || f.path == call;
}

}  // namespace

void fault_list::replace(std::vector<fault> faults) {
    faults_ = std::move(faults);
    ++generation_;
}

std::optional<fault> fault_list::take(std::vector<fault>::iterator met) {
    fault taken = *met;
    if (met->count && --*met->count == 0) faults_.erase(met);
    return taken;
}

std::optional<fault> fault_list::meet_head(std::string_view call) {
    const auto met = std::ranges::find_if(faults_, [call](const fault& f) {
        return f.what == fault::kind::down && f.matching.empty() && is_for(f, call);
    });
    if (met == faults_.end()) return std::nullopt;
    return take(met);
}

std::optional<fault> fault_list::meet(std::string_view call, std::string_view body) {
    std::optional<std::string> content;
    const auto met = std::ranges::find_if(faults_, [&](const fault& f) {
        if (!is_for(f, call)) return false;
        if (f.matching.empty()) return f.what != fault::kind::down;
        if (!content) content = content_of(body);
        return content->find(f.matching) != std::string::npos;
    });
    if (met == faults_.end()) return std::nullopt;
    return take(met);
}

}  // namespace memorypro::emulator
