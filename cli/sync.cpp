// sync: queues for the cloud what is only on this host.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "cli/drain.hpp"
#include "cli/failure.hpp"
#include "cli/json.hpp"
#include "cli/progress.hpp"
#include "cli/verbs.hpp"

namespace memorypro::cli {

namespace json = boost::json;

namespace {

struct sync_arguments {
    bool all = false;
    bool wait = false;
    drain_arguments waiting;
};

// The daemon queues some at a time; a call that queues none will not do better the next time.
std::int64_t queue_locals(context& shared, bool shows_progress) {
    drawn_line line(shows_progress);
    std::int64_t queued = 0;
    for (;;) {
        json::object outcome;
        try {
            outcome = parse_object(shared.daemon().call(method::post, target("/api/v1/queue")));
        } catch (const failure& error) {
            if (queued == 0) throw;
            throw failure(error.code, fmt::format("{} queued, then: {}", queued, error.what()),
                          error.fields);
        }
        const auto some = integer_at(outcome, "queued");
        const auto remaining = integer_at(outcome, "remaining");
        queued += some;
        if (remaining <= 0) return queued;
        if (some <= 0)
            throw failure(exit_code::try_again,
                          fmt::format("{} queued, {} could not be (see memorypro status)", queued,
                                      remaining));
        line.draw(progress_bar(static_cast<std::uint64_t>(queued),
                               static_cast<std::uint64_t>(queued + remaining)) +
                  fmt::format("{} queued, {} to go", queued, remaining));
    }
}

void sync(context& shared, const sync_arguments& given) {
    if (!given.all)
        throw failure(exit_code::usage,
                      "sync needs --all: it queues every memory that only this host has for the "
                      "cloud ('memorypro store --id' sends one again)");
    const auto queued = queue_locals(shared, given.waiting.shows_progress());
    if (shared.json)
        shared.print_json(json::serialize(json::object{{"queued", queued}, {"remaining", 0}}));
    else
        std::cout << fmt::format("{} queued\n", queued);
    if (given.wait) return drain_queue(shared, given.waiting);
    if (queued > 0 && !shared.json)
        std::cerr << "They are being sent: 'memorypro queue flush' waits for it, 'memorypro "
                     "status' shows how far it is.\n";
}

}  // namespace

void add_sync_verb(CLI::App& app, context& shared) {
    auto& verb = add_verb(app, "sync", "Queue for the cloud what only this host has",
                          "  memorypro sync --all\n"
                          "  memorypro sync --all --wait --timeout 600\n");
    auto given = std::make_shared<sync_arguments>();
    verb.add_flag("--all", given->all, "Every memory that was stored without a cloud");
    auto* wait = verb.add_flag("--wait", given->wait, "Wait until the queue is drained");
    given->waiting.add_to(verb)->needs(wait);
    verb.callback([&shared, given] { sync(shared, *given); });
}

}  // namespace memorypro::cli
