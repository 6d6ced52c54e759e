// Connects to whichever address of a host answers first (RFC 8305).
#pragma once

#include <chrono>
#include <vector>

#include "base/result.hpp"
#include "cloud/call_scope.hpp"
#include "cloud/socket.hpp"

namespace memorypro::cloud {

// IPv6 and IPv4 in turns, beginning with the family of the first; each family keeps its order.
std::vector<endpoint> interleave(const std::vector<endpoint>&);

// Tries one address after the other, the next one `stagger` after the last or as soon as one
// failed; the first connection wins and the other attempts are given up. The error tells of
// each: "192.0.2.1:443: Connection refused". What it gives means nothing when the scope has ended.
awaitable<result<tcp_socket>> connect_first(executor, std::vector<endpoint>,
                                            std::chrono::milliseconds stagger, call_scope&);

}  // namespace memorypro::cloud
