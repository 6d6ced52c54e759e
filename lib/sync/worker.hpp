// The outbox's worker: sends what waits to the cloud, a scope in order, scopes side by side.
//
// Runs on the event loop. While the circuit is open it waits; the row that it then sends is the
// probe, and where nothing waits it asks for insights instead, so that status is true without
// traffic. A refused row becomes a dead letter and holds up nobody. In local mode it sends nothing.
#pragma once

#include <chrono>
#include <functional>

#include "base/async.hpp"
#include "base/bell.hpp"
#include "base/metrics.hpp"
#include "base/time.hpp"
#include "cloud/client.hpp"
#include "config/settings.hpp"
#include "events/hub.hpp"
#include "store/store.hpp"

namespace memorypro::sync {

class worker {
public:
    using jitter_source = std::function<double()>;  // 0 to 1

    // `news` is rung by whoever queues something or changes the circuit, the settings or the
    // outbox. All outlive run().
    worker(executor, store::store&, cloud::client&, events::hub&, metrics&, bell& news,
           const clock&, const config::settings&, jitter_source);

    // Until stop(): then what is being sent is given back to the queue, and it returns.
    awaitable<> run();
    void stop();
};

}  // namespace memorypro::sync
