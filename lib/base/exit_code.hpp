// Exit codes of sysexits.h, as DESIGN §9 uses them.
#pragma once

#include <system_error>

namespace memorypro {

inline constexpr int exit_usage = 64;
inline constexpr int exit_internal = 70;
inline constexpr int exit_try_again = 75;
inline constexpr int exit_not_permitted = 77;
inline constexpr int exit_configuration = 78;

// Of a start that failed with it.
int exit_code_of(const std::system_error&);

}  // namespace memorypro
