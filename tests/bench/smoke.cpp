#include "smoke.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <set>
#include <utility>

namespace memorypro::bench {
namespace {

using key = std::pair<std::string, std::string>;

std::set<key> expected_rows(const std::vector<std::uint64_t>& sizes) {
    std::set<key> rows = {
        {"idle", "memoryprod"},    {"store64", "memoryprod"},  {"store64", "redis"},
        {"store1", "memoryprod"},  {"store1", "sqlite"},       {"mixed", "memoryprod"},
        {"drain", "memoryprod"},   {"drain", "httpx"},         {"cloud1", "memoryprod"},
        {"cloud1", "emulator"},    {"outage64", "memoryprod"}, {"outage64", "local mode"},
        {"outage1", "memoryprod"}, {"outage1", "local mode"},  {"waiting", "memoryprod"}};
    for (const char* scenario : {"webhook-500", "webhook-16k"})
        for (const char* subject : {"memoryprod", "fastapi", "nginx"})
            rows.insert({scenario, subject});
    for (const auto size : sizes) {
        for (const char* scope : {"all", "user"}) {
            for (const char* subject : {"memoryprod", "fts5"}) {
                rows.insert({fmt::format("recall-{}-{}", size, scope), subject});
            }
        }
    }
    return rows;
}

std::string text_of(const boost::json::value& object, const char* name) {
    return std::string(object.at(name).as_string());
}

std::string fault_of(const boost::json::value& row, bool daemon_expected) {
    const auto state = text_of(row, "state");
    const auto subject = text_of(row, "subject");
    const auto told = fmt::format("{} {}: {}: {}", text_of(row, "scenario"), subject, state,
                                  text_of(row, "reason"));
    if (state == "measured") {
        if (row.at("metrics").as_object().empty()) return told + "no metric";
        for (const auto& [name, metric] : row.at("metrics").as_object()) {
            if (!metric.at("median").is_number()) return told + std::string(name);
        }
        return {};
    }
    const bool may_be_skipped = subject != "memoryprod" || !daemon_expected;
    return state == "skipped" && may_be_skipped && !text_of(row, "reason").empty() ? "" : told;
}

}  // namespace

std::vector<std::string> faults_of(const std::string& json, const std::vector<std::uint64_t>& sizes,
                                   bool daemon_expected) {
    std::vector<std::string> faults;
    try {
        const auto document = boost::json::parse(json);
        auto missing = expected_rows(sizes);
        for (const auto& row : document.at("rows").as_array()) {
            missing.erase({text_of(row, "scenario"), text_of(row, "subject")});
            if (auto fault = fault_of(row, daemon_expected); !fault.empty()) {
                faults.push_back(std::move(fault));
            }
        }
        for (const auto& [scenario, subject] : missing) {
            faults.push_back(fmt::format("{} {}: no such row", scenario, subject));
        }
        if (!document.at("comparisons").is_array() || !document.at("facts").is_object()) {
            faults.emplace_back("no comparisons or facts");
        }
    } catch (const std::exception& failure) {
        faults.push_back(fmt::format("the JSON: {}", failure.what()));
    }
    return faults;
}

}  // namespace memorypro::bench
