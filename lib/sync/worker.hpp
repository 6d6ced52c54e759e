// The outbox's worker: sends what waits to the cloud, a scope in order, scopes side by side.
//
// Runs on the event loop. While the circuit is open it waits; the row that it then sends is the
// probe, and where nothing is due it asks for insights instead, so that an outage ends without
// traffic. A refused row becomes a dead letter and holds up nobody. In local mode it sends nothing.
#pragma once

#include <chrono>
#include <optional>

#include "base/async.hpp"
#include "base/bell.hpp"
#include "base/metrics.hpp"
#include "base/time.hpp"
#include "cloud/client.hpp"
#include "config/settings.hpp"
#include "events/hub.hpp"
#include "store/store.hpp"
#include "sync/ready_lanes.hpp"
#include "sync/sender.hpp"
#include "sync/settler.hpp"
#include "sync/store_trouble.hpp"

namespace memorypro::sync {

class worker {
public:
    using jitter_source = sender::jitter_source;

    // `news` is rung by whoever queues something or changes the circuit, the settings or the
    // outbox, and by the worker itself whenever something that it does ends. All outlive run().
    worker(executor, store::store&, cloud::client&, events::hub&, metrics&, bell& news,
           const clock&, const config::settings&, jitter_source);

    // Until stop(): then what is being sent is given back to the queue, and it returns. The client
    // is stopped first: a call that hangs holds it up.
    awaitable<> run();
    void reloaded();  // the settings may have changed
    void stop();

private:
    using milliseconds = std::chrono::milliseconds;
    using time_point = std::chrono::steady_clock::time_point;

    // Each says how long nothing is to do, unless something wakes it.
    awaitable<milliseconds> step();
    awaitable<milliseconds> claim_ahead();
    awaitable<milliseconds> probe();

    struct claim_result {
        bool any = false;
        std::optional<timestamp> next_due;  // when there is none; see store::claimed_outbox
    };
    awaitable<claim_result> claim(store::claim_limits);  // to ready_
    awaitable<> trim_copies();
    void start_senders();
    void give_back_ready();

    std::size_t concurrency() const;
    std::size_t wanted_entries() const;
    bool wants_lanes() const;
    bool may_send() const;
    bool circuit_is_closed() const;
    milliseconds until(std::optional<timestamp> due) const;
    milliseconds until_callable() const;
    milliseconds until_trim() const;

    // Beside run(), which awaits their end.
    awaitable<> send_ready();
    awaitable<> probe_with(claimed_lane);
    awaitable<> ask_for_insights();

    executor executor_;
    store::store& store_;
    cloud::client& client_;
    bell& news_;
    const clock& clock_;
    const config::settings& settings_;

    store_trouble trouble_;
    settler settler_;
    sender sender_;
    ready_lanes ready_;  // claimed ahead, so that no sender waits for a claim
    std::size_t senders_ = 0;
    std::size_t probes_ = 0;  // 0 or 1
    bool stopping_ = false;
    time_point next_trim_;
};

}  // namespace memorypro::sync
