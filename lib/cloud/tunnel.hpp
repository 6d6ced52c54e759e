// Asks an HTTP proxy for a connection to the server (RFC 9110, 9.3.6).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cloud/connection.hpp"
#include "cloud/proxy.hpp"

namespace memorypro::cloud {

// `authority`: host and port. What went wrong, or nothing: the connection leads to the server.
awaitable<std::optional<std::string>> open_tunnel(connection&, const proxy&,
                                                  std::string_view authority);

}  // namespace memorypro::cloud
