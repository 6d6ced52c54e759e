#include <fmt/format.h>

#include <charconv>

#include "api/handlers.hpp"

namespace memorypro::api {
namespace {

constexpr std::chrono::seconds heartbeat{15};
constexpr std::size_t most_at_once = 256;

// The number to go on from; the newest without the header.
result<std::uint64_t> last_seen(const http::exchange& x, const events::hub& hub) {
    const auto header = x.request.header("Last-Event-ID");
    if (header.empty()) return hub.last_id();
    std::uint64_t id = 0;
    const auto [end, failure] = std::from_chars(header.data(), header.data() + header.size(), id);
    if (failure != std::errc() || end != header.data() + header.size())
        return invalid_field("Last-Event-ID", "must be an id that this stream gave");
    return std::min(id, hub.last_id());
}

std::string as_text(const std::vector<events::event>& news) {
    std::string text;
    for (const auto& e : news)
        text += fmt::format("id: {}\nevent: {}\ndata: {}\n\n", e.id, e.name, e.data);
    return text;
}

}  // namespace

// https://html.spec.whatwg.org/multipage/server-sent-events.html
awaitable<answer> stream_events(resources& r, http::exchange& x) {
    auto& hub = r.events;
    const auto from = last_seen(x, hub);
    if (!from) co_return from.error();
    const http::reply head{
        .content_type = "text/event-stream",
        .headers = {{"Cache-Control", "no-cache"}, {"Last-Event-ID", std::to_string(*from)}},
        .streamed = true};
    auto seen = *from;
    bool reading = co_await x.begin(head);
    const bool lost_some = seen + 1 < hub.first_id();
    if (reading && lost_some) {
        reading = co_await x.send(": events before the next one are no longer kept\n\n");
        seen = hub.first_id() - 1;
    }
    while (reading && !hub.closed()) {
        if (seen + 1 < hub.first_id()) break;  // too slow: it may come back with its last id
        const auto news = hub.since(seen, most_at_once);
        if (!news.empty()) {
            seen = news.back().id;
            reading = co_await x.send(as_text(news));
            continue;
        }
        co_await hub.wait(seen, heartbeat);
        if (hub.last_id() == seen) reading = co_await x.send(": heartbeat\n\n");
    }
    co_return head;
}

}  // namespace memorypro::api
