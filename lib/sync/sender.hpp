// Sends one lane to the cloud, in its order, until an entry must wait.
//
// Used on the event loop.
#pragma once

#include <chrono>
#include <functional>

#include "base/async.hpp"
#include "base/metrics.hpp"
#include "base/time.hpp"
#include "cloud/client.hpp"
#include "config/settings.hpp"
#include "store/outbox.hpp"
#include "sync/decide.hpp"
#include "sync/settler.hpp"
#include "sync/store_trouble.hpp"

namespace memorypro::sync {

inline constexpr std::size_t entries_a_lane = 32;

struct claimed_lane {
    store::outbox_lane what;
    std::chrono::steady_clock::time_point send_until;  // a later call could outlive the lease
    std::chrono::steady_clock::time_point lease_end;
};

class sender {
public:
    using jitter_source = std::function<double()>;  // 0 to 1

    sender(cloud::client&, settler&, store_trouble&, metrics&, const clock&,
           const config::settings&, jitter_source);

    // The outcomes are settled, and the lane is released, behind it.
    awaitable<> send(claimed_lane);

    // What ends without an answer from now on was ended by us: it costs no attempt.
    void stop() { stopping_ = true; }

private:
    bool goes_on(const claimed_lane&) const;
    awaitable<bool> attempt(const store::outbox_entry&, const settler::lane&);
    awaitable<cloud::reply<cloud::written>> call(const store::outbox_entry&);
    void count(const cloud::reply<cloud::written>&);
    circumstances now() const;

    cloud::client& client_;
    settler& settler_;
    store_trouble& trouble_;
    metrics& metrics_;
    const clock& clock_;
    const config::settings& settings_;
    jitter_source jitter_;
    bool stopping_ = false;
};

}  // namespace memorypro::sync
