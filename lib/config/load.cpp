#include "config/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/env_file.hpp"
#include "config/files.hpp"

namespace memorypro::config {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 20;

struct given_value {
    std::string text;
    std::string place;
};
using layer = std::map<std::string, given_value, std::less<>>;

bool is_known(std::string_view name) {
    const std::vector<std::string> names = known_names();
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string unknown(std::string_view name) {
    const std::string nearest = nearest_name(name);
    return nearest.empty() ? "is not a setting" : "is not a setting, did you mean " + nearest + "?";
}

std::string settings_file(const sources& from) {
    return from.file.value_or(std::string(default_file));
}

layer read_file(draft& made, const sources& from) {
    const std::string path = settings_file(from);
    const auto file = read_small_file(path, largest_file);
    if (!file) {
        const bool absent = file.error().code == errc::not_found;
        if (from.file || !absent) made.problems.push_back(path + ": " + file.error().detail);
        return {};
    }
    env_file parsed = parse_env_file(file->text, path);
    made.problems.insert(made.problems.end(), parsed.problems.begin(), parsed.problems.end());

    layer assigned;
    for (assignment& one : parsed.assignments) {
        if (!is_known(one.name)) {
            made.problems.push_back(about(one.name, one.place, unknown(one.name)));
            continue;
        }
        if (assigned.count(one.name) != 0)
            made.warnings.push_back(
                about(one.name, one.place, "is set twice; the last one counts"));
        assigned[one.name] = {std::move(one.value), std::move(one.place)};
    }
    if (file->readable_by_all)
        for (const key& entry : keys())
            if (const auto found = assigned.find(entry.name);
                entry.secret() && found != assigned.end())
                made.warnings.push_back(
                    about(entry.name, found->second.place,
                          fmt::format("others can read the file (mode {:04o})", file->mode)));
    return assigned;
}

layer read_environment(draft& made, const values& environment) {
    layer assigned;
    for (const auto& [name, text] : environment) {
        if (!name.starts_with(prefix)) continue;
        if (is_known(name))
            assigned[name] = {text, "environment"};
        else
            made.warnings.push_back(about(name, "environment", unknown(name)));
    }
    return assigned;
}

layer read_flags(draft& made, const values& flags) {
    layer assigned;
    for (const auto& [name, text] : flags) {
        if (is_known(name))
            assigned[name] = {text, flag_of(name)};
        else
            made.problems.push_back(about(name, "flag", unknown(name)));
    }
    return assigned;
}

void set_value(draft& made, const key& entry, const given_value& given) {
    made.places[std::string(entry.name)] = given.place;
    const std::string wrong =
        given.text.empty() ? "must not be empty" : entry.value.set(made.settings, given.text);
    if (!wrong.empty()) made.problem(entry.name, wrong);
}

// Every layer's text is checked, also one that a higher layer hides; a secret's file is read only
// where it counts.
void set_key(draft& made, const key& entry, const std::array<layer, 3>& layers,
             const sources& from) {
    const std::string file_name = std::string(entry.name) + "_FILE";
    const given_value* secret_file = nullptr;
    for (const layer& source : layers) {
        const auto direct = source.find(entry.name);
        const auto by_file = entry.secret() ? source.find(file_name) : source.end();
        if (direct != source.end()) {
            set_value(made, entry, direct->second);
            secret_file = nullptr;
        }
        if (by_file == source.end()) continue;
        if (direct != source.end())
            made.problem(entry.name, fmt::format("is set beside {}; keep one", file_name));
        else
            secret_file = &by_file->second;
    }
    if (secret_file != nullptr)
        set_secret_from_file(made, entry, secret_file->text, file_name, secret_file->place);
    else if (entry.secret() && !made.given(entry.name))
        set_secret_from_credentials(made, entry, from.environment, settings_file(from));
}

}  // namespace

std::string about(std::string_view name, std::string_view place, std::string_view detail) {
    return fmt::format("{} ({}): {}", name, place, detail);
}

std::string draft::place_of(std::string_view name) const {
    const auto found = places.find(name);
    return found == places.end() ? "default" : found->second;
}

void draft::problem(std::string_view name, std::string_view detail) {
    problems.push_back(about(name, place_of(name), detail));
}

void draft::warning(std::string_view name, std::string_view detail) {
    warnings.push_back(about(name, place_of(name), detail));
}

loaded load(const sources& from) {
    draft made;
    std::array<layer, 3> layers;  // lowest first
    layers[0] = read_file(made, from);
    layers[1] = read_environment(made, from.environment);
    layers[2] = read_flags(made, from.flags);
    for (const key& entry : keys())
        set_key(made, entry, layers, from);
    set_default_paths(made, from.environment);
    check_together(made);
    return made;
}

}  // namespace memorypro::config
