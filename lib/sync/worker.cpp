#include "sync/worker.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "base/spawn.hpp"

namespace memorypro::sync {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds idle{60'000};       // then a clock that was set is noticed
constexpr milliseconds at_least{10};       // between two looks at what should be due
constexpr milliseconds look_again{1'000};  // at a circuit whose probe somebody else has sent
constexpr milliseconds trim_every{1'000};

// A lane sends for so long; its lease covers the call that is then in flight, and some trouble with
// recording what became of it.
constexpr std::chrono::seconds send_for{60};
constexpr std::chrono::seconds lease_margin{60};

// A claim costs a transaction however many rows it takes, and while it is made those that are there
// are sent: so it takes several rounds of all senders, and the next one is made when half are left.
constexpr std::size_t claims_ahead = 4;
constexpr std::size_t wanted_bytes = 4 << 20;  // claimed at a time; a large memory is more
constexpr std::size_t most_open_lanes = 2048;  // most of which are sent and not settled yet

// One more for as long as it lives; its end rings.
class counted {
public:
    counted(std::size_t& count, bell& end) : count_(count), end_(end) {}
    ~counted() {
        --count_;
        end_.ring();
    }
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;

private:
    std::size_t& count_;
    bell& end_;
};

}  // namespace

worker::worker(executor loop, store::store& s, cloud::client& client, events::hub& events,
               metrics& m, bell& news, const clock& time, const config::settings& settings,
               jitter_source jitter)
    : executor_(std::move(loop)),
      store_(s),
      client_(client),
      news_(news),
      clock_(time),
      settings_(settings),
      settler_(executor_, s, events, settings, trouble_, news),
      sender_(client, settler_, trouble_, m, time, settings, std::move(jitter)) {}

awaitable<> worker::run() {
    while (!stopping_) {
        const auto heard = news_.rings();
        const auto pause = co_await step();
        if (!stopping_) co_await news_.wait(heard, pause);
    }
    give_back_ready();
    while (senders_ + probes_ + settler_.open_lanes() > 0)
        co_await news_.wait(news_.rings(), idle);
}

void worker::reloaded() {
    settler_.expect_copies();
    news_.ring();
}

void worker::stop() {
    stopping_ = true;
    sender_.stop();
    settler_.stop();
    news_.ring();
}

awaitable<milliseconds> worker::step() try {
    if (config::mode_of(settings_) == config::mode::local) {
        give_back_ready();
        co_return idle;
    }
    if (trouble_.lasts()) co_return trouble_.remaining();
    co_await trim_copies();
    if (circuit_is_closed()) co_return std::min(co_await claim_ahead(), until_trim());
    give_back_ready();
    co_return std::min(co_await probe(), until_trim());
} catch (const std::exception& failure) {
    trouble_.report("the queue for the cloud cannot be used", failure);
    co_return store_trouble::rest;
}

awaitable<milliseconds> worker::claim_ahead() {
    start_senders();
    if (!wants_lanes()) co_return idle;
    const auto claimed = co_await claim({.lanes = wanted_entries(),
                                         .entries_a_lane = entries_a_lane,
                                         .most_entries = wanted_entries(),
                                         .most_bytes = wanted_bytes});
    if (!claimed.any) co_return until(claimed.next_due);
    start_senders();
    co_return milliseconds(0);
}

// One lane with one entry; where nothing is due, a question.
awaitable<milliseconds> worker::probe() {
    if (probes_ > 0) co_return idle;
    if (!client_.callable()) co_return until_callable();
    const auto claimed = co_await claim({.lanes = 1, .entries_a_lane = 1});
    ++probes_;
    if (!claimed.any) {
        spawn(executor_, "a question to the cloud", ask_for_insights());
    } else {
        spawn(executor_, "a probe of the cloud", probe_with(ready_.pop()));
    }
    co_return idle;
}

awaitable<worker::claim_result> worker::claim(store::claim_limits limits) {
    limits.lease = send_for + settings_.timeout + lease_margin;
    const auto now = steady_clock::now();
    auto claimed = co_await store_.claim_outbox(limits);
    for (auto& lane : claimed.lanes)
        ready_.push({std::move(lane), now + send_for, now + limits.lease});
    co_return claim_result{!claimed.lanes.empty(), claimed.next_due};
}

awaitable<> worker::trim_copies() {
    if (until_trim().count() > 0) co_return;
    next_trim_ = steady_clock::now() + trim_every;
    settler_.forget_kept_copies();
    while (!stopping_ && co_await store_.trim_copies(settings_.cache_max_bytes)) {
    }
}

milliseconds worker::until_trim() const {
    // Only cloud_first's copies are a cache; hybrid's stay.
    if (!settler_.has_kept_copies() || config::mode_of(settings_) != config::mode::cloud_first)
        return idle;
    return time_left(next_trim_);
}

void worker::start_senders() {
    while (!ready_.empty() && senders_ < concurrency() && may_send()) {
        ++senders_;
        spawn(executor_, "a sender of the outbox", send_ready());
    }
}

void worker::give_back_ready() {
    for (const auto& lane : ready_.take_all())
        settler_.close(settler_.open(lane.what.scope, lane.lease_end));
}

std::size_t worker::concurrency() const {
    return static_cast<std::size_t>(settings_.sync_concurrency);
}

std::size_t worker::wanted_entries() const {
    return claims_ahead * entries_a_lane * concurrency();
}

bool worker::wants_lanes() const {
    return ready_.entries() <= wanted_entries() / 2 && ready_.bytes() <= wanted_bytes / 2 &&
           settler_.open_lanes() < most_open_lanes;
}

bool worker::may_send() const {
    return !stopping_ && !trouble_.lasts() && circuit_is_closed() &&
           config::mode_of(settings_) != config::mode::local;
}

bool worker::circuit_is_closed() const {
    return client_.callable() && !client_.callable_at();
}

milliseconds worker::until(std::optional<timestamp> due) const {
    if (!due) return idle;
    return std::clamp(std::chrono::ceil<milliseconds>(*due - clock_.now()), at_least, idle);
}

milliseconds worker::until_callable() const {
    const auto next = client_.callable_at();
    if (!next) return look_again;
    return std::clamp(time_left(*next), at_least, idle);
}

awaitable<> worker::send_ready() {
    const counted task(senders_, news_);
    while (!ready_.empty() && may_send()) {
        auto next = ready_.pop();
        if (wants_lanes()) news_.ring();
        co_await sender_.send(std::move(next));
    }
}

awaitable<> worker::probe_with(claimed_lane lane) {
    const counted task(probes_, news_);
    co_await sender_.send(std::move(lane));
}

awaitable<> worker::ask_for_insights() {
    const counted task(probes_, news_);
    co_await client_.insights();  // of interest is what the circuit learns of it
}

}  // namespace memorypro::sync
