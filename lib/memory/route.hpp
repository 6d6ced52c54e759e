// Which way a call takes and what becomes of it when the cloud does not answer (DESIGN §6): pure.
#pragma once

#include <chrono>
#include <optional>

#include "base/result.hpp"
#include "cloud/client.hpp"
#include "config/settings.hpp"
#include "store/outbox.hpp"

namespace memorypro::memory {

// How a memory that is kept here goes on to the cloud; nullopt: it stays.
std::optional<store::outbound> outbound_of(config::mode);

// Whether a caller may be kept waiting for the cloud. Where there is another way, nobody waits for
// the probe of an open circuit: it would hang as long as the call that opened it. The outbox's
// worker probes.
bool worth_waiting(const cloud::health&, bool local_fallback);

// What stands in for a call that worth_waiting held back.
cloud::judgement held_back(const cloud::health&);

enum class remedy {
    fall_back,  // to what is here
    refuse,     // the caller's request will never do
    give_up,    // the caller comes again
};
remedy remedy_of_store(cloud::verdict, bool local_fallback);
remedy remedy_of_recall(cloud::verdict, bool local_fallback);

// The errors of `refuse` and `give_up`; the cloud may be called again at `callable_at`.
error refused_by_cloud(const cloud::judgement&);
error cloud_is_away(const cloud::judgement&, std::optional<cloud::circuit::time_point> callable_at,
                    cloud::circuit::time_point now);

}  // namespace memorypro::memory
