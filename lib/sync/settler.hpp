// Records in the store what became of what was sent, behind the senders' backs: a lane goes at the
// pace of the network, its outcomes follow a moment later together with those of other lanes, and
// its end releases it.
//
// Used on the event loop. What the store did not take is tried again until the lease is over; then
// the rows are sent again, under the same keys.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/async.hpp"
#include "base/bell.hpp"
#include "config/settings.hpp"
#include "events/hub.hpp"
#include "store/store.hpp"
#include "sync/store_trouble.hpp"

namespace memorypro::sync {

class settler {
public:
    struct open_lane;
    using lane = std::shared_ptr<open_lane>;
    using time_point = std::chrono::steady_clock::time_point;

    // `released` is rung for each lane that is done with. All outlive the last open lane.
    settler(executor, store::store&, events::hub&, const config::settings&, store_trouble&,
            bell& released);

    // A lane that was claimed, under a lease until then.
    lane open(std::int64_t scope, time_point lease_end);
    void note(const lane&, store::settlement);

    // Nothing follows. `at_once`: more of this scope waits for the release.
    enum class haste { in_its_round, at_once };
    void close(const lane&, haste = haste::in_its_round);

    std::size_t open_lanes() const { return open_; }

    // Copies that MEMORYPRO_CACHE_MAX_BYTES bounds, since they were last forgotten.
    bool has_kept_copies() const { return has_kept_copies_; }
    void forget_kept_copies() { has_kept_copies_ = false; }
    void expect_copies() { has_kept_copies_ = true; }

    // Each lane is tried once more.
    void stop() { stopping_ = true; }

private:
    void enlist(const lane&);
    void begin(const lane&);
    awaitable<> hold_round();
    awaitable<> work_on(lane);
    awaitable<bool> settle(open_lane&, bool release);
    void announce(const store::settlement&, const std::string& memory_id);

    executor executor_;
    store::store& store_;
    events::hub& events_;
    const config::settings& settings_;
    store_trouble& trouble_;
    bell& released_;
    std::vector<lane> round_;  // the lanes that are settled together next
    std::size_t open_ = 0;
    bool has_kept_copies_ = true;  // an earlier run may have left some
    bool stopping_ = false;
};

}  // namespace memorypro::sync
