// How the cloud and the queue are, in the words of status and the probes: pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "cloud/client.hpp"
#include "store/outbox.hpp"

namespace memorypro::api {

std::string_view to_string(cloud::state);
std::string_view to_string(cloud::circuit::state);

// 0 when nothing waits.
std::chrono::seconds oldest_age(const store::outbox_totals&, timestamp now);

// A queue in which nothing has moved for so long is stalled.
inline constexpr std::chrono::seconds queue_patience{60};

struct queue_motion {
    std::chrono::seconds uptime{0};         // before it nothing could move
    std::optional<timestamp> last_success;  // when the cloud last took a row
    std::string last_error;                 // why it does not; may be empty
};

// "ok", or "stalled: 3 pending, oldest 75 s, last error: …".
std::string queue_check(const store::outbox_totals&, const queue_motion&, timestamp now);

}  // namespace memorypro::api
