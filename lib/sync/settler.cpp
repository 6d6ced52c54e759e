#include "sync/settler.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <utility>

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/spawn.hpp"
#include "sync/decide.hpp"

namespace memorypro::sync {
namespace {

// How long outcomes gather before they are settled together, while their lane goes on.
constexpr std::chrono::milliseconds gather_for{20};

awaitable<> sleep(timer& until, std::chrono::milliseconds time) {
    until.expires_after(time);
    co_await until.async_wait(asio::as_tuple(use_awaitable));
}

}  // namespace

class settler::open_lane {
public:
    open_lane(executor loop, std::int64_t of, time_point end)
        : scope(of), lease_end(end), wake(std::move(loop)) {}

    const std::int64_t scope;
    const time_point lease_end;
    std::vector<store::settlement> outcomes;  // that the store does not have yet
    bool closed = false;
    bool followed = false;
    timer wake;
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
    return std::make_shared<open_lane>(executor_, scope, lease_end);
}

void settler::note(const lane& l, store::settlement outcome) {
    l->outcomes.push_back(std::move(outcome));
    if (!std::exchange(l->followed, true)) spawn(executor_, "a settlement", follow(l));
}

void settler::close(const lane& l) {
    l->closed = true;
    l->wake.cancel();
    if (!std::exchange(l->followed, true)) spawn(executor_, "a settlement", follow(l));
}

awaitable<> settler::follow(lane l) {
    while (!l->closed) {
        co_await sleep(l->wake, std::max(gather_for, trouble_.remaining()));
        if (l->closed) break;
        co_await settle(*l, false);
        if (l->closed || !l->outcomes.empty()) continue;
        l->followed = false;
        co_return;
    }
    while (!co_await settle(*l, true)) {
        if (stopping_ || std::chrono::steady_clock::now() >= l->lease_end) {
            spdlog::warn("{} outcomes were not recorded: what was sent is sent again",
                         l->outcomes.size());
            break;
        }
        co_await sleep(l->wake, store_trouble::rest);
    }
    --open_;
    released_.ring();
}

awaitable<bool> settler::settle(open_lane& l, bool release) try {
    const auto batch = l.outcomes;
    const auto copies = copy_after_sync(settings_);
    const auto known = co_await store_.settle_outbox(l.scope, batch, copies, release);
    l.outcomes.erase(l.outcomes.begin(),
                     l.outcomes.begin() + static_cast<std::ptrdiff_t>(batch.size()));
    for (std::size_t i = 0; i < batch.size(); ++i)
        if (!known.memory_ids[i].empty()) announce(batch[i], known.memory_ids[i]);
    if (copies == store::after_sync::keep_copy && !batch.empty() &&
        config::mode_of(settings_) == config::mode::cloud_first)
        has_kept_copies_ = true;
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
