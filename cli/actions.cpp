// actions: what the cloud found that somebody should do.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "cli/arguments.hpp"
#include "cli/json.hpp"
#include "cli/listing.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"

namespace memorypro::cli {

namespace json = boost::json;

namespace {

struct change {
    const char* verb;
    const char* status;  // as the API names it
    const char* summary;
};

constexpr change changes[] = {
    {"start", "in_progress", "Somebody is at work on them"},
    {"done", "completed", "They are done"},
    {"fail", "failed", "They were tried and did not work"},
    {"dismiss", "cancelled", "Nobody will do them"},
    {"reopen", "pending", "They are to be done after all"},
};

target actions_target() {
    return target("/api/v1/actions");
}

struct action_listing {
    paging pages;
    std::string status;
};

style look_of(const std::string& priority) {
    return priority == "urgent" ? style::bad : priority == "high" ? style::bold : style::plain;
}

// In the API's order: urgent first, then the oldest.
void list_actions(context& shared, const action_listing& given) {
    auto where = actions_target();
    if (!given.status.empty()) where.parameter("status", given.status);
    list_rows(
        shared, where, given.pages, "actions",
        table({{"ID"}, {"PRIORITY"}, {"STATUS"}, {"TYPE"}, {"TITLE", false, true}}),
        [](table& rows, const json::object& one) {
            const auto priority = text_at(one, "priority");
            rows.add({text_at(one, "id"),
                      {priority, look_of(priority)},
                      text_at(one, "status"),
                      text_at(one, "type"),
                      text_at(one, "title")});
        },
        given.status.empty() ? "there are no actions" : "none with this status");
}

void set_status(context& shared, const std::string& id, const char* status) {
    const json::value body{{"status", status}};
    const auto answer = shared.daemon().call(method::patch, actions_target().segment(id), &body);
    if (shared.json) return shared.print_json(answer);
    const auto changed = parse_object(answer);
    std::cout << printable(fmt::format("{} {}: {}", id, text_at(changed, "status"),
                                       text_at(changed, "title")))
              << '\n';
}

void add_action_list(CLI::App& parent, context& shared) {
    auto& verb = add_verb(parent, "list", "List actions, urgent first",
                          "  memorypro actions list --status pending\n");
    auto given = std::make_shared<action_listing>();
    given->pages.add_to(verb);
    verb.add_option("--status", given->status, "Only with this status")
        ->check(CLI::IsMember({"pending", "in_progress", "completed", "failed", "cancelled"}));
    verb.callback([&shared, given] { list_actions(shared, *given); });
}

void add_change(CLI::App& parent, context& shared, const change& made) {
    auto& verb = add_verb(parent, made.verb, made.summary,
                          fmt::format("  memorypro actions {} 17 18\n", made.verb));
    act_on_ids(verb, shared, [&shared, status = made.status](const std::string& id) {
        set_status(shared, id, status);
    });
}

}  // namespace

void add_actions_verbs(CLI::App& app, context& shared) {
    auto& verb = add_verb(app, "actions", "Show what the cloud found to do, or say how it goes",
                          "  memorypro actions list --status pending\n"
                          "  memorypro actions done 17\n");
    verb.require_subcommand(1);
    add_action_list(verb, shared);
    for (const auto& made : changes)
        add_change(verb, shared, made);
}

}  // namespace memorypro::cli
