// Carries webhooks to their receiver, signed, again where that fails; stops at once when told.
//
// Used on the event loop.
#pragma once

#include <chrono>
#include <list>
#include <string>

#include "base/async.hpp"
#include "base/bell.hpp"
#include "cloud/transport.hpp"
#include "emulator/webhooks.hpp"

namespace memorypro::emulator {

struct delivered {
    int attempts = 0;
    ::memorypro::cloud::outcome last = ::memorypro::cloud::no_answer{};

    bool accepted() const;  // answered with 2xx
};

class courier {
public:
    // `ca_file`: authorities to trust; empty: the system's.
    courier(executor, std::string ca_file);
    courier(const courier&) = delete;
    courier& operator=(const courier&) = delete;

    // Tries until it is accepted, `attempts` times at most, half a second after the first failure
    // and twice as long after each next.
    awaitable<delivered> deliver(webhook to, std::string body, int attempts);

    // Until the time is over or stop() is called.
    awaitable<> pause(std::chrono::milliseconds);

    void stop();
    bool stopped() const { return stopped_; }

private:
    awaitable<::memorypro::cloud::outcome> try_once(const webhook& to, std::string body);

    executor executor_;
    std::string ca_file_;
    bell stopping_;
    std::list<::memorypro::cloud::transport*> busy_;
    bool stopped_ = false;
};

}  // namespace memorypro::emulator
