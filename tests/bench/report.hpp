// What was measured: rows of metrics, comparisons between rows, a table for people and JSON.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memorypro::bench {

// One value a round; the median is what is shown. Units are in the name: _ms, _us, _s, _mib.
struct metric {
    std::string name;
    std::vector<double> rounds;
};

struct row {
    enum class outcome { measured, skipped, failed };

    std::string scenario;
    std::string subject;
    outcome state = outcome::measured;
    std::string reason;  // of skipped and failed
    std::vector<metric> metrics = {};

    bool measured() const { return state == outcome::measured; }
    void add(std::string_view name, double value);
    std::optional<double> median_of(std::string_view name) const;
    void skip(std::string why);
    void fail(std::string why);
};

struct comparison {
    std::string scenario;
    std::string what;  // "p99_ms / redis p99_ms"
    double value = 0;
    enum class aim { none, at_least, at_most } direction = aim::none;
    double limit = 0;

    bool met() const;
};

class report {
public:
    row& add(std::string scenario, std::string subject);  // stays valid
    void add_fact(std::string name, std::string value);

    // The ratio of the medians; nothing unless both rows were measured and have that metric.
    void compare(const row& mine, const row& peer, std::string_view metric,
                 comparison::aim = comparison::aim::none, double limit = 0);
    void check(const row& mine, std::string_view metric, comparison::aim, double limit);

    bool any_failed() const;
    std::string table() const;
    std::string json() const;

private:
    std::vector<std::pair<std::string, std::string>> facts_;
    std::deque<row> rows_;
    std::vector<comparison> comparisons_;
};

}  // namespace memorypro::bench
