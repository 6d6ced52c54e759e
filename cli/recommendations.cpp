// recommendations: what the cloud would do with memories, and what became of it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "cli/arguments.hpp"
#include "cli/insight_text.hpp"
#include "cli/json.hpp"
#include "cli/listing.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"

namespace memorypro::cli {

namespace json = boost::json;

namespace {

target recommendations_target() {
    return target("/api/v1/recommendations");
}

struct recommendation_listing {
    paging pages;
    std::string status;
};

void list_recommendations(context& shared, const recommendation_listing& given) {
    auto where = recommendations_target();
    if (!given.status.empty()) where.parameter("status", given.status);
    list_rows(
        shared, where, given.pages, "recommendations",
        table({{"ID"}, {"RECEIVED"}, {"STATUS"}, {"RECOMMENDATION", false, true}}),
        [](table& rows, const json::object& one) {
            const auto status = text_at(one, "status");
            rows.add({text_at(one, "id"),
                      short_time(text_at(one, "received_at")),
                      {status, status == "pending" ? style::bold : style::plain},
                      insight_line("lifecycle_recommendation", one)});
        },
        given.status.empty() ? "there are no recommendations" : "none with this status");
}

// `decision` is the path's last segment; the answer is the recommendation as it is then.
void decide(context& shared, const std::string& id, const char* decision) {
    const auto answer =
        shared.daemon().call(method::post, recommendations_target().segment(id).segment(decision));
    if (shared.json) return shared.print_json(answer);
    const auto done = parse_object(answer);
    std::cout << printable(fmt::format("{} {}: {}", id, text_at(done, "status"),
                                       insight_line("lifecycle_recommendation", done)))
              << '\n';
}

void add_recommendation_list(CLI::App& parent, context& shared) {
    auto& verb = add_verb(parent, "list", "List recommendations, newest first",
                          "  memorypro recommendations list --status pending\n");
    auto given = std::make_shared<recommendation_listing>();
    given->pages.add_to(verb);
    verb.add_option("--status", given->status, "Only with this status")
        ->check(CLI::IsMember({"pending", "applied", "dismissed"}));
    verb.callback([&shared, given] { list_recommendations(shared, *given); });
}

void add_decision(CLI::App& parent, context& shared, const char* name, const char* summary) {
    auto& verb = add_verb(parent, name, summary,
                          fmt::format("  memorypro recommendations {} 17 18\n", name));
    act_on_ids(verb, shared, [&shared, name](const std::string& id) { decide(shared, id, name); });
}

}  // namespace

void add_recommendations_verbs(CLI::App& app, context& shared) {
    auto& verb = add_verb(app, "recommendations", "Show what the cloud recommends, or decide on it",
                          "  memorypro recommendations list --status pending\n"
                          "  memorypro recommendations apply 17\n");
    verb.require_subcommand(1);
    add_recommendation_list(verb, shared);
    add_decision(verb, shared, "apply", "Do what they recommend");
    add_decision(verb, shared, "dismiss",
                 "Leave the memories as they are, or show again what was archived");
}

}  // namespace memorypro::cli
