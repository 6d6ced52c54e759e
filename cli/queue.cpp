// queue: what waits for the cloud, and what the cloud refused.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <memory>

#include "cli/arguments.hpp"
#include "cli/failure.hpp"
#include "cli/json.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"

namespace memorypro::cli {

namespace json = boost::json;

namespace {

target queue_target() {
    return target("/api/v1/queue");
}

void list_queue(context& shared, const paging& pages) {
    table rows({{"ID"},
                {"OPERATION"},
                {"STATE"},
                {"ATTEMPTS", true},
                {"NEXT ATTEMPT"},
                {"LAST ERROR", false, true}});
    each_page(shared, queue_target(), pages, [&](const json::object& page) {
        for (const auto& entry : array_at(page, "items")) {
            if (const auto* item = entry.if_object())
                rows.add({text_at(*item, "id"), text_at(*item, "operation"),
                          text_at(*item, "state"), text_at(*item, "attempts"),
                          short_time(text_at(*item, "next_attempt_at")),
                          text_at(*item, "last_error")});
        }
        if (!rows.empty())
            rows.print(std::cout, shared.screen);
        else if (integer_at(page, "total") == 0)
            std::cerr << "the queue is empty\n";
    });
}

void flush(context& shared, int seconds) {
    auto where = queue_target().segment("flush").parameter("timeout", std::to_string(seconds));
    shared.daemon().allow(std::chrono::seconds(seconds));
    const auto answer = shared.daemon().call(method::post, where);
    const auto outcome = parse_object(answer);
    if (shared.json)
        shared.print_json(answer);
    else
        std::cout << fmt::format("{} pending, {} dead\n", integer_at(outcome, "pending"),
                                 integer_at(outcome, "dead"));
    if (!flag_at(outcome, "drained"))
        throw failure(exit_code::try_again, fmt::format("not drained within {} s", seconds));
}

void act(context& shared, method how, const target& where, const std::string& done) {
    const auto answer = shared.daemon().call(how, where);
    if (shared.json) return shared.print_json(answer);
    std::cout << printable(done) << '\n';
}

}  // namespace

void add_queue_verbs(CLI::App& app, context& shared) {
    auto& queue_verb = add_verb(app, "queue", "Show what waits for the cloud, or work on it",
                                "  memorypro queue\n"
                                "  memorypro queue flush --timeout 60\n"
                                "  memorypro queue retry 17\n");
    auto pages = std::make_shared<paging>();
    pages->add_to(queue_verb);
    queue_verb.require_subcommand(0, 1);
    queue_verb.callback([&shared, &queue_verb, pages] {
        if (queue_verb.get_subcommands().empty()) list_queue(shared, *pages);
    });

    auto& flush_verb = add_verb(queue_verb, "flush", "Try now, and wait until it is drained",
                                "  memorypro queue flush --timeout 60\n");
    auto seconds = std::make_shared<int>(30);
    flush_verb.add_option("--timeout", *seconds, "Seconds to wait for the queue (30)")
        ->type_name("SECONDS")
        ->check(CLI::Range(1, 86400));
    flush_verb.callback([&shared, seconds] { flush(shared, *seconds); });

    auto& retry_verb =
        add_verb(queue_verb, "retry", "Try an item again now", "  memorypro queue retry 17\n");
    auto retried = std::make_shared<std::string>();
    retry_verb.add_option("id", *retried, "The item's id")->required();
    retry_verb.callback([&shared, retried] {
        act(shared, method::post, queue_target().segment(*retried).segment("retry"),
            *retried + " will be tried again");
    });

    auto& delete_verb = add_verb(queue_verb, "delete", "Drop an item: it is never sent",
                                 "  memorypro queue delete 17\n");
    auto dropped = std::make_shared<std::string>();
    delete_verb.add_option("id", *dropped, "The item's id")->required();
    delete_verb.callback([&shared, dropped] {
        act(shared, method::remove, queue_target().segment(*dropped), *dropped + " deleted");
    });
}

}  // namespace memorypro::cli
