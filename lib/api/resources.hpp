// What the handlers of the local API work with.
#pragma once

#include <chrono>
#include <string>

#include "base/async.hpp"
#include "base/bell.hpp"
#include "base/json.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "cloud/client.hpp"
#include "config/settings.hpp"
#include "events/hub.hpp"
#include "http/exchange.hpp"
#include "insights/poller.hpp"
#include "insights/processor.hpp"
#include "memory/service.hpp"
#include "store/store.hpp"
#include "webhook/receiver.hpp"
#include "webhook/registration.hpp"

namespace memorypro::api {

// All outlive the server; `settings` may change at a reload.
struct resources {
    memory::service& memories;
    store::store& store;
    cloud::client& cloud;
    events::hub& events;
    insights::processor& insights;
    const insights::poller& poller;
    const webhook::receiver& receiver;
    const webhook::registration& registration;
    bell& outbox_news;  // rung when something was queued or is due
    memorypro::metrics& metrics;
    const memorypro::clock& clock;
    const config::settings& settings;
    std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
    int imports = 0;         // at work
    int action_keepers = 0;  // likewise
    // When the store's writer last answered; see store_is_alive.
    std::chrono::steady_clock::time_point store_answered = std::chrono::steady_clock::now();
};

// It is asked every few seconds; an answer older than this means that it is stuck.
inline constexpr std::chrono::seconds store_check_every{5};
inline constexpr std::chrono::seconds store_silence_allowed{20};
bool store_is_alive(const resources&);

bool has_cloud(const resources&);  // in the mode of the settings now

using answer = result<http::reply>;

http::reply json_reply(unsigned status, std::string body);
json::value time_or_null(std::optional<timestamp>);
json::value text_or_null(const std::string&);  // empty: null

}  // namespace memorypro::api
