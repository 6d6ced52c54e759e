// Finds the addresses of one host, without a wait that could outlive a call or the loop.
//
// getaddrinfo cannot be interrupted, so it runs on a thread of its own that nobody joins. One
// lookup at a time: whoever asks while it runs waits for the same.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cloud/call_scope.hpp"
#include "cloud/socket.hpp"

namespace memorypro::cloud {

using addresses = result<std::vector<endpoint>>;  // in the order of preference, never empty

// Blocks. The seam for tests.
using lookup_function = std::function<addresses(const std::string& host, std::uint16_t port)>;
addresses system_lookup(const std::string& host, std::uint16_t port);

class resolver {
public:
    resolver(executor, lookup_function, std::string host, std::uint16_t port);
    ~resolver() { stop(); }
    resolver(const resolver&) = delete;
    resolver& operator=(const resolver&) = delete;

    // What it gives means nothing when the scope has ended.
    awaitable<addresses> resolve(call_scope&);

    // What still runs is left to itself and never reaches the loop again.
    void stop();

private:
    struct lookup;
    struct gate;
    void begin(const std::shared_ptr<lookup>&);

    executor executor_;
    lookup_function function_;
    std::string host_;
    std::uint16_t port_;
    std::shared_ptr<gate> gate_;
    std::shared_ptr<lookup> running_;  // the last one, which may have ended
};

}  // namespace memorypro::cloud
