#include "webhook/registration.hpp"

#include <utility>

#include "base/json.hpp"
#include "base/log.hpp"
#include "cloud/backoff.hpp"

namespace memorypro::webhook {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds idle{3'600'000};

}  // namespace

std::optional<registered_as> wanted_registration(const config::settings& s) {
    const bool complete = s.enable_push && !s.webhook_url.empty() && !s.webhook_secret.empty() &&
                          config::mode_of(s) != config::mode::local;
    if (!complete) return std::nullopt;
    return registered_as{s.webhook_url, s.webhook_secret, s.api_key, s.api_secret};
}

std::string registration_body(const registered_as& wanted) {
    return to_json(json::object{
        {"webhook_url", wanted.url},
        {"webhook_secret", wanted.secret},
        {"events", {"memory_insights", "lifecycle_recommendations", "evolution_updates"}}});
}

registration::registration(const executor& loop, cloud::client& c, const config::settings& settings,
                           jitter_source jitter)
    : client_(c), settings_(settings), jitter_(std::move(jitter)), news_(loop) {}

awaitable<> registration::run() {
    while (!stopping_) {
        const auto heard = news_.rings();
        const auto pause = co_await step();
        if (!stopping_) co_await news_.wait(heard, pause);
    }
}

void registration::stop() {
    stopping_ = true;
    news_.ring();
}

void registration::receives() {
    receives_ = true;
    news_.ring();
}

void registration::reloaded() {
    again_ = true;
    failures_ = 0;
    news_.ring();
}

bool registration::registered() const {
    return done_.has_value() && done_ == wanted_registration(settings_);
}

awaitable<milliseconds> registration::step() try {
    const auto wanted = wanted_registration(settings_);
    if (!wanted || !receives_ || (done_ == wanted && !again_)) co_return idle;
    again_ = false;
    const auto got = co_await client_.register_webhook(registration_body(*wanted));
    if (got) {
        if (done_ != wanted) spdlog::info("the cloud sends its webhooks to {}", wanted->url);
        done_ = wanted;
        failures_ = 0;
        co_return milliseconds(0);  // a reload may have come meanwhile
    }
    co_return failed(got.error().detail, got.error().retry_after);
} catch (const std::exception& failure) {
    co_return failed(failure.what(), std::nullopt);
}

milliseconds registration::failed(const std::string& why,
                                  std::optional<std::chrono::seconds> retry_after) {
    again_ = true;
    if (++failures_ == 1 && !stopping_)
        spdlog::warn("the webhook is not registered with the cloud yet: {}", why);
    return cloud::next_delay(failures_, retry_after, jitter_());
}

}  // namespace memorypro::webhook
