// The life of a connection: requests one after the other, each answered before the next is read.
#pragma once

#include "base/async.hpp"
#include "http/connection.hpp"
#include "http/exchange.hpp"
#include "http/limits.hpp"
#include "http/log_budget.hpp"
#include "http/router.hpp"

namespace memorypro::http {

// What the sessions of a server have in common.
struct session_context {
    const http::router& router;
    const http::limits& limits;
    body_budget& budget;
    const bool& stopping;   // true: no request after the one in flight, or the first
    std::string id_prefix;  // of request ids
    std::uint64_t requests = 0;
    log_budget refusals = {};  // of clients that are not on this host's socket
};

// Returns when the client is gone, was cut off, or the server stops. Never throws.
awaitable<> serve(connection&, session_context&);

}  // namespace memorypro::http
