#include "insights/processor.hpp"

#include <algorithm>
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
constexpr int attempts_as_read = 3;  // at one delivery that seems to be the cause

milliseconds rest_after(int failures, const backoff& pace) {
    auto rest = pace.shortest;
    for (int i = 1; i < failures && rest < pace.longest; ++i)
        rest *= 2;
    return std::min(rest, pace.longest);
}

// Says nothing about what was to be recorded: it will be when there is room again.
bool is_lack_of_room(const error& why) {
    return why.code == errc::full || why.code == errc::overloaded;
}

// Where the piece that begins there ends: so much that its transaction holds up nobody for long.
std::size_t end_of_piece(const std::vector<store::new_insight>& items, std::size_t begin) {
    constexpr std::size_t largest = 1024;
    std::size_t cited = 0;
    std::size_t end = begin;
    while (end < items.size() && end - begin < largest) {
        cited += items[end].memory_ids.size();
        if (end > begin && cited > most_memory_ids) break;
        ++end;
    }
    return end;
}

}  // namespace

processor::processor(const executor& loop, store::store& s, events::hub& events,
                     const config::settings& settings, backoff pace)
    : store_(s), events_(events), settings_(settings), pace_(pace), news_(loop), rest_(loop) {}

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
        rest_.expires_after(
            rest_after(failures_, pace_));  // more deliveries are no reason to hurry
        co_await rest_.async_wait(no_throw);
    }
}

bool processor::may_give_way() const {
    return streaming_ && unprocessed_bytes_ < most_unprocessed_bytes;
}

awaitable<> processor::give_way(std::chrono::steady_clock::duration busy) {
    rest_.expires_after(
        std::min<std::chrono::steady_clock::duration>(rests_for_a_turn * busy, longest_rest));
    co_await rest_.async_wait(no_throw);
}

void processor::stop() {
    stopping_ = true;
    rest_.cancel();
    news_.ring();
}

awaitable<processor::outcome> processor::step() try {
    // After a failure one at a time, so that a delivery holds up only itself.
    const auto most = may_give_way() ? most_while_streaming : most_deliveries;
    const auto waiting = co_await store_.waiting_deliveries(failures_ == 0 ? most : 1);
    if (waiting.empty()) {
        unprocessed_bytes_ = 0;
        co_return outcome::nothing;
    }
    auto done = co_await process(waiting, kept_as::read);
    const bool to_blame = !done && waiting.size() == 1 && !is_lack_of_room(done.error());
    if (to_blame && ++blamed_ >= attempts_as_read) {
        spdlog::error("a webhook delivery is kept as it came, since it cannot be recorded: {}",
                      done.error().detail);
        done = co_await process(waiting, kept_as::unknown);
    }
    if (done) {
        blamed_ = 0;
        for (const auto& one : waiting)
            unprocessed_bytes_ -= std::min(unprocessed_bytes_, one.body.size());
        co_return outcome::processed;
    }
    spdlog::error("webhook deliveries wait, they could not be recorded: {}", done.error().detail);
    co_return outcome::failed;
} catch (const std::exception& failure) {
    spdlog::error("webhook deliveries wait, they could not be recorded: {}", failure.what());
    co_return outcome::failed;
}

// What is thrown is an error here, since something in the deliveries may be its cause.
awaitable<result<applied>> processor::process(const std::vector<store::delivery>& waiting,
                                              kept_as how) try {
    std::vector<store::new_insight> items;
    std::vector<std::string> ids;
    for (const auto& one : waiting) {
        if (how == kept_as::read)
            std::ranges::move(read_delivery(one, settings_), std::back_inserter(items));
        else
            items.push_back(as_unknown(one));
        ids.push_back(one.id);
    }
    co_return co_await record(std::move(items), store::insight_source::push, std::move(ids));
} catch (const failed& expected) {
    co_return expected.why();
} catch (const std::exception& failure) {
    co_return error{errc::internal, failure.what()};
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
    std::size_t begin = 0;
    while (begin < items.size() || !delivery_ids.empty()) {
        const auto end = end_of_piece(items, begin);
        const bool is_last = end == items.size();
        const auto at = [&](std::size_t i) {
            return std::move_iterator(items.begin() + static_cast<std::ptrdiff_t>(i));
        };
        auto done = co_await store_.record_insights(
            std::vector<store::new_insight>(at(begin), at(end)), source,
            is_last ? std::exchange(delivery_ids, {}) : std::vector<std::string>(),
            config::mode_of(settings_) == config::mode::local ? store::unknown_ids::are_errors
                                                              : store::unknown_ids::are_the_clouds);
        if (!done) co_return done.error();
        begin = end;
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
