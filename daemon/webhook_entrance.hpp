// Where webhooks come in: the receiver's server, its socket and its certificate.
//
// Runs on the event loop.
#pragma once

#include <functional>
#include <vector>

#include "base/async.hpp"
#include "base/bell.hpp"
#include "config/settings.hpp"
#include "http/listener.hpp"
#include "http/server.hpp"
#include "webhook/receiver.hpp"
#include "webhook/registration.hpp"

namespace memorypro::daemon {

// What it shows under TLS; null: it speaks plain HTTP. Reads the files of certificate and key.
// Throws cannot_listen when they cannot be used.
http::tls_context webhook_tls(const config::settings&);

class webhook_entrance {
public:
    using jitter_source = std::function<double()>;  // 0 to 1

    // The receiver and the registration are told once it listens. All outlive the loop's run().
    webhook_entrance(executor, webhook::receiver&, webhook::registration&, const config::settings&,
                     http::limits, jitter_source);

    // A service manager's listener, in place of MEMORYPRO_WEBHOOK_LISTEN. Whoever connects before
    // push is enabled and a secret is set waits.
    void inherit(http::listener);

    // Where push is enabled and a secret is set. Throws cannot_listen and what a system call's
    // failure throws.
    void listen();

    // Until stop(): listens once a reload has brought a secret, and tries until that succeeds.
    awaitable<> run();

    // The settings were read again. The certificate is, too: one that was renewed is shown to
    // whoever connects from now on; of one that cannot be used the former stays.
    void reloaded();

    void stop();  // accepts no more, and ends the rest
    awaitable<> drained(std::chrono::milliseconds patience);

private:
    bool should_listen() const;
    bool try_to_listen();
    void listen_on(http::listener, const std::string& address, const http::tls_context&);
    void renew_certificate();

    const config::settings& settings_;
    webhook::receiver& receiver_;
    webhook::registration& registration_;
    http::server server_;
    std::vector<http::listener> inherited_;
    jitter_source jitter_;
    bell news_;
    int failures_ = 0;  // in a row
    bool stopping_ = false;
};

}  // namespace memorypro::daemon
