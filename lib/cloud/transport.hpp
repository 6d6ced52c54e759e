// The seam to the network: a request out, its answer or what went wrong back.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/async.hpp"

namespace memorypro::cloud {

using deadline = std::chrono::steady_clock::time_point;

struct request {
    std::string_view method = "POST";  // static
    std::string target;                // path and query: "/api/v1/memory/store"
    std::vector<std::pair<std::string_view, std::string>> headers = {};  // names are static
    std::string body = {};                                               // JSON; empty: none
};

struct answer {
    unsigned status = 0;
    std::string body = {};
    std::string retry_after = {};  // the headers' values as sent; empty: none
    std::string etag = {};
};

// Why there is no answer.
struct no_answer {
    enum class reason {
        not_connected,  // resolve, connect or proxy
        tls,            // handshake or certificate
        deadline,
        busy,       // the deadline came before a connection was free: it says nothing of the cloud
        broken,     // the connection ended within the exchange
        malformed,  // not HTTP
        too_large,  // over the transport's bound
        stopped,    // by stop()
    };
    reason why = reason::not_connected;
    std::string detail = {};  // for people and logs; never a secret
    // Whether a byte of the request may have reached the server: the outcome is unknown.
    bool sent = false;
    unsigned answered = 0;  // the status of an answer whose body is too large
};

using outcome = std::variant<answer, no_answer>;

// Used on the event loop. Redirects are not followed.
class transport {
public:
    virtual ~transport() = default;

    // The deadline covers everything: waiting for a connection, resolve, connect, handshake, write,
    // read. Never throws for what the network does.
    virtual awaitable<outcome> exchange(request, deadline) = 0;

    // What is in flight, and every later exchange, ends at once as `stopped`.
    virtual void stop() = 0;
};

}  // namespace memorypro::cloud
