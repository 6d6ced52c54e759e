// The daemon's side that hears what the cloud has found out: webhooks, polls, and what they bring.
//
// All of it is there in every mode: a reload may change the mode, the secret and the URL.
#pragma once

#include <utility>

#include "base/async.hpp"
#include "base/bell.hpp"
#include "base/metrics.hpp"
#include "base/time.hpp"
#include "cloud/client.hpp"
#include "config/settings.hpp"
#include "events/hub.hpp"
#include "insights/poller.hpp"
#include "insights/processor.hpp"
#include "store/store.hpp"
#include "webhook/receiver.hpp"
#include "webhook/registration.hpp"
#include "webhook_entrance.hpp"

namespace memorypro::daemon {

class insight_side {
public:
    // All outlive the loop's run().
    insight_side(executor, store::store&, cloud::client&, events::hub&, metrics&, const clock&,
                 const config::settings&, http::limits of_webhooks);

    insights::processor& processor() { return processor_; }
    const insights::poller& poller() const { return poller_; }
    const webhook::receiver& receiver() const { return receiver_; }
    const webhook::registration& registration() const { return registration_; }

    // A service manager's listener, in place of MEMORYPRO_WEBHOOK_LISTEN.
    void inherit(http::listener from) { entrance_.inherit(std::move(from)); }

    // Listens for webhooks where push is enabled and a secret is set. Throws cannot_listen and what
    // a system call's failure throws.
    void listen() { entrance_.listen(); }

    void start();
    void reloaded(const config::settings& before);  // listens where a secret has come

    // Accepts no more webhooks and ends the rest; the client of the cloud is stopped first.
    void stop();
    // Until those in flight are answered and everything has ended, at most so long.
    awaitable<> stopped(std::chrono::milliseconds patience);

private:
    awaitable<> run(awaitable<> part);
    void ended();

    executor executor_;
    insights::processor processor_;
    insights::poller poller_;
    webhook::receiver receiver_;
    webhook::registration registration_;
    webhook_entrance entrance_;
    bell ended_;
    int running_ = 0;
};

}  // namespace memorypro::daemon
