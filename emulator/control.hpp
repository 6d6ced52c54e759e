// What tests and people ask of the emulator itself: below /emulator/, never subject to faults and
// credentials.
#pragma once

#include "emulator/cloud.hpp"

namespace memorypro::emulator {

awaitable<answer> show_state(cloud&, http::exchange&);
awaitable<answer> show_memories(cloud&, http::exchange&);  // NDJSON, in the order of arrival
awaitable<answer> show_faults(cloud&, http::exchange&);
awaitable<answer> replace_faults(cloud&, http::exchange&);
awaitable<answer> clear_faults(cloud&, http::exchange&);
awaitable<answer> replace_credentials(cloud&, http::exchange&);  // without any: revoked

}  // namespace memorypro::emulator
