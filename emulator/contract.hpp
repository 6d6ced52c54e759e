// A call of the contract from its head to its answer: faults, credentials, the work.
#pragma once

#include <string_view>

#include "emulator/cloud.hpp"

namespace memorypro::emulator {

using work = awaitable<answer> (*)(cloud&, http::exchange&);

// For a route that takes its body as a stream: a cloud that is down does not read it.
awaitable<answer> serve_call(cloud&, std::string_view call, work, http::exchange&);

}  // namespace memorypro::emulator
