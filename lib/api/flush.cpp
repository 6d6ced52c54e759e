#include "api/handlers.hpp"
#include "api/query.hpp"

namespace memorypro::api {
namespace {

using steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds longest_look_away{500};
// The queue is counted at most so often, however fast it drains.
constexpr std::chrono::milliseconds between_counts{20};

bool is_drained(const store::outbox_totals& queue) {
    return queue.pending + queue.in_flight == 0;
}

// Until something was settled, or it may be time to look all the same. Ends when the daemon stops.
awaitable<> wait_for_progress(events::hub& events, steady::time_point deadline) {
    const auto left = time_left(deadline);
    co_await events.wait(events.last_id(), std::clamp(left, between_counts, longest_look_away));
    timer pause(co_await asio::this_coro::executor, std::min(left, between_counts));
    co_await pause.async_wait(no_throw);
}

}  // namespace

// Everything is due at once and the cloud is tried, whatever the circuit says. Without a cloud
// nothing would come of waiting.
awaitable<answer> flush_queue(resources& r, http::exchange& x) {
    const auto timeout = parse_number_query(x.request.query, "timeout", 0, 3600, 30);
    if (!timeout) co_return timeout.error();
    const auto deadline = steady::now() + std::chrono::seconds(*timeout);
    if (has_cloud(r)) {
        co_await r.store.hasten_outbox();
        r.cloud.try_now();
        r.outbox_news.ring();
    }
    auto queue = co_await r.store.count_outbox();
    while (!is_drained(queue) && has_cloud(r) && !r.events.closed() && steady::now() < deadline) {
        co_await wait_for_progress(r.events, deadline);
        queue = co_await r.store.count_outbox();
    }
    co_return json_reply(200, to_json(json::object{{"drained", is_drained(queue)},
                                                   {"pending", queue.pending + queue.in_flight},
                                                   {"dead", queue.dead}}));
}

}  // namespace memorypro::api
