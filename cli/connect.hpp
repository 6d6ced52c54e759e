// The connection to the daemon's socket, and what it means when there is none.
#pragma once

#include <chrono>
#include <string>

namespace memorypro::cli {

// A connected, blocking descriptor; the caller closes it. Throws failure: not_permitted,
// unreachable, or usage for a path that no socket can have.
int connect_to(const std::string& path, std::chrono::milliseconds timeout);

}  // namespace memorypro::cli
