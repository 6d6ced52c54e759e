#include "emulator/events.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "emulator/delivery.hpp"
#include "emulator/event_data.hpp"
#include "emulator/work.hpp"
#include "insights/items.hpp"

namespace memorypro::emulator {
namespace {

namespace client = ::memorypro::cloud;

constexpr int most_attempts = 4;

// The oldest memory that this kind of event has not been about, else the oldest of all.
awaitable<std::optional<store::memory>> next_subject(cloud& c, std::string_view event_type) {
    const auto oldest = co_await c.memories.after(0, findings::most_kept + 1);
    if (oldest.empty()) co_return std::nullopt;
    const auto found = std::ranges::find_if(
        oldest, [&](const auto& m) { return !c.findings.cites(event_type, m.id); });
    co_return found == oldest.end() ? oldest.front() : *found;
}

awaitable<result<json::object>> generate_data(cloud& c, std::string event_type) {
    if (event_type == "memory_insights")
        co_return json::object{{"insights", counted_insights(co_await c.memories.count())}};
    const auto subject = co_await next_subject(c, event_type);
    if (!subject)
        co_return error{errc::conflict, "there are no memories to find anything out about"};
    co_return data_about(event_type, *subject);
}

// What is sent; memory/insights shows it from now on.
awaitable<result<json::object>> find_out(cloud& c, json::object wanted) {
    bool is_counted = false;
    if (!wanted.contains("data")) {
        const auto* given = wanted.if_contains("event_type");
        std::string type(given && given->is_string() ? given->get_string() : json::string());
        if (!can_generate(type))
            co_return invalid_field("data", "is required, but for " + event_names());
        is_counted = type == "memory_insights";
        auto data = co_await generate_data(c, std::move(type));
        if (!data) co_return data.error();
        wanted["data"] = std::move(*data);
    }
    auto event = envelope_of(std::move(wanted), system_clock().now());
    // Counted ones are not kept: who polls later is to see how many there are then.
    if (event && !is_counted) c.findings.add(insights::read_items(*event));
    co_return event;
}

json::object as_object(const delivered& made) {
    if (const auto* got = std::get_if<client::answer>(&made.last))
        return {{"attempts", made.attempts}, {"status", got->status}, {"body", got->body}};
    return {{"attempts", made.attempts}, {"error", std::get<client::no_answer>(made.last).detail}};
}

awaitable<> send_once(cloud& c, const std::string& event_type) try {
    const auto event = co_await find_out(c, {{"event_type", event_type}});
    if (!event) {
        spdlog::info("{} is not sent: {}", event_type, event.error().detail);
        co_return;
    }
    const auto to = c.webhooks.registered();
    if (!to) {
        spdlog::info("{} waits to be polled: no webhook is registered", event_type);
        co_return;
    }
    const auto made = co_await c.courier.deliver(*to, to_json(*event), most_attempts);
    spdlog::info("{} was sent {} times: {}", event_type, made.attempts, to_json(as_object(made)));
} catch (const std::exception& failure) {
    spdlog::error("{} is not sent: {}", event_type, failure.what());
}

}  // namespace

awaitable<answer> send_event(cloud& c, http::exchange& x) {
    auto wanted = parse_object(x.body);
    if (!wanted) co_return wanted.error();
    const auto event = co_await find_out(c, std::move(*wanted));
    if (!event) co_return event.error();
    json::object told{{"event", *event}, {"delivery", nullptr}};
    if (const auto& to = c.webhooks.registered())
        told["delivery"] =
            as_object(co_await c.courier.deliver(*to, to_json(*event), most_attempts));
    co_return json_reply(200, to_json(told));
}

awaitable<> send_repeatedly(cloud& c, scheduled_event what) {
    while (true) {
        co_await c.courier.pause(what.every);
        if (c.courier.stopped()) co_return;
        co_await send_once(c, what.event_type);
    }
}

}  // namespace memorypro::emulator
