#include <algorithm>
#include <numeric>

#include "config/keys.hpp"

namespace memorypro::config {
namespace {

// Levenshtein, one row at a time.
std::size_t edit_distance(std::string_view from, std::string_view to) {
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < from.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < to.size(); ++j) {
            const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string default_text(const key& entry) {
    return entry.under_systemd.empty() ? entry.value.print({}) : std::string(entry.under_systemd);
}

std::vector<std::string> known_names() {
    std::vector<std::string> names;
    for (const key& entry : keys()) {
        names.emplace_back(entry.name);
        if (entry.secret()) names.push_back(std::string(entry.name) + "_FILE");
    }
    return names;
}

std::vector<std::string> flag_names() {
    std::vector<std::string> names;
    for (const key& entry : keys())
        names.push_back(std::string(entry.name) + (entry.secret() ? "_FILE" : ""));
    return names;
}

std::string flag_of(std::string_view name) {
    std::string flag = "--";
    for (const char c : name.substr(prefix.size())) {
        const bool upper = c >= 'A' && c <= 'Z';
        flag += c == '_' ? '-' : upper ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return flag;
}

std::string nearest_name(std::string_view name) {
    // A name that needs half of its letters changed is another name. The bound on the length keeps
    // a pasted line from costing anything.
    const std::string_view wanted = name.substr(std::min(prefix.size(), name.size())).substr(0, 64);
    std::size_t best = wanted.size() / 2 + 1;
    std::string nearest;
    for (const std::string& known : known_names()) {
        const std::size_t distance =
            edit_distance(wanted, std::string_view(known).substr(prefix.size()));
        if (distance < best) {
            best = distance;
            nearest = known;
        }
    }
    return nearest;
}

}  // namespace memorypro::config
