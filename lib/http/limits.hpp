// What a client may take of the server, in number, memory and time.
#pragma once

#include <chrono>
#include <cstddef>

namespace memorypro::http {

struct limits {
    std::size_t connections = 1024;           // beyond: 503 at once, and closed
    std::size_t header_bytes = 16 * 1024;     // beyond: 431
    std::size_t body_bytes = 8 << 20;         // of a request read whole; beyond: 413
    std::size_t all_bodies_bytes = 64 << 20;  // of all requests being read; beyond: 503
    std::chrono::milliseconds idle{75'000};   // between two requests
    std::chrono::milliseconds request{
        30'000};  // from its first byte to its last, of a stream: a piece
    std::chrono::milliseconds write{30'000};  // for the client to take what it is sent
};

}  // namespace memorypro::http
