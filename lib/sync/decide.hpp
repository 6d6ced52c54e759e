// What becomes of a queued memory after an attempt to send it: pure.
#pragma once

#include <chrono>
#include <optional>

#include "base/time.hpp"
#include "cloud/client.hpp"
#include "config/settings.hpp"
#include "store/outbox.hpp"

namespace memorypro::sync {

struct circumstances {
    timestamp now;
    double jitter = 0;  // 0 to 1
    // How long the circuit holds every call back; nullopt: it does not. Its schedule then counts
    // instead of the row's own, so that the row goes as soon as the cloud is back.
    std::optional<std::chrono::milliseconds> held_back_for = {};
    bool stopping = false;  // calls end for our own reasons
};

struct decision {
    std::optional<store::settlement> settle = {};  // nullopt: as if it had not been tried
    bool lane_goes_on = false;                     // false: what follows must wait for this row
};

decision decide(const store::outbox_entry&, const cloud::reply<cloud::written>&,
                const circumstances&);

store::after_sync copy_after_sync(const config::settings&);

}  // namespace memorypro::sync
