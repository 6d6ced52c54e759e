// queue: what waits for the cloud, and what the cloud refused.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "cli/arguments.hpp"
#include "cli/drain.hpp"
#include "cli/failure.hpp"
#include "cli/json.hpp"
#include "cli/listing.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"

namespace memorypro::cli {

namespace json = boost::json;

namespace {

constexpr int largest_page = 1000;

target queue_target() {
    return target("/api/v1/queue");
}
target item_target(const std::string& id) {
    return queue_target().segment(id);
}

cell state_cell(const json::object& item) {
    const auto state = text_at(item, "state");
    return {state, state == "dead"        ? style::bad
                   : state == "in_flight" ? style::good
                                          : style::plain};
}

struct queue_listing {
    paging pages;
    std::string state;
    bool dead = false;
};

void list_queue(context& shared, const queue_listing& given) {
    auto where = queue_target();
    const auto state = given.dead ? "dead" : given.state;
    if (!state.empty()) where.parameter("state", state);
    list_rows(
        shared, where, given.pages, "items",
        table({{"ID"},
               {"OPERATION"},
               {"STATE"},
               {"ATTEMPTS", true},
               {"NEXT ATTEMPT"},
               {"LAST ERROR", false, true}}),
        [](table& rows, const json::object& item) {
            rows.add({text_at(item, "id"), text_at(item, "operation"), state_cell(item),
                      text_at(item, "attempts"), short_time(text_at(item, "next_attempt_at")),
                      text_at(item, "last_error")});
        },
        state.empty() ? "the queue is empty" : "nothing in this state");
}

void show_item(context& shared, const std::string& id) {
    const auto answer = shared.daemon().call(method::get, item_target(id));
    if (shared.json) return shared.print_json(answer);
    const auto item = parse_object(answer);
    fields shown;
    for (const auto& [name, value] : item) {
        const auto text = text_of(value);
        shown.add(printable(name), text.empty() ? "-" : text,
                  name == "state" ? state_cell(item).shown_as : style::plain);
    }
    shown.print(std::cout, shared.screen);
}

void retry_item(context& shared, const std::string& id) {
    const auto answer = shared.daemon().call(method::post, item_target(id).segment("retry"));
    if (shared.json) return shared.print_json(answer);
    std::cout << printable(id) << " will be tried again\n";
}

// A page's items leave the state that is listed; the cursor is not moved by that. One that dies
// again meanwhile stays behind it, so that this ends.
void retry_all_dead(context& shared) {
    const auto where = queue_target().parameter("state", "dead");
    std::int64_t retried = 0;
    std::string cursor;
    do {
        auto page_target = where;
        page_target.parameter("limit", std::to_string(largest_page));
        if (!cursor.empty()) page_target.parameter("cursor", cursor);
        const auto page = parse_object(shared.daemon().call(method::get, page_target));
        for (const auto& entry : array_at(page, "items")) {
            const auto* item = entry.if_object();
            if (!item) continue;
            try {
                retry_item(shared, text_at(*item, "id"));
                ++retried;
            } catch (const failure& error) {  // gone since it was listed
                if (error.code != exit_code::not_found) throw;
            }
        }
        cursor = text_at(page, "next_cursor");
    } while (!cursor.empty());
    if (retried == 0) std::cerr << "there are no dead letters\n";
}

void delete_item(context& shared, const std::string& id) {
    const auto answer = shared.daemon().call(method::remove, item_target(id));
    if (shared.json) return shared.print_json(answer);
    std::cout << printable(id) << " deleted; its memory stays on this host\n";
}

void add_queue_list(CLI::App& verb, context& shared) {
    auto given = std::make_shared<queue_listing>();
    given->pages.add_to(verb);
    auto* state = verb.add_option("--state", given->state, "Only in this state")
                      ->check(CLI::IsMember({"pending", "in_flight", "dead"}));
    verb.add_flag("--dead", given->dead, "Only what the cloud refused")->excludes(state);
    verb.require_subcommand(0, 1);
    verb.callback([&shared, &verb, given] {
        if (verb.get_subcommands().empty()) list_queue(shared, *given);
    });
}

void add_show(CLI::App& queue, context& shared) {
    auto& verb = add_verb(queue, "show", "Show an item", "  memorypro queue show 17\n");
    auto id = std::make_shared<std::string>();
    verb.add_option("id", *id, "The item's id")->required();
    verb.callback([&shared, id] { show_item(shared, *id); });
}

void add_retry(CLI::App& queue, context& shared) {
    auto& verb = add_verb(queue, "retry", "Try items again now",
                          "  memorypro queue retry 17\n"
                          "  memorypro queue retry --all-dead\n");
    auto ids = std::make_shared<std::vector<std::string>>();
    auto all = std::make_shared<bool>(false);
    auto* some = add_ids(verb, *ids);
    verb.add_flag("--all-dead", *all, "Everything that the cloud refused")->excludes(some);
    verb.callback([&shared, ids, all] {
        if (*all) return retry_all_dead(shared);
        if (ids->empty())
            throw failure(exit_code::usage,
                          "an id or --all-dead is required (see memorypro queue retry --help)");
        each_id(shared, *ids, [&](const std::string& id) { retry_item(shared, id); });
    });
}

void add_delete(CLI::App& queue, context& shared) {
    auto& verb = add_verb(queue, "delete", "Drop items: they are never sent",
                          "  memorypro queue delete 17 18\n");
    act_on_ids(verb, shared, [&shared](const std::string& id) { delete_item(shared, id); });
}

void add_flush(CLI::App& queue, context& shared) {
    auto& verb = add_verb(queue, "flush", "Try now, and wait until it is drained",
                          "  memorypro queue flush --timeout 60\n");
    auto given = std::make_shared<drain_arguments>();
    given->add_to(verb);
    verb.callback([&shared, given] { drain_queue(shared, *given); });
}

}  // namespace

void add_queue_verbs(CLI::App& app, context& shared) {
    auto& verb = add_verb(app, "queue", "Show what waits for the cloud, or work on it",
                          "  memorypro queue --dead\n"
                          "  memorypro queue show 17\n"
                          "  memorypro queue flush --timeout 60\n");
    add_queue_list(verb, shared);
    add_show(verb, shared);
    add_retry(verb, shared);
    add_delete(verb, shared);
    add_flush(verb, shared);
}

}  // namespace memorypro::cli
