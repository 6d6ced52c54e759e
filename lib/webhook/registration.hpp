// Tells the cloud where to send its webhooks, and tries until it knows.
//
// Runs on the event loop. It needs push, a URL, a secret and the account; without them it waits for
// a reload.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/async.hpp"
#include "base/bell.hpp"
#include "cloud/client.hpp"
#include "config/settings.hpp"

namespace memorypro::webhook {

// What the cloud is told, and by whom: another one has to be registered again.
struct registered_as {
    std::string url;
    std::string secret;
    std::string api_key;
    std::string api_secret;
    bool operator==(const registered_as&) const = default;
};

// nullopt: something is missing.
std::optional<registered_as> wanted_registration(const config::settings&);

// Body of webhooks/register.
std::string registration_body(const registered_as&);

class registration {
public:
    using jitter_source = std::function<double()>;  // 0 to 1

    // All outlive run().
    registration(const executor&, cloud::client&, const config::settings&, jitter_source);

    // Until stop(). The client is stopped first.
    awaitable<> run();
    void stop();

    // The receiver listens: before that the cloud is told nothing.
    void receives();

    // The settings were read again: the cloud is told again, changed or not.
    void reloaded();

    bool registered() const;  // as the settings are now

private:
    // How long nothing is to do, unless something rings.
    awaitable<std::chrono::milliseconds> step();
    std::chrono::milliseconds failed(const std::string& why,
                                     std::optional<std::chrono::seconds> retry_after);

    cloud::client& client_;
    const config::settings& settings_;
    jitter_source jitter_;
    bell news_;
    std::optional<registered_as> done_;
    bool receives_ = false;
    bool again_ = false;
    int failures_ = 0;  // in a row
    bool stopping_ = false;
};

}  // namespace memorypro::webhook
