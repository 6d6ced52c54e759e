#include "http/router.hpp"

#include <algorithm>
#include <optional>

namespace memorypro::http {
namespace {

std::string_view take_segment(std::string_view& rest) {
    const auto end = std::min(rest.find('/', 1), rest.size());
    const auto segment = rest.substr(0, end);
    rest.remove_prefix(end);
    return segment;
}

// The decoded {…} segments; nullopt when the path is another.
std::optional<std::vector<std::string>> captured(std::string_view pattern, std::string_view path) {
    std::vector<std::string> captures;
    while (!pattern.empty() && !path.empty()) {
        const auto wanted = take_segment(pattern);
        const auto given = take_segment(path);
        if (wanted.starts_with("/{")) {
            auto value = given.size() > 1 ? decode(given.substr(1)) : std::nullopt;
            if (!value) return std::nullopt;
            captures.push_back(std::move(*value));
        } else if (wanted != given) {
            return std::nullopt;
        }
    }
    if (!pattern.empty() || !path.empty()) return std::nullopt;
    return captures;
}

void allow(std::string& list, verb method) {
    const auto name = boost::beast::http::to_string(method);
    if (!list.empty()) list += ", ";
    list.append(name.data(), name.size());
    if (method == verb::get) list += ", HEAD";
}

}  // namespace

match router::find(verb method, std::string_view path) const {
    const verb wanted = method == verb::head ? verb::get : method;
    match answer;
    const bool spelled_out = std::any_of(routes_->begin(), routes_->end(),
                                         [path](const route& r) { return r.pattern == path; });
    for (const auto& candidate : *routes_) {
        if (spelled_out && candidate.pattern != path) continue;
        auto captures = captured(candidate.pattern, path);
        if (!captures) continue;
        if (candidate.method == wanted)
            return {.found = {routes_, &candidate}, .captures = std::move(*captures), .allow = {}};
        allow(answer.allow, candidate.method);
    }
    return answer;
}

}  // namespace memorypro::http
