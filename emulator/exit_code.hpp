// Exit codes of sysexits.h, the same as the daemon's.
#pragma once

#include <exception>

namespace memorypro::emulator {

inline constexpr int exit_usage = 64;
inline constexpr int exit_internal = 70;
inline constexpr int exit_try_again = 75;
inline constexpr int exit_not_permitted = 77;
inline constexpr int exit_configuration = 78;

// Of a start that failed.
int exit_code_of(const std::exception&);

}  // namespace memorypro::emulator
