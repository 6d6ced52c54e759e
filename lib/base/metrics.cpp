#include "base/metrics.hpp"

#include <prometheus/gauge.h>
#include <prometheus/text_serializer.h>

namespace memorypro {
namespace {

const prometheus::Histogram::BucketBoundaries seconds{
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5};

prometheus::Histogram& add_histogram(prometheus::Registry& registry, const char* name,
                                     const char* help, const prometheus::Labels& labels = {}) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add(labels,
                                                                                     seconds);
}

prometheus::Gauge& add_gauge(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

metrics::metrics()
    : store_seconds(add_histogram(registry_, "memorypro_store_seconds",
                                  "Time from a store's arrival to its commit")),
      recall_seconds_local(add_histogram(registry_, "memorypro_recall_seconds",
                                         "Time to answer a recall", {{"source", "local"}})),
      outbox_pending(add_gauge(registry_, "memorypro_outbox_pending",
                               "Memories that wait to be sent to the cloud")),
      outbox_oldest_age_seconds(add_gauge(registry_, "memorypro_outbox_oldest_age_seconds",
                                          "Age of the oldest memory that waits")),
      dead_letters(
          add_gauge(registry_, "memorypro_dead_letters", "Memories that the cloud refused")),
      memories(add_gauge(registry_, "memorypro_memories", "Memories in the local store")) {}

std::string metrics::text() const {
    return prometheus::TextSerializer().Serialize(registry_.Collect());
}

}  // namespace memorypro
