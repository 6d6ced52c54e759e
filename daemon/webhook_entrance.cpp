#include "webhook_entrance.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "base/log.hpp"
#include "cannot_listen.hpp"
#include "cloud/backoff.hpp"
#include "config/files.hpp"
#include "http/tls.hpp"

namespace memorypro::daemon {
namespace {

constexpr std::size_t largest_pem = std::size_t{1} << 22;
constexpr std::chrono::milliseconds idle{3'600'000};

std::string pem_in(const std::string& path) {
    auto file = config::read_small_file(path, largest_pem);
    if (!file) throw cannot_listen({errc::conflict, path + ' ' + file.error().detail});
    return std::move(file->text);
}

}  // namespace

http::tls_context webhook_tls(const config::settings& s) {
    if (s.webhook_tls_cert.empty()) return nullptr;
    auto made = http::server_tls(pem_in(s.webhook_tls_cert), pem_in(s.webhook_tls_key));
    if (!made)
        throw cannot_listen({errc::conflict, fmt::format("{}, {}: {}", s.webhook_tls_cert,
                                                         s.webhook_tls_key, made.error().detail)});
    return std::move(*made);
}

webhook_entrance::webhook_entrance(executor loop, webhook::receiver& r, webhook::registration& told,
                                   const config::settings& settings, http::limits limits,
                                   jitter_source jitter)
    : settings_(settings),
      receiver_(r),
      registration_(told),
      server_(loop, r.routes(), limits),
      jitter_(std::move(jitter)),
      news_(std::move(loop)) {}

bool webhook_entrance::should_listen() const {
    return settings_.enable_push && !settings_.webhook_secret.empty() && !receiver_.listening();
}

void webhook_entrance::inherit(http::listener from) {
    if (!should_listen())
        spdlog::warn(
            "the service manager's webhook socket waits: push is off, or "
            "MEMORYPRO_WEBHOOK_SECRET is not set");
    inherited_.push_back(std::move(from));
}

void webhook_entrance::listen() {
    if (!should_listen()) return;
    const auto tls = webhook_tls(settings_);
    if (inherited_.empty())
        listen_on(opened(http::listen_tcp(settings_.webhook_listen)), settings_.webhook_listen,
                  tls);
    for (auto& one : std::exchange(inherited_, {})) {
        const auto address = http::address_of(one);
        listen_on(std::move(one), address, tls);
    }
    receiver_.listens();
    registration_.receives();
}

void webhook_entrance::listen_on(http::listener on, const std::string& address,
                                 const http::tls_context& tls) {
    server_.listen(std::move(on), tls);
    spdlog::info("webhooks on {}://{}{}", tls ? "https" : "http", address,
                 webhook::path_of(settings_.webhook_url));
}

bool webhook_entrance::try_to_listen() try {
    listen();
    return true;
} catch (const std::exception& failure) {
    if (failures_ == 0) spdlog::error("webhooks cannot be received yet: {}", failure.what());
    return false;
}

awaitable<> webhook_entrance::run() {
    while (!stopping_) {
        const auto heard = news_.rings();
        failures_ = try_to_listen() ? 0 : failures_ + 1;
        co_await news_.wait(
            heard, failures_ == 0 ? idle : cloud::next_delay(failures_, std::nullopt, jitter_()));
    }
}

void webhook_entrance::reloaded() {
    renew_certificate();
    failures_ = 0;
    news_.ring();
}

void webhook_entrance::renew_certificate() try {
    if (!receiver_.listening()) return;
    if (const auto tls = webhook_tls(settings_)) server_.replace_tls(tls);
} catch (const std::exception& failure) {
    spdlog::error("the webhook receiver keeps its former certificate: {}", failure.what());
}

void webhook_entrance::stop() {
    stopping_ = true;
    news_.ring();
    server_.stop();
}

awaitable<> webhook_entrance::drained(std::chrono::milliseconds patience) {
    return server_.drained(patience);
}

}  // namespace memorypro::daemon
