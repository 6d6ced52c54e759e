#include "cloud/pool.hpp"

#include <algorithm>
#include <utility>

#include "cloud/enlisted.hpp"
#include "cloud/wakeup.hpp"

namespace memorypro::cloud {
namespace {

constexpr std::chrono::milliseconds longest_between_sweeps{10'000};

}  // namespace

// In a frame of acquire().
struct pool::waiter {
    explicit waiter(const executor& loop) : news(loop) {}

    wakeup news;
    std::optional<lease> given;
};

pool::lease::~lease() {
    if (pool_) pool_->give_back(reusable ? std::move(connection) : nullptr);
}

pool::pool(executor loop, std::size_t bound, std::chrono::milliseconds idle_time)
    : executor_(std::move(loop)), bound_(bound), idle_time_(idle_time), sweep_timer_(executor_) {}

awaitable<std::optional<pool::lease>> pool::acquire(call_scope& scope) {
    auto kept = take_idle();
    if (kept || leased_ < bound_) {
        ++leased_;
        co_return lease(shared_from_this(), std::move(kept));
    }
    waiter mine(executor_);
    const enlisted in_line(waiting_, mine);
    const call_scope::step step(scope, "waiting for a free connection", [&] { mine.news.wake(); });
    while (!mine.given && !scope.ended())
        co_await mine.news.wait();
    co_return std::move(mine.given);
}

// What ends goes to the first in line, so that nobody who comes later overtakes.
void pool::give_back(std::unique_ptr<cloud::connection> kept) {
    if (stopped_) kept.reset();
    const auto next = std::find_if(waiting_.begin(), waiting_.end(),
                                   [](const waiter* one) { return !one->given; });
    if (next != waiting_.end()) {
        (*next)->given.emplace(shared_from_this(), std::move(kept));
        (*next)->news.wake();
        return;
    }
    --leased_;
    if (!kept) return;
    idle_.push_back({std::move(kept), std::chrono::steady_clock::now()});
    sweep_later();
}

bool pool::usable(const resting& one, time_point now) const {
    return now - one.since < idle_time_ && one.connection->quiet();
}

std::unique_ptr<connection> pool::take_idle() {
    const auto now = std::chrono::steady_clock::now();
    while (!idle_.empty()) {
        auto last = std::move(idle_.back());
        idle_.pop_back();
        if (usable(last, now)) return std::move(last.connection);
    }
    return nullptr;
}

void pool::sweep_later() {
    if (sweeping_) return;
    sweeping_ = true;
    sweep_timer_.expires_after(std::min(idle_time_, longest_between_sweeps));
    sweep_timer_.async_wait([weak = weak_from_this()](error_code cancelled) {
        const auto self = weak.lock();
        if (self && !cancelled) self->sweep();
    });
}

void pool::sweep() {
    sweeping_ = false;
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(idle_, [&](const resting& one) { return !usable(one, now); });
    if (!idle_.empty()) sweep_later();
}

void pool::stop() {
    stopped_ = true;
    idle_.clear();
    sweep_timer_.cancel();
}

}  // namespace memorypro::cloud
