#include "report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>

#include "measure.hpp"

namespace memorypro::bench {
namespace {

constexpr std::string_view state_names[] = {"measured", "skipped", "failed"};
constexpr std::string_view aim_names[] = {"none", "at_least", "at_most"};

std::string_view name_of(row::outcome state) {
    return state_names[static_cast<int>(state)];
}

std::string shown(double value) {
    const double size = std::abs(value);
    if (size >= 1000) return fmt::format("{:.0f}", value);
    if (size >= 10) return fmt::format("{:.1f}", value);
    return fmt::format("{:.3f}", value);
}

std::string head_of(const row& head) {
    if (head.metrics.empty()) return {};
    std::string line = fmt::format("  {:<12}", "");
    for (const auto& column : head.metrics)
        line += fmt::format("  {}", column.name);
    return line + '\n';
}

// Columns are those of the scenario's first measured row.
std::string line_of(const row& shown_row, const row& head) {
    std::string line = fmt::format("  {:<12}", shown_row.subject);
    if (!shown_row.measured()) {
        return line + fmt::format("  {}: {}\n", name_of(shown_row.state), shown_row.reason);
    }
    for (const auto& column : head.metrics) {
        const auto value = shown_row.median_of(column.name);
        line += fmt::format("  {:>{}}", value ? shown(*value) : "-", column.name.size());
    }
    return line + '\n';
}

std::string warning_of(const row& shown_row) {
    constexpr double quiet_cores = 0.2;
    const auto others = shown_row.median_of("others_cores");
    if (!shown_row.measured() || !others || *others <= quiet_cores) return {};
    return fmt::format("  {:<12}  disturbed: other processes used {:.1f} cores meanwhile\n", "",
                       *others);
}

std::string line_of(const comparison& compared) {
    std::string line = fmt::format("  {} = {}", compared.what, shown(compared.value));
    if (compared.direction == comparison::aim::none) return line + '\n';
    const bool least = compared.direction == comparison::aim::at_least;
    return line + fmt::format("  (aim: at {} {}; {})\n", least ? "least" : "most",
                              shown(compared.limit), compared.met() ? "met" : "missed");
}

boost::json::object json_of(const row& shown_row) {
    boost::json::object metrics;
    for (const auto& one : shown_row.metrics) {
        metrics[one.name] = {{"median", median(one.rounds)},
                             {"rounds", boost::json::array(one.rounds.begin(), one.rounds.end())}};
    }
    return {{"scenario", shown_row.scenario},
            {"subject", shown_row.subject},
            {"state", name_of(shown_row.state)},
            {"reason", shown_row.reason},
            {"metrics", std::move(metrics)}};
}

boost::json::object json_of(const comparison& compared) {
    boost::json::object entry = {
        {"scenario", compared.scenario}, {"what", compared.what}, {"value", compared.value}};
    if (compared.direction != comparison::aim::none) {
        entry["aim"] = aim_names[static_cast<int>(compared.direction)];
        entry["limit"] = compared.limit;
        entry["met"] = compared.met();
    }
    return entry;
}

}  // namespace

void row::add(std::string_view name, double value) {
    const auto known = std::find_if(metrics.begin(), metrics.end(),
                                    [&](const metric& one) { return one.name == name; });
    if (known != metrics.end()) {
        known->rounds.push_back(value);
    } else {
        metrics.push_back({std::string(name), {value}});
    }
}

std::optional<double> row::median_of(std::string_view name) const {
    for (const auto& one : metrics) {
        if (one.name == name) return median(one.rounds);
    }
    return {};
}

void row::skip(std::string why) {
    state = outcome::skipped;
    reason = std::move(why);
}

void row::fail(std::string why) {
    state = outcome::failed;
    reason = std::move(why);
}

bool comparison::met() const {
    if (direction == aim::at_least) return value >= limit;
    return direction == aim::none || value <= limit;
}

row& report::add(std::string scenario, std::string subject) {
    rows_.push_back({std::move(scenario), std::move(subject), row::outcome::measured, {}, {}});
    return rows_.back();
}

void report::add_fact(std::string name, std::string value) {
    facts_.emplace_back(std::move(name), std::move(value));
}

void report::compare(const row& mine, const row& peer, std::string_view metric,
                     comparison::aim direction, double limit) {
    if (!mine.measured() || !peer.measured()) return;
    const auto own = mine.median_of(metric);
    const auto other = peer.median_of(metric);
    if (!own || !other || *other == 0) return;
    comparisons_.push_back({mine.scenario, fmt::format("{} / {}'s", metric, peer.subject),
                            *own / *other, direction, limit});
}

void report::check(const row& mine, std::string_view metric, comparison::aim direction,
                   double limit) {
    if (!mine.measured()) return;
    const auto own = mine.median_of(metric);
    if (own) comparisons_.push_back({mine.scenario, std::string(metric), *own, direction, limit});
}

bool report::any_failed() const {
    return std::any_of(rows_.begin(), rows_.end(),
                       [](const row& one) { return one.state == row::outcome::failed; });
}

std::string report::table() const {
    std::string text;
    for (const auto& [name, value] : facts_)
        text += fmt::format("{}: {}\n", name, value);
    std::vector<std::string> scenarios;
    for (const auto& one : rows_) {
        if (std::find(scenarios.begin(), scenarios.end(), one.scenario) == scenarios.end()) {
            scenarios.push_back(one.scenario);
        }
    }
    for (const auto& scenario : scenarios) {
        std::vector<const row*> members;
        for (const auto& one : rows_) {
            if (one.scenario == scenario) members.push_back(&one);
        }
        const auto measured = std::find_if(members.begin(), members.end(),
                                           [](const row* one) { return !one->metrics.empty(); });
        const row& head = measured == members.end() ? *members.front() : **measured;
        text += fmt::format("\n{}\n{}", scenario, head_of(head));
        for (const row* one : members)
            text += line_of(*one, head) + warning_of(*one);
        for (const auto& compared : comparisons_) {
            if (compared.scenario == scenario) text += line_of(compared);
        }
    }
    return text;
}

std::string report::json() const {
    boost::json::object facts;
    boost::json::array rows;
    boost::json::array comparisons;
    for (const auto& [name, value] : facts_)
        facts[name] = value;
    for (const auto& one : rows_)
        rows.push_back(json_of(one));
    for (const auto& one : comparisons_)
        comparisons.push_back(json_of(one));
    return boost::json::serialize(boost::json::object{{"facts", std::move(facts)},
                                                      {"rows", std::move(rows)},
                                                      {"comparisons", std::move(comparisons)}});
}

}  // namespace memorypro::bench
