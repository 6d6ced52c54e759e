// Webhooks on request: an event in its envelope (DESIGN §8), once, to whoever registered.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "emulator/cloud.hpp"

namespace memorypro::emulator {

// The event that is asked for ("event_type", "data", what else there is) with "user_id" and
// "timestamp" where it has none.
result<json::object> envelope_of(json::object event, timestamp now);

// Delivers an event once, whatever the receiver says of it: {"status","body"} of its answer. 404
// where none is registered, 502 where none answers. memory/insights does not show it.
awaitable<answer> send_webhook(cloud&, http::exchange&);

}  // namespace memorypro::emulator
