// Where the daemon listens, when nobody says.
#pragma once

#include <functional>
#include <string>

#include "config/settings.hpp"

namespace memorypro::cli {

inline constexpr const char* system_socket = "/run/memorypro/memorypro.sock";

// MEMORYPRO_SOCKET; else memorypro.sock in $RUNTIME_DIRECTORY or $XDG_RUNTIME_DIR if it exists
// there; else the system's socket.
std::string find_socket(const config::values& environment,
                        const std::function<bool(const std::string&)>& exists);

}  // namespace memorypro::cli
