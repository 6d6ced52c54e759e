// How a fault shows on the wire.
#pragma once

#include "emulator/cloud.hpp"

namespace memorypro::emulator {

// The connection ends without an answer.
http::reply hang_up(http::exchange&);

// What happens in place of the work that was asked for; nullopt: nothing, it is to be done.
awaitable<std::optional<http::reply>> instead_of_work(cloud&, fault, http::exchange&);

// How the answer to work that was done reaches the client, if it does.
awaitable<http::reply> deliver(cloud&, fault, http::exchange&, http::reply);

}  // namespace memorypro::emulator
