// reindex: the search index from scratch, as the daemon gets to it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <thread>
#include <utility>

#include "cli/failure.hpp"
#include "cli/json.hpp"
#include "cli/progress.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

namespace memorypro::cli {

namespace json = boost::json;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds between_looks{200};

struct reindex_arguments {
    int timeout = 60;  // seconds
    bool no_progress = false;
};

std::int64_t indexed_now(context& shared) {
    const auto status = parse_object(shared.daemon().call(method::get, target("/api/v1/status")));
    return integer_at(object_at(status, "index"), "indexed");
}

// What is stored meanwhile is not waited for.
void reindex(context& shared, const reindex_arguments& given) {
    const auto begun =
        parse_object(shared.daemon().call(method::post, target("/api/v1/index/rebuild")));
    const auto wanted = integer_at(begun, "indexed") + integer_at(begun, "behind");
    auto indexed = integer_at(begun, "indexed");
    const std::chrono::seconds patience(given.timeout);
    auto give_up_at = steady_clock::now() + patience;
    {
        drawn_line line(!given.no_progress && stderr_is_terminal());
        while (indexed < wanted) {
            line.draw(progress_bar(static_cast<std::uint64_t>(indexed),
                                   static_cast<std::uint64_t>(wanted)) +
                      fmt::format("{} of {}", indexed, wanted));
            std::this_thread::sleep_for(between_looks);
            const auto before = std::exchange(indexed, indexed_now(shared));
            if (indexed != before) {
                give_up_at = steady_clock::now() + patience;
            } else if (steady_clock::now() >= give_up_at) {
                line.clear();
                throw failure(exit_code::try_again,
                              fmt::format("no progress within {} s: {} of {} are in the index; the "
                                          "daemon goes on trying, and its log says what is wrong",
                                          given.timeout, indexed, wanted));
            }
        }
    }
    if (shared.json)
        shared.print_json(
            json::serialize(json::object{{"status", "success"}, {"indexed", wanted}}));
    else
        std::cout << "the search index is built again\n";
}

}  // namespace

void add_reindex_verb(CLI::App& app, context& shared) {
    auto& verb = add_verb(app, "reindex", "Build the search index again",
                          "  memorypro reindex\n"
                          "  memorypro reindex --no-progress\n");
    auto given = std::make_shared<reindex_arguments>();
    verb.add_flag("--no-progress", given->no_progress, "No progress on the terminal");
    verb.add_option("--timeout", given->timeout, "Seconds to wait for progress (60)")
        ->type_name("SECONDS")
        ->check(CLI::Range(1, 86400));
    verb.callback([&shared, given] { reindex(shared, *given); });
}

}  // namespace memorypro::cli
