#include "base/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/text_serializer.h>

namespace memorypro {
namespace {

const prometheus::Histogram::BucketBoundaries latencies{
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5};

prometheus::Histogram& add_histogram(prometheus::Registry& registry, const char* name,
                                     const char* help, const prometheus::Labels& labels = {}) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add(labels,
                                                                                     latencies);
}

prometheus::Histogram& add_recall(prometheus::Registry& registry, const char* source) {
    return add_histogram(registry, "memorypro_recall_seconds", "Time to answer a recall",
                         {{"source", source}});
}

prometheus::Counter& add_attempts(prometheus::Registry& registry, const char* outcome) {
    return prometheus::BuildCounter()
        .Name("memorypro_sync_attempts_total")
        .Help("Attempts to send a queued memory to the cloud")
        .Register(registry)
        .Add({{"outcome", outcome}});
}

prometheus::Counter& add_webhooks(prometheus::Registry& registry, const char* outcome) {
    return prometheus::BuildCounter()
        .Name("memorypro_webhooks_total")
        .Help("Webhook deliveries that were received")
        .Register(registry)
        .Add({{"outcome", outcome}});
}

prometheus::Gauge& add_gauge(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

metrics::metrics()
    : store_seconds(add_histogram(registry_, "memorypro_store_seconds",
                                  "Time from a store's arrival to its commit")),
      recall_seconds_local(add_recall(registry_, "local")),
      recall_seconds_cloud(add_recall(registry_, "cloud")),
      recall_seconds_merged(add_recall(registry_, "merged")),
      outbox_pending(add_gauge(registry_, "memorypro_outbox_pending",
                               "Memories that wait to be sent to the cloud")),
      outbox_oldest_age_seconds(add_gauge(registry_, "memorypro_outbox_oldest_age_seconds",
                                          "Age of the oldest memory that waits")),
      outbox_bytes(
          add_gauge(registry_, "memorypro_outbox_bytes", "Size of the memories that wait")),
      outbox_max_bytes(add_gauge(registry_, "memorypro_outbox_max_bytes",
                                 "Size of what may wait; beyond it stores are refused")),
      dead_letters(
          add_gauge(registry_, "memorypro_dead_letters", "Memories that the cloud refused")),
      sync_done(add_attempts(registry_, "done")),
      sync_retry(add_attempts(registry_, "retry")),
      sync_paused(add_attempts(registry_, "paused")),
      sync_refused(add_attempts(registry_, "refused")),
      last_sync_success(add_gauge(registry_, "memorypro_last_sync_success_timestamp_seconds",
                                  "When the cloud last took a queued memory; 0: never")),
      circuit_state(add_gauge(registry_, "memorypro_circuit_state",
                              "Calls of the cloud: 0 closed, 1 half open, 2 open")),
      credentials_refused(add_gauge(registry_, "memorypro_credentials_refused",
                                    "1 while the cloud refuses the credentials")),
      memories(add_gauge(registry_, "memorypro_memories", "Memories in the local store")),
      webhooks_accepted(add_webhooks(registry_, "accepted")),
      webhooks_duplicate(add_webhooks(registry_, "duplicate")),
      webhooks_rejected(add_webhooks(registry_, "rejected")),
      webhooks_failed(add_webhooks(registry_, "failed")) {}

std::string metrics::text() const {
    return prometheus::TextSerializer().Serialize(registry_.Collect());
}

}  // namespace memorypro
