// The daemon's side that faces the cloud: the network, the client, and what drains the outbox.
//
// It is there in local mode too: a reload may change the mode.
#pragma once

#include "base/async.hpp"
#include "base/bell.hpp"
#include "base/metrics.hpp"
#include "base/time.hpp"
#include "cloud/client.hpp"
#include "cloud/https_transport.hpp"
#include "config/settings.hpp"
#include "events/hub.hpp"
#include "store/store.hpp"
#include "sync/worker.hpp"

namespace memorypro::daemon {

// The settings or the environment do not say how; the text says which and why.
class cannot_call_cloud : public failed {
public:
    using failed::failed;
};

class cloud_side {
public:
    // Throws cannot_call_cloud. All outlive the loop's run().
    cloud_side(executor, store::store&, events::hub&, metrics&, const clock&,
               const config::settings&);

    cloud::client& client() { return client_; }
    bell& outbox_news() { return news_; }

    void start();
    void reloaded(const config::settings& before);

    // Calls in flight end as `retry`, and so does every later one.
    void stop();
    // Until the worker has given back what it had, at most so long.
    awaitable<> stopped(std::chrono::milliseconds patience);

private:
    awaitable<> run_worker();
    awaitable<bool> worker_ended();

    executor executor_;
    const config::settings& settings_;
    bell news_;
    cloud::https_transport transport_;
    cloud::client client_;
    sync::worker worker_;
    bool working_ = false;
};

// How many connections to the cloud there are at most.
std::size_t cloud_connections(const config::settings&);

}  // namespace memorypro::daemon
