// The cloud's calls as functions: credentials, retries, the circuit, and what status says of it.
//
// Used on the event loop; outlives its calls. Publishes cloud.online and cloud.offline, and rings
// the bell of whoever waits for the cloud when the circuit changes.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "base/async.hpp"
#include "base/bell.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "cloud/circuit.hpp"
#include "cloud/transport.hpp"
#include "cloud/verdict.hpp"
#include "cloud/wire.hpp"
#include "config/settings.hpp"
#include "events/hub.hpp"

namespace memorypro::cloud {

enum class state { online, offline, auth_failed };

struct health {
    cloud::state state = state::online;  // until a call shows otherwise
    cloud::circuit::state circuit = cloud::circuit::state::closed;
    std::optional<timestamp> last_success;
    std::string last_error;  // empty: none since the last success
};

// A value, or the judgement that there is none.
template <class T>
using reply = boost::system::result<T, judgement>;

// How long a caller stays with a call.
enum class patience {
    once,     // one attempt: the outbox comes again
    retries,  // MEMORYPRO_MAX_RETRIES more, with backoff, never beyond the one deadline
};

class client {
public:
    using jitter_source = std::function<double()>;  // 0 to 1

    // `settings` (URL, key, secret, timeout, retries, features) may change at a reload.
    client(executor, transport&, events::hub&, bell&, const clock&, const config::settings&,
           jitter_source);

    // `key`: the Idempotency-Key, the same on every attempt of the same memory.
    awaitable<reply<written>> store(std::string body, std::string key, patience);
    awaitable<reply<written>> sync(std::string body, std::string key, patience);
    awaitable<reply<recalled>> recall(std::string body);

    // GET memory/insights: its document as text.
    awaitable<reply<std::string>> insights();
    awaitable<reply<std::string>> register_webhook(std::string body);

    // Whether a call that is made now would go out; else when the next may.
    bool callable() const;
    std::optional<circuit::time_point> callable_at() const;

    // The next call goes out whatever the circuit says: somebody asks for it, or the credentials
    // are new.
    void try_now();

    cloud::health health() const;

    // Ends what is in flight; every call answers `retry` from now on.
    void stop();
};

}  // namespace memorypro::cloud
