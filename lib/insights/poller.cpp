#include "insights/poller.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/log.hpp"
#include "insights/reading.hpp"

namespace memorypro::insights {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds longest_pause{60'000};

}  // namespace

poller::poller(const executor& loop, cloud::client& c, processor& p, const clock& time,
               const config::settings& settings)
    : client_(c), processor_(p), clock_(time), settings_(settings), news_(loop) {}

awaitable<> poller::run() {
    while (!stopping_) {
        const auto heard = news_.rings();
        const auto pause = enabled() ? until_due() : longest_pause;
        if (pause.count() > 0)
            co_await news_.wait(heard, std::min(pause, longest_pause));
        else
            co_await poll();
    }
}

void poller::stop() {
    stopping_ = true;
    news_.ring();
}

void poller::reloaded(const config::settings& before) {
    const bool other_account =
        before.api_key != settings_.api_key || before.api_secret != settings_.api_secret;
    const auto features = [](const config::settings& s) {
        return std::tuple(s.lifecycle, s.evolution, s.ai_analysis);
    };
    if (other_account) schedule_.start_again();
    // Under other features the same document may do more.
    if (other_account || features(before) != features(settings_)) {
        ++generation_;
        etag_.clear();
    }
    news_.ring();
}

awaitable<> poller::poll() try {
    const auto generation = generation_;
    auto got = co_await client_.insights(etag_);
    if (stopping_ || generation != generation_) co_return;
    if (!got) {
        failed(got.error().detail, got.error().retry_after);
        co_return;
    }
    if (!got->not_modified) {
        auto document = parse_object(got->body, deepest_document);
        if (!document) {
            failed(document.error().detail, std::nullopt);
            co_return;
        }
        const auto done =
            co_await processor_.apply(std::move(*document), store::insight_source::poll);
        if (!done) {
            failed(done.error().detail, std::nullopt);
            co_return;
        }
        if (done->fresh > 0) spdlog::info("a poll brought {} new insights", done->fresh);
    }
    if (generation != generation_) co_return;
    if (!got->not_modified || !got->etag.empty()) etag_ = std::move(got->etag);
    last_success_ = clock_.now();
    schedule_.succeeded(steady_clock::now());
    if (std::exchange(failing_, false)) spdlog::info("polling for insights works again");
} catch (const std::exception& failure) {
    failed(failure.what(), std::nullopt);
}

// Once in a row: the cloud's own state is logged by its client.
void poller::failed(const std::string& why, std::optional<std::chrono::seconds> retry_after) {
    if (!std::exchange(failing_, true)) spdlog::warn("polling for insights failed: {}", why);
    schedule_.failed(steady_clock::now(), retry_after);
}

bool poller::enabled() const {
    return settings_.enable_polling && config::mode_of(settings_) != config::mode::local;
}

milliseconds poller::until_due() const {
    const auto due = schedule_.due(settings_.poll_interval);
    if (!due) return milliseconds(0);
    return time_left(*due);
}

poll_status poller::status() const {
    if (!enabled()) return {.enabled = false, .last_success = last_success_, .next = {}};
    return {.enabled = true, .last_success = last_success_, .next = clock_.now() + until_due()};
}

}  // namespace memorypro::insights
