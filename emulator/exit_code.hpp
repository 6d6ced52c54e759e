// What the emulator exits with: as the daemon.
#pragma once

#include <exception>

#include "base/exit_code.hpp"

namespace memorypro::emulator {

// Of a start that failed.
int exit_code_of(const std::exception&);

}  // namespace memorypro::emulator
