// reindex: the search index from scratch, as the daemon gets to it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <thread>

#include "cli/json.hpp"
#include "cli/progress.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

namespace memorypro::cli {

namespace json = boost::json;

namespace {

constexpr std::chrono::milliseconds between_looks{200};

std::int64_t indexed_now(context& shared) {
    const auto status = parse_object(shared.daemon().call(method::get, target("/api/v1/status")));
    return integer_at(object_at(status, "index"), "indexed");
}

// What is stored meanwhile is not waited for.
void reindex(context& shared, bool shows_progress) {
    const auto begun =
        parse_object(shared.daemon().call(method::post, target("/api/v1/index/rebuild")));
    const auto wanted = integer_at(begun, "indexed") + integer_at(begun, "behind");
    auto indexed = integer_at(begun, "indexed");
    {
        drawn_line line(shows_progress);
        while (indexed < wanted) {
            line.draw(progress_bar(static_cast<std::uint64_t>(indexed),
                                   static_cast<std::uint64_t>(wanted)) +
                      fmt::format("{} of {}", indexed, wanted));
            std::this_thread::sleep_for(between_looks);
            indexed = indexed_now(shared);
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
    auto no_progress = std::make_shared<bool>(false);
    verb.add_flag("--no-progress", *no_progress, "No progress on the terminal");
    verb.callback(
        [&shared, no_progress] { reindex(shared, !*no_progress && stderr_is_terminal()); });
}

}  // namespace memorypro::cli
