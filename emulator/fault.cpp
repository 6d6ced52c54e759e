#include "emulator/fault.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace memorypro::emulator {
namespace {

using kind = fault::kind;

constexpr std::pair<kind, std::string_view> kind_names[] = {
    {kind::down, "down"},
    {kind::hang, "hang"},
    {kind::slow, "slow"},
    {kind::drip, "drip"},
    {kind::reset_after_accept, "reset_after_accept"},
    {kind::unauthorized, "unauthorized"},
    {kind::forbidden, "forbidden"},
    {kind::reject, "reject"},
    {kind::rate_limit, "rate_limit"},
    {kind::error, "error"},
    {kind::garbage, "garbage"},
    {kind::not_json, "not_json"},
    {kind::truncated, "truncated"},
    {kind::oversized, "oversized"},
};

constexpr auto keys = std::to_array<std::string_view>(
    {"count", "path", "matching", "delay_ms", "retry_after", "status", "detail"});

struct number {
    std::string_view key;
    unsigned least;
    unsigned most;
};
constexpr number numbers[] = {
    {"count", 1, 1'000'000'000},
    {"delay_ms", 0, 3'600'000},
    {"retry_after", 0, 86'400},
    {"status", 500, 599},
};

constexpr std::chrono::milliseconds slow_by{1'000};
constexpr std::chrono::milliseconds drip_each{10};

std::optional<unsigned> whole(std::string_view text, unsigned least, unsigned most) {
    unsigned value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
    if (value < least || value > most) return std::nullopt;
    return value;
}

result<kind> parse_kind(std::string_view name) {
    for (const auto& [value, spelled] : kind_names)
        if (spelled == name) return value;
    return invalid_field("fault", fmt::format("\"{}\" is none of {}", name, fault_names()));
}

bool has_key(kind k, std::string_view key) {
    if (key == "delay_ms") return k == kind::slow || k == kind::drip;
    if (key == "retry_after") return k == kind::rate_limit;
    if (key == "status") return k == kind::error;
    if (key == "detail") return k >= kind::unauthorized && k <= kind::error;
    return true;
}

result<void> set_number(fault& f, std::string_view key, std::string_view text) {
    const auto& range = *std::ranges::find(numbers, key, &number::key);
    const auto value = whole(text, range.least, range.most);
    if (!value)
        return invalid_field(std::string(key), fmt::format("must be a whole number from {} to {}",
                                                           range.least, range.most));
    if (key == "count") f.count = *value;
    if (key == "delay_ms") f.delay = std::chrono::milliseconds(*value);
    if (key == "retry_after") f.retry_after = std::chrono::seconds(*value);
    if (key == "status") f.status = *value;
    return result<void>();
}

result<void> set_path(fault& f, std::string_view text) {
    if (std::ranges::find(calls, text) == calls.end())
        return invalid_field("path", fmt::format("is none of {}", fmt::join(calls, " ")));
    f.path = text;
    return result<void>();
}

result<void> set(fault& f, std::string_view key, std::string_view text) {
    if (std::ranges::find(keys, key) == keys.end() || !has_key(f.what, key))
        return invalid_field(std::string(key),
                             fmt::format("is not a setting of {}", to_string(f.what)));
    if (key == "path") return set_path(f, text);
    if (key != "matching" && key != "detail") return set_number(f, key, text);
    (key == "matching" ? f.matching : f.detail) = text;
    return result<void>();
}

fault with_defaults(kind k) {
    fault made{.what = k};
    if (k == kind::slow) made.delay = slow_by;
    if (k == kind::drip) made.delay = drip_each;
    return made;
}

// Bytes up to the comma that another key follows.
std::size_t value_length(std::string_view text) {
    for (auto comma = text.find(','); comma != text.npos; comma = text.find(',', comma + 1)) {
        const auto rest = text.substr(comma + 1);
        if (std::ranges::find(keys, rest.substr(0, rest.find('='))) != keys.end() &&
            rest.find('=') != rest.npos)
            return comma;
    }
    return text.size();
}

}  // namespace

std::string_view to_string(fault::kind k) {
    return std::ranges::find(kind_names, k, &std::pair<kind, std::string_view>::first)->second;
}

std::string fault_names() {
    std::string list;
    for (const auto& [value, name] : kind_names)
        list += (list.empty() ? "" : " ") + std::string(name);
    return list;
}

result<fault> parse_fault(std::string_view text) {
    const auto colon = std::min(text.find(':'), text.size());
    const auto what = parse_kind(text.substr(0, colon));
    if (!what) return what.error();
    fault made = with_defaults(*what);
    std::string_view rest = text.substr(std::min(colon + 1, text.size()));
    while (!rest.empty()) {
        const auto given = rest.substr(0, value_length(rest));
        rest.remove_prefix(std::min(given.size() + 1, rest.size()));
        const auto equals = given.find('=');
        if (equals == given.npos)
            return invalid_field("fault", fmt::format("\"{}\" is not key=value", given));
        const auto done = set(made, given.substr(0, equals), given.substr(equals + 1));
        if (!done) return done.error();
    }
    return made;
}

result<fault> parse_fault(const json::object& from) {
    const auto* name = from.if_contains("fault");
    if (!name || !name->is_string()) return invalid_field("fault", "is required, a string");
    const auto what = parse_kind(name->get_string());
    if (!what) return what.error();
    fault made = with_defaults(*what);
    for (const auto& member : from) {
        const std::string_view key = member.key();
        if (key == "fault" || member.value().is_null()) continue;
        const auto* text = member.value().if_string();
        const auto done = set(made, key, text ? std::string(*text) : to_json(member.value()));
        if (!done) return done.error();
    }
    return made;
}

json::object to_object(const fault& f) {
    json::object made{{"fault", to_string(f.what)}};
    if (f.count) made["count"] = *f.count;
    if (!f.path.empty()) made["path"] = f.path;
    if (!f.matching.empty()) made["matching"] = f.matching;
    if (has_key(f.what, "delay_ms")) made["delay_ms"] = f.delay.count();
    if (has_key(f.what, "retry_after")) made["retry_after"] = f.retry_after.count();
    if (has_key(f.what, "status")) made["status"] = f.status;
    if (!f.detail.empty()) made["detail"] = f.detail;
    return made;
}

}  // namespace memorypro::emulator
