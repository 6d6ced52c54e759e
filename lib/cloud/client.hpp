// The cloud's calls as functions: credentials, retries, the circuit, and what status says of it.
//
// Used on the event loop; outlives its calls. Publishes cloud.online and cloud.offline, and rings
// the bell of whoever waits for the cloud when the circuit changes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/async.hpp"
#include "base/bell.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "cloud/gate.hpp"
#include "cloud/health.hpp"
#include "cloud/transport.hpp"
#include "cloud/verdict.hpp"
#include "cloud/wire.hpp"
#include "config/settings.hpp"
#include "events/hub.hpp"

namespace memorypro::cloud {

// A value, or the judgement that there is none: of the last attempt, but `unknown_outcome` and
// `attempted` when any attempt's was.
template <class T>
using reply = boost::system::result<T, judgement>;

// How long a caller stays with a call.
enum class patience {
    once,     // one attempt, which may be the circuit's probe: the outbox comes again
    retries,  // MEMORYPRO_MAX_RETRIES more, with backoff, while the circuit is closed and never
              // beyond the one deadline; not the probe of a cloud that hangs: somebody waits
};

class client {
public:
    using jitter_source = std::function<double()>;  // 0 to 1

    // `settings` (key, secret, timeout, retries) may change at a reload: each attempt reads them;
    // the URL needs a restart. `news` is rung whenever the circuit's state or the time of its next
    // probe changes.
    client(executor, transport&, events::hub&, bell& news, const clock&, const config::settings&,
           jitter_source);

    // `key`: the Idempotency-Key, the same on every attempt of the same memory.
    awaitable<reply<written>> store(std::string body, std::string key, patience);
    awaitable<reply<written>> sync(std::string body, std::string key, patience);
    // With retries. Of the memories that come only the first `most` are read.
    awaitable<reply<recalled>> recall(std::string body, std::size_t most);

    // These two are not essential: where the cloud answers them badly, or is slow to, it may still
    // take and recall memories. So the circuit hears of such a failure only when the call was its
    // probe, or was answered 401; see concerns_every_call().

    // GET memory/insights, once. `etag`: of the document that the caller has, empty: none.
    awaitable<reply<insights_document>> insights(std::string etag = {});
    // Once; whatever a 2xx answers.
    awaitable<reply<std::string>> register_webhook(std::string body);

    // Whether a call with patience::once that is made now would go out; else when the next may.
    // nullopt: the circuit is closed, a probe is out, or the client is stopped. The time may have
    // passed, but never lies so far back that it cannot be subtracted from now.
    bool callable() const;
    std::optional<circuit::time_point> callable_at() const;

    // The next call goes out whatever the circuit says: somebody asks for it, or the credentials
    // are new.
    void try_now();

    cloud::health health() const { return gate_.health(); }

    // Ends what is in flight, also between two attempts; every call answers `retry` from now on.
    void stop();

private:
    struct call {
        std::string_view method;
        std::string_view path;  // after /api/v1/
        std::string body = {};
        std::string idempotency_key = {};  // empty: none
        patience stays = patience::once;
        std::string etag = {};   // of what the caller has; empty: nothing
        bool essential = true;   // to storing and recalling
        bool sets_size = false;  // of the answer: too large a one is the question's fault
    };

    // What a success holds, 2xx or the 304 that an etag asked for; nullopt: not what the call
    // promises.
    template <class T>
    using reader = std::function<std::optional<T>(answer)>;

    template <class T>
    awaitable<reply<T>> make(call, reader<T>);
    template <class T>
    awaitable<reply<T>> attempt(const call&, deadline, const reader<T>&);
    template <class T>
    awaitable<reply<T>> send(circuit::pass, const call&, deadline, const reader<T>&);

    request request_for(const call&) const;

    transport& transport_;
    const clock& clock_;
    const config::settings& settings_;
    const std::string root_;  // of every path: that of the API's URL and /api/v1/
    jitter_source jitter_;
    gate gate_;
    bell stopping_;
    bool stopped_ = false;
};

}  // namespace memorypro::cloud
