// Takes the cloud's webhooks (DESIGN §7): verified, durable, then answered; processed after that.
//
// Runs on the event loop. The settings are read at each request, so that a reload rotates secrets.
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <string>

#include "base/async.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "config/settings.hpp"
#include "http/exchange.hpp"
#include "http/limits.hpp"
#include "http/router.hpp"
#include "insights/processor.hpp"
#include "store/store.hpp"

namespace memorypro::webhook {

// What senders may take: a delivery is small and comes at once, so a slow sender loses soon, and
// whoever sends what is refused has to connect again.
http::limits receiver_limits();

// Where deliveries are taken: the path of MEMORYPRO_WEBHOOK_URL, without a slash at its end.
std::string path_of(const std::string& webhook_url);

// Since the start.
struct delivery_counts {
    std::uint64_t accepted = 0;
    std::uint64_t rejected = 0;    // no signature that is right, or no JSON object
    std::uint64_t duplicates = 0;  // of accepted ones
    std::optional<timestamp> last_delivery;
};

class receiver {
public:
    // All outlive the server that routes() is given to.
    receiver(store::store&, insights::processor&, metrics&, const clock&, const config::settings&);
    receiver(const receiver&) = delete;
    receiver& operator=(const receiver&) = delete;

    const http::router& routes() const { return router_; }
    void reloaded();  // the settings have changed: the path may have

    const delivery_counts& counts() const { return counts_; }

    // A server listens; without a secret it takes nothing.
    void listens() { listening_ = true; }
    bool listening() const { return listening_; }
    bool enabled() const { return listening_ && !settings_.webhook_secret.empty(); }

private:
    awaitable<result<http::reply>> receive(http::exchange&);
    awaitable<result<http::reply>> keep(store::delivery);
    http::reply accepted(bool is_new, timestamp received_at, std::size_t bytes);
    http::reply reject(http::reply);
    std::vector<http::route> routes_for(const std::string& path);

    store::store& store_;
    insights::processor& processor_;
    metrics& metrics_;
    const clock& clock_;
    const config::settings& settings_;
    std::list<std::string> paths_;  // every one that was routed: routes hold views of them
    http::router router_;
    delivery_counts counts_;
    std::size_t in_flight_ = 0;
    bool listening_ = false;
};

}  // namespace memorypro::webhook
