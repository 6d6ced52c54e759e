#include "insight_side.hpp"

#include <utility>

#include "base/log.hpp"
#include "base/spawn.hpp"
#include "cannot_listen.hpp"
#include "config/files.hpp"
#include "http/tls.hpp"
#include "jitter.hpp"

namespace memorypro::daemon {
namespace {

constexpr std::size_t largest_pem = std::size_t{1} << 22;

std::string pem_in(const std::string& path) {
    auto file = config::read_small_file(path, largest_pem);
    if (!file) throw cannot_listen({errc::conflict, path + ' ' + file.error().detail});
    return std::move(file->text);
}

template <class T>
T opened(result<T> made) {
    if (!made) throw cannot_listen(made.error());
    return std::move(*made);
}

http::tls_context tls_of(const config::settings& s) {
    if (s.webhook_tls_cert.empty()) return nullptr;
    return opened(http::server_tls(pem_in(s.webhook_tls_cert), pem_in(s.webhook_tls_key)));
}

}  // namespace

insight_side::insight_side(executor loop, store::store& s, cloud::client& cloud,
                           events::hub& events, metrics& m, const clock& time,
                           const config::settings& settings, http::limits of_webhooks)
    : executor_(std::move(loop)),
      settings_(settings),
      processor_(executor_, s, events, settings),
      poller_(executor_, cloud, processor_, time, settings),
      receiver_(s, processor_, m, time, settings),
      registration_(executor_, cloud, settings, uniform_jitter()),
      server_(executor_, receiver_.routes(), of_webhooks),
      ended_(executor_) {}

bool insight_side::should_listen() const {
    return settings_.enable_push && !settings_.webhook_secret.empty() && !receiver_.listening();
}

void insight_side::listen() {
    if (!should_listen()) return;
    auto tls = tls_of(settings_);
    const std::string_view scheme = tls ? "https" : "http";
    server_.listen(opened(http::listen_tcp(settings_.webhook_listen)), std::move(tls));
    receiver_.listens();
    spdlog::info("webhooks on {}://{}{}", scheme, settings_.webhook_listen,
                 webhook::path_of(settings_.webhook_url));
}

void insight_side::start() {
    spawn(executor_, "the processor of insights", run(processor_.run()));
    spawn(executor_, "the poller", run(poller_.run()));
    spawn(executor_, "the webhook's registration", run(registration_.run()));
}

awaitable<> insight_side::run(awaitable<> part) {
    ++running_;
    co_await std::move(part);
    --running_;
    ended_.ring();
}

void insight_side::reloaded(const config::settings& before) {
    try {
        listen();
    } catch (const std::exception& failure) {
        spdlog::error("webhooks cannot be received: {}", failure.what());
    }
    receiver_.reloaded();
    registration_.reloaded();
    poller_.reloaded(before);
}

void insight_side::stop() {
    server_.stop();
    poller_.stop();
    registration_.stop();
}

// The processor ends last: what a delivery in flight brings it is left to the next start.
awaitable<> insight_side::stopped(std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    co_await server_.drained(patience);
    processor_.stop();
    while (running_ > 0) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) {
            spdlog::warn("what the cloud found out is still being processed");
            co_return;
        }
        co_await ended_.wait(ended_.rings(), left);
    }
}

}  // namespace memorypro::daemon
