#include "sync/decide.hpp"

#include <algorithm>

#include "cloud/backoff.hpp"

namespace memorypro::sync {
namespace {

std::chrono::milliseconds delay_of(const store::outbox_entry& entry, const cloud::judgement& why,
                                   const circumstances& at) {
    if (!at.held_back_for) return cloud::next_delay(entry.attempts + 1, why.retry_after, at.jitter);
    return std::max<std::chrono::milliseconds>(*at.held_back_for,
                                               why.retry_after.value_or(std::chrono::seconds(0)));
}

}  // namespace

decision decide(const store::outbox_entry& entry, const cloud::reply<cloud::written>& reply,
                const circumstances& at) {
    store::settlement settle{.id = entry.id, .revision = entry.revision};
    if (reply) {
        settle.cloud_id = reply->memory_id;
        return {std::move(settle), true};
    }
    const cloud::judgement& why = reply.error();
    if (!why.attempted || why.what == cloud::verdict::paused) return {};
    settle.error = why.detail;
    if (why.what == cloud::verdict::refused) {
        settle.what = store::settlement::kind::refused;
        return {std::move(settle), true};
    }
    if (at.stopping) return {};
    settle.what = store::settlement::kind::retry;
    settle.next_attempt_at = at.now + delay_of(entry, why, at);
    return {std::move(settle), false};
}

store::after_sync copy_after_sync(const config::settings& s) {
    if (config::mode_of(s) != config::mode::cloud_first) return store::after_sync::keep_memory;
    return s.cache_max_bytes == 0 ? store::after_sync::drop_copy : store::after_sync::keep_copy;
}

}  // namespace memorypro::sync
