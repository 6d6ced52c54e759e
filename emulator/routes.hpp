// The emulated cloud's route table.
#pragma once

#include <vector>

#include "emulator/cloud.hpp"
#include "http/router.hpp"

namespace memorypro::emulator {

std::vector<http::route> routes(cloud&);

}  // namespace memorypro::emulator
