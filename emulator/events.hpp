// Finds something out, tells it to who registered a webhook, and shows it to who polls.
#pragma once

#include "emulator/cloud.hpp"
#include "emulator/schedule.hpp"

namespace memorypro::emulator {

// POST /emulator/events {"event_type","data"}; without data some about the memories that are held.
// -> {"event": as it was sent, "delivery": {"attempts","status","body"}}; "error" in place of the
// last two where none answered, null for the delivery where no webhook is registered.
awaitable<answer> send_event(cloud&, http::exchange&);

// Until the courier is stopped.
awaitable<> send_repeatedly(cloud&, scheduled_event);

}  // namespace memorypro::emulator
