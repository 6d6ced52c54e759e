// What the daemon counts, for Prometheus. No user, agent or session in a label.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <string>

namespace memorypro {

class metrics {
public:
    metrics();

    std::string text() const;  // the exposition format

private:
    prometheus::Registry registry_;

public:
    prometheus::Histogram& store_seconds;
    prometheus::Histogram& recall_seconds_local;
    prometheus::Histogram& recall_seconds_cloud;
    prometheus::Histogram& recall_seconds_merged;
    prometheus::Gauge& outbox_pending;
    prometheus::Gauge& outbox_oldest_age_seconds;
    prometheus::Gauge& outbox_bytes;
    prometheus::Gauge& outbox_max_bytes;
    prometheus::Gauge& dead_letters;
    prometheus::Counter& sync_done;  // of memorypro_sync_attempts_total, by outcome
    prometheus::Counter& sync_retry;
    prometheus::Counter& sync_paused;
    prometheus::Counter& sync_refused;
    prometheus::Gauge& last_sync_success;    // seconds since 1970
    prometheus::Gauge& circuit_state;        // 0 closed, 1 half open, 2 open
    prometheus::Gauge& credentials_refused;  // 1 while calls are paused for that
    prometheus::Gauge& memories;
    prometheus::Counter& webhooks_accepted;  // of memorypro_webhooks_total, by outcome
    prometheus::Counter& webhooks_duplicate;
    prometheus::Counter& webhooks_rejected;  // no signature that is right, or no JSON object
    prometheus::Counter& webhooks_failed;    // not kept: the sender has to come again
};

// Observes the time from its making to its end.
class stopwatch {
public:
    explicit stopwatch(prometheus::Histogram& into) : into_(into) {}
    ~stopwatch() {
        into_.Observe(
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count());
    }
    stopwatch(const stopwatch&) = delete;
    stopwatch& operator=(const stopwatch&) = delete;

private:
    prometheus::Histogram& into_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace memorypro
