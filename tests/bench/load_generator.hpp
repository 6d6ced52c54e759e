// A closed-loop load generator for servers on a Unix or loopback socket: one thread, one epoll, one
// request in flight on each connection, no more parsing than it takes to find the end of an answer.
// The same code drives HTTP and Redis, so that its own cost is the same for both.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "workload.hpp"

namespace memorypro::bench {

struct load {
    std::string socket;                // a path, or "127.0.0.1:43210"
    framing protocol = framing::http;  // http or resp
    int expected_status = 0;           // HTTP only
    std::size_t connections = 1;

    // Runs for warmup_seconds + seconds, or until `requests` are answered when that is not 0.
    double warmup_seconds = 0;
    double seconds = 0;
    std::uint64_t requests = 0;

    // The next request; the view is copied only when the socket does not take it whole.
    std::function<std::string_view()> next;
    // Sees each answer's body after its latency is taken; may be empty.
    std::function<void(std::string_view)> on_body = {};
};

struct load_result {
    std::vector<std::uint32_t> latencies_ns;  // of answers within the measured time
    double seconds = 0;                       // the measured time
    std::uint64_t answered = 0;               // all, warm-up and draining included
    std::uint64_t refused = 0;                // of them, not as expected
    std::string first_refusal;
    double client_cpu_seconds = 0;

    double per_second() const { return static_cast<double>(latencies_ns.size()) / seconds; }
};

// Throws std::runtime_error when the server cannot be reached, closes a connection, answers
// nothing for 30 seconds or answers what cannot be parsed; throws interrupted.
load_result run_load(const load&);

}  // namespace memorypro::bench
