#include "insights/processor.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <iterator>
#include <utility>

#include "base/log.hpp"
#include "insights/reading.hpp"
#include "insights/text.hpp"

namespace memorypro::insights {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds idle{60'000};
constexpr std::size_t most_deliveries = 256;  // of a transaction
// Recording and accepting share the writer, and senders wait for the one only: while deliveries
// come in, recording takes short turns and rests between them, until so much waits.
constexpr std::size_t most_while_streaming = 32;
constexpr std::size_t most_unprocessed_bytes = 64 << 20;
constexpr int rests_for_a_turn = 4;
constexpr milliseconds longest_rest{50};
constexpr std::size_t most_items = 1024;  // of one, so that it holds up nobody for long
constexpr int attempts_as_read = 3;       // at one delivery

milliseconds rest_after(int failures) {
    constexpr milliseconds shortest{100}, longest{60'000};
    auto rest = shortest;
    for (int i = 1; i < failures && rest < longest; ++i)
        rest *= 2;
    return std::min(rest, longest);
}

// The first of them, taken out.
std::vector<store::new_insight> take(std::vector<store::new_insight>& from, std::size_t most) {
    const auto end = from.begin() + static_cast<std::ptrdiff_t>(std::min(most, from.size()));
    std::vector<store::new_insight> taken(std::move_iterator(from.begin()),
                                          std::move_iterator(end));
    from.erase(from.begin(), end);
    return taken;
}

}  // namespace

processor::processor(const executor& loop, store::store& s, events::hub& events,
                     const config::settings& settings)
    : store_(s), events_(events), settings_(settings), news_(loop), rest_(loop) {}

awaitable<> processor::run() {
    while (!stopping_) {
        const auto heard = news_.rings();
        const auto begin = std::chrono::steady_clock::now();
        const auto came_to = co_await step();
        streaming_ = news_.rings() != heard;
        failures_ = came_to == outcome::failed ? failures_ + 1 : 0;
        if (stopping_) break;
        if (came_to == outcome::nothing) co_await news_.wait(heard, idle);
        if (came_to == outcome::processed && may_give_way())
            co_await give_way(std::chrono::steady_clock::now() - begin);
        if (came_to != outcome::failed) continue;
        rest_.expires_after(rest_after(failures_));  // more deliveries are no reason to hurry
        co_await rest_.async_wait(asio::as_tuple(use_awaitable));
    }
}

bool processor::may_give_way() const {
    return streaming_ && unprocessed_bytes_ < most_unprocessed_bytes;
}

awaitable<> processor::give_way(std::chrono::steady_clock::duration busy) {
    rest_.expires_after(
        std::min<std::chrono::steady_clock::duration>(rests_for_a_turn * busy, longest_rest));
    co_await rest_.async_wait(asio::as_tuple(use_awaitable));
}

void processor::stop() {
    stopping_ = true;
    rest_.cancel();
    news_.ring();
}

awaitable<processor::outcome> processor::step() try {
    // After a failure one at a time, so that a delivery holds up only itself.
    const auto most = may_give_way() ? most_while_streaming : most_deliveries;
    auto waiting = co_await store_.waiting_deliveries(failures_ == 0 ? most : 1);
    if (waiting.empty()) {
        unprocessed_bytes_ = 0;
        co_return outcome::nothing;
    }
    std::size_t bytes = 0;
    for (const auto& one : waiting)
        bytes += one.body.size();
    const auto done = co_await process(std::move(waiting));
    if (done) {
        unprocessed_bytes_ -= std::min(unprocessed_bytes_, bytes);
        co_return outcome::processed;
    }
    spdlog::error("webhook deliveries wait, they could not be recorded: {}", done.error().detail);
    co_return outcome::failed;
} catch (const std::exception& failure) {
    spdlog::error("webhook deliveries wait, they could not be recorded: {}", failure.what());
    co_return outcome::failed;
}

awaitable<result<applied>> processor::process(std::vector<store::delivery> waiting) {
    std::vector<store::new_insight> items;
    std::vector<std::string> ids;
    for (auto& one : waiting) {
        if (failures_ < attempts_as_read) {
            std::ranges::move(read_delivery(one, settings_), std::back_inserter(items));
        } else {
            spdlog::error("a webhook delivery is kept as it came, since it cannot be recorded");
            items.push_back(as_unknown(one));
        }
        ids.push_back(std::move(one.id));
    }
    co_return co_await record(std::move(items), store::insight_source::push, std::move(ids));
}

awaitable<result<applied>> processor::apply(json::object document, store::insight_source source) {
    co_return co_await record(read_document(document, settings_), source, {});
}

// In pieces: an item that is recorded again changes nothing, so the deliveries are done with the
// last of them.
awaitable<result<applied>> processor::record(std::vector<store::new_insight> items,
                                             store::insight_source source,
                                             std::vector<std::string> delivery_ids) {
    applied sum;
    while (!items.empty()) {
        auto piece = take(items, most_items);
        auto done = co_await store_.record_insights(
            std::move(piece), source,
            items.empty() ? std::move(delivery_ids) : std::vector<std::string>(),
            config::mode_of(settings_) == config::mode::local ? store::unknown_ids::are_errors
                                                              : store::unknown_ids::are_the_clouds);
        if (!done) co_return done.error();
        sum.items += done->size();
        for (const auto& one : *done) {
            if (!one.is_new) continue;
            ++sum.fresh;
            announce(one);
        }
    }
    co_return sum;
}

void processor::announce(const store::recorded& one) {
    if (one.insight.kind == store::insight_kind::unknown)
        spdlog::warn("an insight is not understood, and is kept as it came: id {}", one.insight.id);
    std::string data;
    append_insight(data, one.insight);
    events_.publish("insight.received", std::exchange(data, {}));
    if (one.recommendation) {
        append_recommendation(data, *one.recommendation);
        if (one.recommendation->status == store::recommendation_status::applied) {
            events_.publish("recommendation.received", data);
            events_.publish("recommendation.applied", std::exchange(data, {}));
        } else {
            events_.publish("recommendation.received", std::exchange(data, {}));
        }
    }
    if (one.action) {
        append_action(data, *one.action);
        events_.publish("action.discovered", std::move(data));
    }
}

}  // namespace memorypro::insights
