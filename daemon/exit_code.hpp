// Exit codes of sysexits.h, as DESIGN §9 uses them.
#pragma once

#include <exception>

namespace memorypro::daemon {

inline constexpr int exit_usage = 64;
inline constexpr int exit_internal = 70;
inline constexpr int exit_try_again = 75;
inline constexpr int exit_not_permitted = 77;
inline constexpr int exit_configuration = 78;

// Of a start that failed. 78 also stands for a database that cannot be used as it is: a service
// manager must not try again and again what only a person can put right.
int exit_code_of(const std::exception&);

}  // namespace memorypro::daemon
