#include "sync/settler.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/spawn.hpp"
#include "sync/decide.hpp"

namespace memorypro::sync {
namespace {

// One commit for many lanes costs a fraction of one each.
constexpr std::chrono::milliseconds between_rounds{10};

awaitable<> sleep(executor loop, std::chrono::milliseconds time) {
    timer until(std::move(loop), time);
    co_await until.async_wait(no_throw);
}

std::vector<store::settlement> take_first(std::vector<store::settlement>& from, std::size_t count) {
    const auto end = from.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<store::settlement> taken(std::move_iterator(from.begin()), std::move_iterator(end));
    from.erase(from.begin(), end);
    return taken;
}

}  // namespace

struct settler::open_lane {
    const std::int64_t scope;
    const time_point lease_end;
    std::vector<store::settlement> outcomes = {};  // that the store does not have yet
    bool closed = false;
    bool enlisted = false;  // for the next round
    bool at_work = false;   // settled right now
};

settler::settler(executor loop, store::store& s, events::hub& events,
                 const config::settings& settings, store_trouble& trouble, bell& released)
    : executor_(std::move(loop)),
      store_(s),
      events_(events),
      settings_(settings),
      trouble_(trouble),
      released_(released) {}

settler::lane settler::open(std::int64_t scope, time_point lease_end) {
    ++open_;
    return std::make_shared<open_lane>(open_lane{scope, lease_end});
}

void settler::note(const lane& l, store::settlement outcome) {
    l->outcomes.push_back(std::move(outcome));
    enlist(l);
}

void settler::close(const lane& l, haste how) {
    l->closed = true;
    if (how == haste::at_once)
        begin(l);
    else
        enlist(l);
}

void settler::enlist(const lane& l) {
    if (l->at_work || std::exchange(l->enlisted, true)) return;
    round_.push_back(l);
    if (round_.size() == 1) spawn(executor_, "a round of settlements", hold_round());
}

awaitable<> settler::hold_round() {
    co_await sleep(executor_, between_rounds);
    for (const auto& l : std::exchange(round_, {})) {
        l->enlisted = false;
        begin(l);
    }
}

void settler::begin(const lane& l) {
    if (std::exchange(l->at_work, true)) return;
    spawn(executor_, "a settlement", work_on(l));
}

awaitable<> settler::work_on(lane l) {
    for (;;) {
        const bool last = l->closed;
        if (co_await settle(*l, last)) {
            if (last) break;
            if (l->closed) continue;
            l->at_work = false;
            if (!l->outcomes.empty()) enlist(l);
            co_return;
        }
        if (last && (stopping_ || std::chrono::steady_clock::now() >= l->lease_end)) {
            if (!l->outcomes.empty())
                spdlog::warn("{} outcomes were not recorded: what was sent is sent again",
                             l->outcomes.size());
            break;
        }
        co_await sleep(executor_, store_trouble::rest);
    }
    --open_;  // it stays at work, so that a round which it is still in passes it over
    released_.ring();
}

awaitable<bool> settler::settle(open_lane& l, bool release) try {
    const auto copies = copy_after_sync(settings_);
    const auto known = co_await store_.settle_outbox(l.scope, l.outcomes, copies, release);
    // More may have come meanwhile.
    const auto settled = take_first(l.outcomes, known.memory_ids.size());
    for (std::size_t i = 0; i < settled.size(); ++i)
        if (!known.memory_ids[i].empty()) announce(settled[i], known.memory_ids[i]);
    if (copies == store::after_sync::keep_copy && !settled.empty()) has_kept_copies_ = true;
    co_return true;
} catch (const std::exception& failure) {
    trouble_.report("what was sent to the cloud cannot be recorded", failure);
    co_return false;
}

void settler::announce(const store::settlement& outcome, const std::string& memory_id) {
    json::object data{{"memory_id", memory_id}};
    switch (outcome.what) {
        case store::settlement::kind::done:
            data["cloud_id"] = outcome.cloud_id ? json::value(*outcome.cloud_id) : nullptr;
            events_.publish("memory.synced", to_json(data));
            break;
        case store::settlement::kind::refused:
            spdlog::warn("the cloud refused memory {}; the queue says why", memory_id);
            data["reason"] = outcome.error;
            events_.publish("memory.dead", to_json(data));
            break;
        case store::settlement::kind::retry:
            break;
    }
}

}  // namespace memorypro::sync
