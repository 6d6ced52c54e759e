#include "sync/sender.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/log.hpp"
#include "cloud/wire.hpp"

namespace memorypro::sync {

using std::chrono::steady_clock;

sender::sender(cloud::client& client, settler& outcomes, store_trouble& trouble, metrics& m,
               const clock& time, const config::settings& settings, jitter_source jitter)
    : client_(client),
      settler_(outcomes),
      trouble_(trouble),
      metrics_(m),
      clock_(time),
      settings_(settings),
      jitter_(std::move(jitter)) {}

awaitable<> sender::send(claimed_lane lane) {
    const auto outcomes = settler_.open(lane.what.scope, lane.lease_end);
    try {
        for (const auto& entry : lane.what.entries)
            if (!goes_on(lane) || !co_await attempt(entry, outcomes)) break;
    } catch (const std::exception& failure) {
        trouble_.report("a memory cannot be sent to the cloud", failure);
    }
    // A full lane is likely to have more behind it.
    const bool full = lane.what.entries.size() >= entries_a_lane;
    settler_.close(outcomes, full ? settler::haste::at_once : settler::haste::in_its_round);
}

bool sender::goes_on(const claimed_lane& lane) const {
    return !stopping_ && steady_clock::now() < lane.send_until && !trouble_.lasts() &&
           config::mode_of(settings_) != config::mode::local;
}

awaitable<bool> sender::attempt(const store::outbox_entry& entry, const settler::lane& outcomes) {
    const auto reply = co_await call(entry);
    count(reply);
    auto decided = decide(entry, reply, now());
    if (decided.settle) settler_.note(outcomes, std::move(*decided.settle));
    co_return decided.lane_goes_on;
}

// What goes wrong with one memory is its own trouble: it holds up no other.
awaitable<cloud::reply<cloud::written>> sender::call(const store::outbox_entry& entry) try {
    const auto& m = entry.memory;
    if (entry.call == store::cloud_call::store)
        co_return co_await client_.store(cloud::store_body(m.what, m.created_at),
                                         entry.idempotency_key, cloud::patience::once);
    co_return co_await client_.sync(cloud::sync_body(m.what, m.created_at, m.id),
                                    entry.idempotency_key, cloud::patience::once);
} catch (const std::invalid_argument& impossible) {
    co_return cloud::judgement{.what = cloud::verdict::refused,
                               .detail = fmt::format("it cannot be sent: {}", impossible.what())};
} catch (const std::exception& failure) {
    spdlog::error("a memory could not be sent to the cloud: {}", failure.what());
    co_return cloud::judgement{.detail = "an internal error; the log has its details"};
}

void sender::count(const cloud::reply<cloud::written>& reply) {
    if (reply) {
        metrics_.sync_done.Increment();
        metrics_.last_sync_success.Set(
            std::chrono::duration<double>(clock_.now().time_since_epoch()).count());
    } else if (reply.error().attempted) {
        switch (reply.error().what) {
            case cloud::verdict::paused:
                return metrics_.sync_paused.Increment();
            case cloud::verdict::refused:
                return metrics_.sync_refused.Increment();
            case cloud::verdict::retry:
            case cloud::verdict::done:
                return metrics_.sync_retry.Increment();
        }
    }
}

circumstances sender::now() const {
    circumstances at{.now = clock_.now(), .jitter = jitter_(), .stopping = stopping_};
    if (const auto next = client_.callable_at()) at.held_back_for = time_left(*next);
    return at;
}

}  // namespace memorypro::sync
