// HTTP/1.1 from the client's side: a request as text, its answer read.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cloud/call_scope.hpp"
#include "cloud/connection.hpp"
#include "cloud/transport.hpp"

namespace memorypro::cloud {

struct answer_limits {
    std::size_t header_bytes = 64 * 1024;
    std::size_t body_bytes = 16 << 20;
};

// What a connection must be able to buffer for an answer within the limits.
std::size_t buffer_needed(const answer_limits&);

// `authority`: the value of Host. Throws std::invalid_argument when the target or a header's value
// has a line break or another control character, and never quotes it.
std::string request_text(const request&, std::string_view authority);

struct exchanged {
    cloud::outcome outcome;  // no_answer::sent is true: it is for who knows what was written before
    bool heard = false;      // whether a byte of an answer came
    bool reusable = false;   // whether the connection can take another request
};

// Writes the request and reads its answer. The scope's end closes the connection.
awaitable<exchanged> exchange_on(connection&, std::string_view request_text, answer_limits,
                                 call_scope&);

}  // namespace memorypro::cloud
