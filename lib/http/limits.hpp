// What a client may take of the server, in number, memory and time.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

namespace memorypro::http {

struct limits {
    std::size_t connections = 1024;           // beyond: 503 at once, and closed; see yields_after
    std::size_t header_bytes = 16 * 1024;     // beyond: 431
    std::size_t body_bytes = 8 << 20;         // of a request read whole; beyond: 413
    std::size_t all_bodies_bytes = 64 << 20;  // of all requests being read; beyond: 503
    std::chrono::milliseconds idle{75'000};   // between two requests
    std::chrono::milliseconds request{
        30'000};  // from its first byte to its last, of a stream: a piece
    std::chrono::milliseconds write{30'000};  // for the client to take what it is sent
    std::chrono::milliseconds first_request{
        1'000};  // at stop, from its coming on, for a client that has had no answer yet

    // Against strangers, where most requests of a good client are answered well:
    bool ends_at_refusal = false;  // a status of 400 and above is the connection's last
    // Beyond `connections`, a client that lets the server wait for so long makes room.
    std::optional<std::chrono::milliseconds> yields_after = {};
};

}  // namespace memorypro::http
