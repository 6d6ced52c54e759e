#include "cloud/client.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "base/json.hpp"
#include "cloud/backoff.hpp"
#include "config/url.hpp"

namespace memorypro::cloud {
namespace {

constexpr unsigned not_modified = 304;

std::string root_of(const std::string& api_url) {
    const auto url = config::parse_url(api_url);
    std::string root = url ? url->target : std::string();
    while (root.ends_with('/'))
        root.pop_back();
    return root += "/api/v1/";
}

std::optional<written> stored(answer got) {
    return parse_written(got.body, true);
}

std::optional<written> synced(answer got) {
    return parse_written(got.body, false);
}

std::optional<insights_document> document(answer got) {
    if (got.status == not_modified) return insights_document{{}, std::move(got.etag), true};
    if (!parse_object(got.body, deepest_document)) return std::nullopt;
    return insights_document{std::move(got.body), std::move(got.etag), false};
}

std::optional<std::string> anything(answer got) {
    return std::move(got.body);
}

circuit::caller caller_of(patience stays) {
    return stays == patience::once ? circuit::caller::background : circuit::caller::foreground;
}

bool ended_by(const outcome& came, no_answer::reason why) {
    const auto* failure = std::get_if<no_answer>(&came);
    return failure && failure->why == why;
}

// `etag`: what was asked with; without one a 304 promises nothing.
bool succeeded(const answer& got, std::string_view etag) {
    return (got.status >= 200 && got.status <= 299) ||
           (got.status == not_modified && !etag.empty());
}

template <class T>
reply<T> read(outcome& came, const std::function<std::optional<T>(answer)>& reads,
              std::string_view etag, timestamp now) {
    auto* got = std::get_if<answer>(&came);
    if (!got || !succeeded(*got, etag)) return judge(came, now);
    const auto status = got->status;
    if (auto value = reads(std::move(*got))) return std::move(*value);
    return not_promised({.status = status});
}

judgement held_back(std::string why) {
    return {.what = verdict::retry, .detail = std::move(why), .attempted = false};
}

void mask(std::string& text, std::string_view secret) {
    constexpr std::string_view masked = "***";
    if (secret.empty()) return;
    for (auto at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + masked.size()))
        text.replace(at, secret.size(), masked);
}

struct credentials {
    std::string key;
    std::string secret;
    bool operator==(const credentials&) const = default;
};

credentials credentials_in(const config::settings& settings) {
    return {settings.api_key, settings.api_secret};
}

}  // namespace

client::client(executor loop, transport& network, events::hub& events, bell& news,
               const clock& wall, const config::settings& settings, jitter_source jitter)
    : transport_(network),
      clock_(wall),
      settings_(settings),
      root_(root_of(settings.api_url)),
      jitter_(jitter),
      gate_(events, news, wall, std::move(jitter)),
      stopping_(std::move(loop)) {}

awaitable<reply<written>> client::store(std::string body, std::string key, patience stays) {
    return make<written>({"POST", "memory/store", std::move(body), std::move(key), stays}, stored);
}

awaitable<reply<written>> client::sync(std::string body, std::string key, patience stays) {
    return make<written>({"POST", "memory/sync", std::move(body), std::move(key), stays}, synced);
}

awaitable<reply<recalled>> client::recall(std::string body, std::size_t most) {
    call what{"POST", "memory/recall", std::move(body), "", patience::retries};
    what.sets_size = true;
    return make<recalled>(std::move(what),
                          [most](answer got) { return parse_recalled(got.body, most); });
}

awaitable<reply<insights_document>> client::insights(std::string etag) {
    call what{"GET", "memory/insights"};
    what.etag = std::move(etag);
    what.essential = false;
    return make<insights_document>(std::move(what), document);
}

awaitable<reply<std::string>> client::register_webhook(std::string body) {
    call what{"POST", "webhooks/register", std::move(body)};
    what.essential = false;
    return make<std::string>(std::move(what), anything);
}

bool client::callable() const {
    return !stopped_ && gate_.would_admit(circuit::caller::background);
}

std::optional<circuit::time_point> client::callable_at() const {
    return stopped_ ? std::nullopt : gate_.probe_at();
}

void client::try_now() {
    gate_.probe_now();
}

void client::stop() {
    stopped_ = true;
    transport_.stop();
    stopping_.ring();
}

template <class T>
awaitable<reply<T>> client::make(call what, reader<T> reads) {
    const deadline until = std::chrono::steady_clock::now() + settings_.timeout;
    bool attempted = false;
    bool unknown = false;
    for (int failures = 1;; ++failures) {
        auto got = co_await attempt(what, until, reads);
        if (got) co_return got;
        auto failure = got.error();
        attempted = failure.attempted = failure.attempted || attempted;
        unknown = failure.unknown_outcome = failure.unknown_outcome || unknown;
        const auto delay = next_delay(failures, failure.retry_after, jitter_());
        const auto may_try_again = [&] {
            return failure.what == verdict::retry && what.stays == patience::retries &&
                   failures <= settings_.max_retries && gate_.closed() && !stopped_;
        };
        if (!may_try_again() || std::chrono::steady_clock::now() + delay >= until)
            co_return failure;
        co_await stopping_.wait(stopping_.rings(), delay);
        if (!may_try_again()) co_return failure;
    }
}

template <class T>
awaitable<reply<T>> client::attempt(const call& what, deadline until, const reader<T>& reads) {
    if (stopped_) co_return held_back("the daemon is stopping");
    const auto pass = gate_.admit(caller_of(what.stays));
    if (!pass) co_return held_back("not tried: " + gate_.health().last_error);
    try {
        co_return co_await send(*pass, what, until, reads);
    } catch (...) {  // not for a guard's destructor: a frame may be destroyed after the client
        gate_.abandon(*pass);
        throw;
    }
}

template <class T>
awaitable<reply<T>> client::send(circuit::pass pass, const call& what, deadline until,
                                 const reader<T>& reads) {
    const auto used = credentials_in(settings_);
    auto came = co_await transport_.exchange(request_for(what), until);
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    const bool cancelled = cancellation.cancelled() != asio::cancellation_type::none;
    if (auto* got = std::get_if<answer>(&came); got && !succeeded(*got, what.etag))
        for (const auto& secret : {used.key, used.secret, settings_.webhook_secret})
            mask(got->body, secret);  // an error may quote what it was sent
    reply<T> got = read(came, reads, what.etag, clock_.now());
    if (got) {
        gate_.report(pass, {verdict::done}, false);
        co_return got;
    }
    auto failure = got.error();
    if (failure.too_large && what.sets_size) failure.what = verdict::refused;
    if (failure.what == verdict::paused && used != credentials_in(settings_)) {
        // A reload has replaced what was refused, which says nothing of the new.
        failure.what = verdict::retry;
        gate_.abandon(pass);
    } else if (cancelled || ended_by(came, no_answer::reason::stopped) ||
               ended_by(came, no_answer::reason::busy)) {
        gate_.abandon(pass);
    } else if (!what.essential && !concerns_every_call(came, failure)) {
        // A probe has to tell something, or the next one would follow at once.
        if (pass.is_probe())
            gate_.report(pass, as_of_the_cloud(came, failure), false);
        else
            gate_.abandon(pass);
    } else {
        gate_.report(pass, failure, ended_by(came, no_answer::reason::deadline));
    }
    co_return failure;
}

request client::request_for(const call& what) const {
    request made{what.method, root_ + std::string(what.path)};
    made.headers = {{"Authorization", "Bearer " + settings_.api_key},
                    {"X-API-Secret", settings_.api_secret},
                    {"Accept", "application/json"},
                    {"User-Agent", "memoryprod/" MEMORYPRO_VERSION}};
    if (!what.body.empty()) made.headers.emplace_back("Content-Type", "application/json");
    if (!what.etag.empty()) made.headers.emplace_back("If-None-Match", what.etag);
    if (!what.idempotency_key.empty())
        made.headers.emplace_back("Idempotency-Key", what.idempotency_key);
    made.body = what.body;
    return made;
}

}  // namespace memorypro::cloud
