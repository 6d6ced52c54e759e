#include "insight_side.hpp"

#include <utility>

#include "base/log.hpp"
#include "base/spawn.hpp"
#include "jitter.hpp"

namespace memorypro::daemon {

insight_side::insight_side(executor loop, store::store& s, cloud::client& cloud,
                           events::hub& events, metrics& m, const clock& time,
                           const config::settings& settings, http::limits of_webhooks)
    : executor_(std::move(loop)),
      processor_(executor_, s, events, settings),
      poller_(executor_, cloud, processor_, time, settings),
      receiver_(s, processor_, m, time, settings),
      registration_(executor_, cloud, settings, uniform_jitter()),
      entrance_(executor_, receiver_, registration_, settings, of_webhooks, uniform_jitter()),
      ended_(executor_) {}

void insight_side::start() {
    spawn(executor_, "the processor of insights", run(processor_.run()));
    spawn(executor_, "the poller", run(poller_.run()));
    spawn(executor_, "the webhook's registration", run(registration_.run()));
    spawn(executor_, "the receiver of webhooks", run(entrance_.run()));
}

awaitable<> insight_side::run(awaitable<> part) {
    ++running_;
    try {
        co_await std::move(part);
    } catch (...) {  // not for a guard's destructor: a frame may be destroyed after this
        ended();
        throw;
    }
    ended();
}

void insight_side::ended() {
    --running_;
    ended_.ring();
}

void insight_side::reloaded(const config::settings& before) {
    receiver_.reloaded();
    entrance_.reloaded();
    registration_.reloaded();
    poller_.reloaded(before);
}

void insight_side::stop() {
    entrance_.stop();
    poller_.stop();
    registration_.stop();
}

// The processor ends last: what a delivery in flight brings it is left to the next start.
awaitable<> insight_side::stopped(std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    co_await entrance_.drained(patience);
    processor_.stop();
    while (running_ > 0) {
        const auto left = time_left(deadline);
        if (left.count() == 0) {
            spdlog::warn("what the cloud found out is still being processed");
            co_return;
        }
        co_await ended_.wait(ended_.rings(), left);
    }
}

}  // namespace memorypro::daemon
