// recall and list: many memories, ranked or newest first.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>
#include <optional>

#include "cli/arguments.hpp"
#include "cli/json.hpp"
#include "cli/listing.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"

namespace memorypro::cli {

namespace json = boost::json;

namespace {

struct recall_arguments {
    std::string query;
    int count = 5;
    filters only;
    std::optional<double> min_score;
    bool no_recent = false;
    bool no_responsibilities = false;
    bool explain = false;
};

json::value recall_body(const recall_arguments& given) {
    json::object body{{"query", given.query}, {"recall_count", given.count}};
    if (given.no_recent) body["weight_recent"] = false;
    if (given.no_responsibilities) body["weight_responsibilities"] = false;
    if (given.min_score) body["min_score"] = *given.min_score;
    if (given.explain) body["explain"] = true;
    given.only.write_to(body);
    return body;
}

std::string number_of(const json::value& value) {
    return value.is_number() ? fmt::format("{:.2f}", value.to_number<double>()) : text_of(value);
}

std::string score_of(const json::object& memory) {
    const auto* score = memory.if_contains("relevance_score");
    return score ? number_of(*score) : "";
}

void show_explanations(const context& shared, const json::array& memories) {
    for (const auto& entry : memories) {
        const auto* memory = entry.if_object();
        if (!memory) continue;
        std::string signals;
        for (const auto& [name, value] : object_at(*memory, "explain"))
            signals += fmt::format(" {}={}", std::string_view(name), number_of(value));
        std::cout << shared.screen.styled(style::dim,
                                          printable(text_at(*memory, "memory_id") + signals))
                  << '\n';
    }
}

// Nothing where nothing else could have answered.
void show_source(const json::object& recalled) {
    const auto source = text_at(recalled, "source");
    if (flag_at(recalled, "degraded"))
        std::cerr << (source == "local"
                          ? "degraded: the cloud did not answer, this is what is on this host\n"
                          : "degraded: the cloud's answer was too large, there may be more\n");
    else if (source == "merged")
        std::cerr << "answered by the cloud and this host\n";
    else if (source == "cloud")
        std::cerr << "answered by the cloud\n";
}

void recall(context& shared, const recall_arguments& given) {
    const auto body = recall_body(given);
    const auto answer = shared.daemon().call(method::post, target("/api/v1/memory/recall"), &body);
    if (shared.json) return shared.print_json(answer);

    const auto recalled = parse_object(answer);
    const auto& memories = array_at(recalled, "memories");
    table found({{"SCORE", true}, {"ID"}, {"CONTENT", false, true}});
    for (const auto& entry : memories) {
        if (const auto* memory = entry.if_object())
            found.add(
                {score_of(*memory), text_at(*memory, "memory_id"), text_at(*memory, "content")});
    }
    if (found.empty())
        std::cerr << "nothing found\n";
    else
        found.print(std::cout, shared.screen);
    if (given.explain) show_explanations(shared, memories);
    show_source(recalled);
}

struct memory_listing {
    filters only;
    paging pages;
};

void list_memories(context& shared, const memory_listing& given) {
    target where("/api/v1/memory");
    given.only.write_to(where);
    list_rows(
        shared, where, given.pages, "memories", table({{"TIME"}, {"ID"}, {"CONTENT", false, true}}),
        [](table& rows, const json::object& memory) {
            rows.add({short_time(text_at(memory, "timestamp")), text_at(memory, "memory_id"),
                      text_at(memory, "content")});
        },
        "nothing found");
}

}  // namespace

void add_search_verbs(CLI::App& app, context& shared) {
    auto& recall_verb =
        add_verb(app, "recall", "Find memories by what they say, best first",
                 "  memorypro recall 'when does Anna like to meet' --user anna\n"
                 "  memorypro recall deadline --tag work --since 2025-01-01 --count 10\n"
                 "  memorypro recall deadline --json | jq -r '.memories[].content'\n");
    auto recalling = std::make_shared<recall_arguments>();
    recall_verb.add_option("query", recalling->query, "What to look for")->required();
    recall_verb.add_option("--count", recalling->count, "At most so many (5)")
        ->type_name("COUNT")
        ->check(CLI::Range(1, 1000));
    recall_verb
        .add_option("--min-score", recalling->min_score, "Only with this score or more, 0 to 1")
        ->type_name("SCORE")
        ->check(CLI::Range(0.0, 1.0));
    recall_verb.add_flag("--no-recent", recalling->no_recent, "Do not favour recent memories");
    recall_verb.add_flag("--no-responsibilities", recalling->no_responsibilities,
                         "Do not favour memories of high priority");
    recall_verb.add_flag("--explain", recalling->explain, "Show what each score is made of");
    recalling->only.add_to(recall_verb);
    recall_verb.callback([&shared, recalling] { recall(shared, *recalling); });

    auto& list_verb = add_verb(app, "list", "List memories, newest first",
                               "  memorypro list --user anna --limit 50\n"
                               "  memorypro list --all --json | jq -r '.memories[].memory_id'\n");
    auto listing = std::make_shared<memory_listing>();
    listing->pages.add_to(list_verb);
    listing->only.add_to(list_verb);
    list_verb.callback([&shared, listing] { list_memories(shared, *listing); });
}

}  // namespace memorypro::cli
