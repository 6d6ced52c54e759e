// events: what happens in the daemon, as it happens.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <thread>

#include "cli/arguments.hpp"
#include "cli/event_stream.hpp"
#include "cli/failure.hpp"
#include "cli/insight_text.hpp"
#include "cli/json.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"

namespace memorypro::cli {

namespace json = boost::json;

namespace {

// The daemon sends a comment every 15 s: three missed ones are a dead connection.
constexpr std::chrono::milliseconds longest_silence{45'000};
constexpr std::chrono::milliseconds replay_silence{1'000};  // --no-follow: the replay is over
constexpr std::chrono::seconds reconnect_delay{1};

struct event_arguments {
    std::string last_id;
    bool no_follow = false;
};

json::value data_of(const event& received) {
    if (auto data = parsed(received.data)) return std::move(*data);
    return json::string(received.data);
}

// What an event is about: a memory's id, or an item's with what it says.
std::string subject_of(const json::value& data) {
    const auto* object = data.if_object();
    if (!object) return text_of(data);
    const auto id = text_at(*object, "id");
    if (const auto* payload = object->if_contains("payload")) {
        const auto kind = text_at(*object, "kind");
        return fmt::format("{} {}: {}", id, kind, insight_line(kind, *payload));
    }
    if (object->contains("action"))
        return fmt::format("{} {}", id, insight_line("lifecycle_recommendation", data));
    if (object->contains("title"))
        return fmt::format("{} {}", id, insight_line("discovered_action", data));
    for (const char* name : {"memory_id", "id"}) {
        if (object->contains(name)) return text_at(*object, name);
    }
    return json::serialize(data);
}

void show(const context& shared, const event& received) {
    const auto data = data_of(received);
    if (shared.json) {
        std::cout << json::serialize(json::object{
                         {"id", received.id}, {"event", received.name}, {"data", data}})
                  << std::endl;
        return;
    }
    const auto line =
        printable(fmt::format("{} {} {}", received.id, received.name, subject_of(data)));
    std::cout << (shared.screen.width ? shortened(line, *shared.screen.width) : line) << std::endl;
}

// One connection, until it ends or falls silent. Throws failure only when it was not had at all.
void receive(const context& shared, event_stream& stream, std::chrono::milliseconds silence) {
    client daemon(shared.socket_path(), silence);
    std::optional<header> resume;
    if (!stream.last_id().empty()) resume = {"Last-Event-ID", stream.last_id()};
    stream.restart();
    bool accepted = false;
    try {
        daemon.download(
            target("/api/v1/events"), "text/event-stream",
            [&](std::string_view piece) {
                if (!accepted) stream.begin_after(daemon.downloaded_header("Last-Event-ID"));
                accepted = true;
                stream.feed(piece);
                return std::cout.good();
            },
            resume);
    } catch (const failure&) {
        if (!accepted) throw;
    }
}

bool is_passing(const failure& error) {
    return error.code == exit_code::unreachable || error.code == exit_code::try_again;
}

// A daemon that restarts is found again; one that was never there is an error.
void follow(const context& shared, event_stream& stream) {
    receive(shared, stream, longest_silence);
    std::cerr << "memorypro: the stream broke off, reconnecting\n";
    while (std::cout) {
        std::this_thread::sleep_for(reconnect_delay);
        try {
            receive(shared, stream, longest_silence);
        } catch (const failure& error) {
            if (!is_passing(error)) throw;
        }
    }
}

}  // namespace

void add_events_verb(CLI::App& app, context& shared) {
    auto& verb =
        add_verb(app, "events", "Follow what happens in the daemon",
                 "  memorypro events --follow\n"
                 "  memorypro events --last-id 120 --no-follow\n"
                 "  memorypro events --json | jq -r 'select(.event == \"memory.dead\")'\n");
    auto given = std::make_shared<event_arguments>();
    verb.add_option("--last-id", given->last_id, "Begin after this event")->type_name("ID");
    verb.add_flag("!--follow,--no-follow", given->no_follow,
                  "Stop after the events that are there");
    verb.callback([&shared, given] {
        event_stream stream(given->last_id, [&](const event& received) { show(shared, received); });
        if (given->no_follow)
            receive(shared, stream, replay_silence);
        else
            follow(shared, stream);
    });
}

}  // namespace memorypro::cli
