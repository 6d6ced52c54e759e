// The local API's route tables.
#pragma once

#include <vector>

#include "api/resources.hpp"
#include "http/router.hpp"

namespace memorypro::api {

// Everything, for the Unix socket.
std::vector<http::route> local_routes(resources&);

// The probes and /metrics only, for MEMORYPRO_METRICS_LISTEN.
std::vector<http::route> metrics_routes(resources&);

}  // namespace memorypro::api
