// status, ready and capabilities: what the daemon does, and what it can do.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>

#include "cli/health.hpp"
#include "cli/json.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"

namespace memorypro::cli {

namespace json = boost::json;

namespace {

std::string bytes_at(const json::object& section, std::string_view key) {
    return human_bytes(
        static_cast<std::uint64_t>(std::max<std::int64_t>(integer_at(section, key), 0)));
}

std::string queue_line(const json::object& queue) {
    auto line = fmt::format("{} pending, {} in flight, {} dead", integer_at(queue, "pending"),
                            integer_at(queue, "in_flight"), integer_at(queue, "dead"));
    if (integer_at(queue, "pending") + integer_at(queue, "in_flight") > 0)
        line +=
            fmt::format("; oldest {}, {}", human_seconds(integer_at(queue, "oldest_age_seconds")),
                        bytes_at(queue, "bytes"));
    return line;
}

std::string push_line(const json::object& push) {
    if (!flag_at(push, "enabled")) return "off";
    return fmt::format("{}; {} accepted, {} rejected, {} duplicates",
                       flag_at(push, "registered") ? "registered" : "not registered",
                       integer_at(push, "accepted"), integer_at(push, "rejected"),
                       integer_at(push, "duplicates"));
}

std::string poll_line(const json::object& poll) {
    if (!flag_at(poll, "enabled")) return "off";
    auto line = fmt::format("every {}", human_seconds(integer_at(poll, "interval_seconds")));
    if (const auto last = text_at(poll, "last_success"); !last.empty())
        line += ", last " + short_time(last);
    return line;
}

void show_cloud(fields& shown, const json::object& cloud) {
    const auto state = text_at(cloud, "state");
    const bool away = state == "offline" || state == "auth_failed";
    shown.add("cloud", cloud_line(cloud),
              away                ? style::bad
              : state == "online" ? style::good
                                  : style::plain);
    if (const auto last = text_at(cloud, "last_success"); !last.empty())
        shown.add("  last success", short_time(last));
    if (const auto error = text_at(cloud, "last_error"); !error.empty())
        shown.add("  last error", error, away ? style::bad : style::plain);
}

void show_hints(const context& shared, const json::object& cloud, const json::object& queue) {
    for (const auto& hint : {credentials_advice(cloud), dead_letter_advice(queue)}) {
        if (!hint.empty()) std::cout << shared.screen.styled(style::bold, "! ") << hint << '\n';
    }
}

void status(context& shared) {
    const auto answer = shared.daemon().call(method::get, target("/api/v1/status"));
    if (shared.json) return shared.print_json(answer);
    const auto document = parse_object(answer);
    const auto& cloud = object_at(document, "cloud");
    const auto& queue = object_at(document, "queue");
    const auto& store = object_at(document, "store");

    fields shown;
    shown.add("version", text_at(document, "version"));
    shown.add("mode", text_at(document, "mode"));
    shown.add("uptime", human_seconds(integer_at(document, "uptime_seconds")));
    show_cloud(shown, cloud);
    shown.add("queue", queue_line(queue),
              integer_at(queue, "dead") > 0 ? style::bad : style::plain);
    shown.add("push", push_line(object_at(document, "push")));
    shown.add("poll", poll_line(object_at(document, "poll")));
    shown.add("store", fmt::format("{}, {} memories ({} archived), {}", text_at(store, "backend"),
                                   integer_at(store, "memories"), integer_at(store, "archived"),
                                   bytes_at(store, "bytes")));
    if (const auto behind = integer_at(object_at(document, "index"), "behind"); behind > 0)
        shown.add("index", fmt::format("{} behind", behind));
    shown.print(std::cout, shared.screen);
    show_hints(shared, cloud, queue);
}

void ready(context& shared) {
    const auto answer =
        shared.daemon().call(method::get, target("/readyz").parameter("verbose", "true"));
    if (shared.json) return shared.print_json(answer);
    fields shown;
    const auto document = parse_object(answer);
    for (const auto& [name, value] : object_at(document, "checks"))
        shown.add(printable(name), text_of(value));
    shown.print(std::cout, shared.screen);
}

void capabilities(context& shared) {
    const auto answer = shared.daemon().call(method::get, target("/api/v1/capabilities"));
    if (shared.json) return shared.print_json(answer);
    fields shown;
    for (const auto& [name, value] : parse_object(answer)) {
        const bool can = value.is_bool() && value.get_bool();
        shown.add(printable(name), value.is_bool() ? (can ? "yes" : "no") : text_of(value),
                  can ? style::good : style::plain);
    }
    shown.print(std::cout, shared.screen);
}

}  // namespace

void add_status_verbs(CLI::App& app, context& shared) {
    add_verb(app, "status", "Show the daemon's mode, cloud, queue and store",
             "  memorypro status\n"
             "  memorypro status --json | jq .queue\n")
        .callback([&shared] { status(shared); });
    add_verb(app, "ready", "Ask whether the daemon is ready for requests, for health checks",
             "  memorypro ready\n"
             "  until memorypro ready; do sleep 1; done\n")
        .callback([&shared] { ready(shared); });
    add_verb(app, "capabilities", "Show what the running mode can do", "  memorypro capabilities\n")
        .callback([&shared] { capabilities(shared); });
}

}  // namespace memorypro::cli
