// insights: what is known about the memories as a whole, and the log of what the cloud found out.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "cli/arguments.hpp"
#include "cli/failure.hpp"
#include "cli/insight_text.hpp"
#include "cli/json.hpp"
#include "cli/listing.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"

namespace memorypro::cli {

namespace json = boost::json;

namespace {

std::string origin_of(const json::object& document) {
    const auto time = short_time(text_at(document, "as_of"));
    if (text_at(document, "source") == "cloud") return "the cloud, " + time;
    if (!flag_at(document, "degraded")) return "counted on this host, " + time;
    return fmt::format("this host, as of {}: the cloud did not answer", time);
}

void show_section(const context& shared, const char* title, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    std::cout << '\n' << shared.screen.styled(style::bold, title) << '\n';
    for (const auto& line : lines) {
        const auto shown = "  " + printable(line);
        std::cout << (shared.screen.width ? shortened(shown, *shared.screen.width) : shown) << '\n';
    }
}

void show_items(const context& shared, const char* title, const char* kind,
                const json::object& document, const char* member) {
    std::vector<std::string> lines;
    for (const auto& item : array_at(document, member))
        lines.push_back(insight_line(kind, item));
    show_section(shared, title, lines);
}

void show_snapshot(const context& shared, const json::object& snapshot, fields& shown) {
    std::vector<std::string> patterns;
    for (const auto& [name, value] : snapshot) {
        if (name == "patterns" && value.is_array()) {
            for (const auto& pattern : value.get_array())
                patterns.push_back(pattern_line(pattern));
        } else {
            shown.add(printable(words_of(name)), text_of(value));
        }
    }
    shown.print(std::cout, shared.screen);
    show_section(shared, "Patterns", patterns);
}

void show_report(context& shared) {
    const auto answer = shared.daemon().call(method::get, target("/api/v1/memory/insights"));
    if (shared.json) return shared.print_json(answer);
    const auto document = parse_object(answer);
    fields shown;
    shown.add("from", origin_of(document),
              flag_at(document, "degraded") ? style::bad : style::plain);
    show_snapshot(shared, object_at(document, "memory_insights"), shown);
    show_items(shared, "What it has learned", "evolution_update", document, "evolution_updates");
    show_items(shared, "Recommendations", "lifecycle_recommendation", document,
               "lifecycle_recommendations");
    show_items(shared, "Actions", "discovered_action", document, "discovered_actions");
}

struct log_arguments {
    bool log = false;
    paging pages;
    std::string kind;
};

void show_log(context& shared, const log_arguments& given) {
    if (shared.json && !given.kind.empty())
        throw failure(exit_code::usage,
                      "--kind is not for --json, which prints what the API gives");
    list_rows(
        shared, target("/api/v1/insights"), given.pages, "insights",
        table({{"ID"}, {"RECEIVED"}, {"BY"}, {"KIND"}, {"WHAT", false, true}}),
        [&given](table& rows, const json::object& insight) {
            const auto kind = text_at(insight, "kind");
            if (!given.kind.empty() && kind != given.kind) return;
            const auto* payload = insight.if_contains("payload");
            rows.add({text_at(insight, "id"), short_time(text_at(insight, "received_at")),
                      text_at(insight, "source"), kind,
                      payload ? insight_line(kind, *payload) : std::string()});
        },
        "nothing has come from a cloud");
}

}  // namespace

void add_insights_verb(CLI::App& app, context& shared) {
    auto& verb =
        add_verb(app, "insights", "Show what is known about the memories as a whole",
                 "  memorypro insights\n"
                 "  memorypro insights --log --kind evolution_update --all\n"
                 "  memorypro insights --log --since 120 --json | jq '.insights[].payload'\n");
    auto given = std::make_shared<log_arguments>();
    auto* log = verb.add_flag("--log", given->log, "All that came from the cloud, oldest first");
    given->pages.add_to(verb, "--since,--cursor", "Begin after this insight");
    for (const char* option : {"--limit", "--since", "--all"})
        verb.get_option(option)->needs(log);
    verb.add_option("--kind", given->kind, "Show only these of a page")
        ->needs(log)
        ->check(CLI::IsMember({"lifecycle_recommendation", "evolution_update", "memory_insights",
                               "discovered_action", "unknown"}));
    verb.callback(
        [&shared, given] { given->log ? show_log(shared, *given) : show_report(shared); });
}

}  // namespace memorypro::cli
