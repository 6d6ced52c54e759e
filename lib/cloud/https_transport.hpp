// The transport over the network: HTTP/1.1 with TLS to one server, through a pool of connections
// that are kept alive.
//
// A kept connection can be dead without a sign of it: when it ends before a byte of an answer, the
// request is sent once more over a new one. Writes carry an idempotency key, so that the cloud
// knows the second for the first. Nothing else is tried twice here.
#pragma once

#include <memory>

#include "cloud/connector.hpp"
#include "cloud/http1.hpp"
#include "cloud/transport.hpp"

namespace memorypro::cloud {

struct https_options {
    connector_options connect;  // whom to, and how
    answer_limits limits = {};
    std::size_t connections = 32;                 // at most; other calls wait in line
    std::chrono::milliseconds idle_time{60'000};  // after which a kept connection is closed
};

class https_transport final : public transport {
public:
    // Throws std::runtime_error when the CA file cannot be used.
    https_transport(executor, https_options);

    // What is in flight is stopped, and may end later than this.
    ~https_transport() override;
    https_transport(const https_transport&) = delete;
    https_transport& operator=(const https_transport&) = delete;

    awaitable<outcome> exchange(request, deadline) override;
    void stop() override;

    std::size_t connections() const;  // in use and idle

private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace memorypro::cloud
