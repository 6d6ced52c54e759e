#include "cloud_side.hpp"

#include <utility>

#include "base/log.hpp"
#include "base/spawn.hpp"
#include "cloud/proxy.hpp"
#include "config/url.hpp"
#include "jitter.hpp"

namespace memorypro::daemon {
namespace {

constexpr std::size_t connections_for_clients = 24;  // beside those that drain the outbox

// In local mode an environment that is meant for others must not keep us from starting.
std::optional<cloud::proxy> proxy_of(const config::url_parts& server, const config::settings& s) {
    auto found = cloud::proxy_for(server, config::environment());
    if (found) return std::move(*found);
    if (config::mode_of(s) != config::mode::local) throw cannot_call_cloud(found.error());
    spdlog::warn("no proxy is used for the cloud: {}", found.error().detail);
    return std::nullopt;
}

cloud::https_options network_options(const config::settings& s) {
    auto server = config::parse_url(s.api_url).value();
    auto proxy = proxy_of(server, s);
    return {
        .connect = {.server = std::move(server), .ca_file = s.ca_file, .proxy = std::move(proxy)},
        .connections = cloud_connections(s)};
}

}  // namespace

std::size_t cloud_connections(const config::settings& s) {
    return static_cast<std::size_t>(s.sync_concurrency) + connections_for_clients;
}

cloud_side::cloud_side(executor loop, store::store& s, events::hub& events, metrics& m,
                       const clock& time, const config::settings& settings) try
    : executor_(std::move(loop)),
      settings_(settings),
      news_(executor_),
      transport_(executor_, network_options(settings)),
      client_(executor_, transport_, events, news_, time, settings, uniform_jitter()),
      worker_(executor_, s, client_, events, m, news_, time, settings, uniform_jitter()) {
} catch (const failed&) {
    throw;
} catch (const std::runtime_error& unusable) {
    throw cannot_call_cloud({errc::conflict, unusable.what()});
}

void cloud_side::start() {
    working_ = true;
    spawn(executor_, "the outbox's worker", run_worker());
}

awaitable<> cloud_side::run_worker() {
    while (!co_await worker_ended()) {
        timer pause(executor_, std::chrono::seconds(1));
        co_await pause.async_wait(no_throw);
    }
    working_ = false;
    news_.ring();
}

// False: something broke, and the queue must go on all the same.
awaitable<bool> cloud_side::worker_ended() try {
    co_await worker_.run();
    co_return true;
} catch (const std::exception& failure) {
    spdlog::error("the outbox's worker: {}", failure.what());
    co_return false;
}

void cloud_side::reloaded(const config::settings& before) {
    const bool other_account =
        before.api_key != settings_.api_key || before.api_secret != settings_.api_secret;
    if (other_account || before.timeout != settings_.timeout) client_.try_now();
    worker_.reloaded();
}

void cloud_side::stop() {
    client_.stop();
    worker_.stop();
}

awaitable<> cloud_side::stopped(std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (working_) {
        const auto left = time_left(deadline);
        if (left.count() == 0) {
            spdlog::warn("what is being sent to the cloud did not end");
            co_return;
        }
        co_await news_.wait(news_.rings(), left);
    }
}

}  // namespace memorypro::daemon
