// What status says of the cloud.
#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"
#include "cloud/circuit.hpp"

namespace memorypro::cloud {

// auth_failed: calls are paused, a probe that is out included. offline: the circuit is open or half
// open.
enum class state { online, offline, auth_failed };

struct health {
    cloud::state state = state::online;  // until a call shows otherwise
    cloud::circuit::state circuit = cloud::circuit::state::closed;
    std::optional<timestamp> last_success;
    std::string last_error;  // of the last call that was not done; empty: none since a success
};

}  // namespace memorypro::cloud
