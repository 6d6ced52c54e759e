#include "memory/cloud_first.hpp"

#include "base/log.hpp"
#include "base/sha256.hpp"
#include "cloud/wire.hpp"
#include "memory/route.hpp"

namespace memorypro::memory {
namespace {

using store::accepted;
using store::sync_state;

// A failure here does not undo what the cloud may have done.
result<accepted> told_of(const cloud::judgement& call, result<accepted> answer) {
    if (answer || !call.unknown_outcome) return answer;
    auto failure = answer.error();
    failure.detail += "; the cloud may have stored it all the same";
    return failure;
}

std::string cloud_key_of(const store::idempotency& given) {
    return sha256_hex(given.key + '\n' + given.body_digest);
}

}  // namespace

cloud_first::cloud_first(store::store& s, cloud::client& c, const config::settings& settings)
    : store_(s), cloud_(c), settings_(settings), copies_(s, settings) {}

awaitable<result<accepted>> cloud_first::store(store::new_memory given,
                                               std::optional<store::idempotency> key) {
    if (!key) {
        auto id = given.id;
        co_return co_await send(std::move(given), std::nullopt, std::move(id));
    }
    const auto turn = co_await keys_.take(key->key);
    auto begun = co_await store_.begin_answer(*key, given.created_at);
    if (!begun && begun.error().code == errc::conflict) co_return begun.error();
    if (begun && begun->answer) co_return *begun->answer;
    // Under the cloud's key of an earlier attempt goes what that one sent, its time included.
    if (begun) given.created_at = begun->at;
    auto cloud_key = cloud_key_of(*key);
    co_return co_await send(std::move(given), std::move(key), std::move(cloud_key));
}

awaitable<result<accepted>> cloud_first::send(store::new_memory given,
                                              std::optional<store::idempotency> key,
                                              std::string cloud_key) {
    cloud::reply<cloud::written> reply = held_back(cloud_.health());
    if (worth_waiting(cloud_.health(), settings_.local_fallback))
        reply = co_await cloud_.store(cloud::store_body(given.what, given.created_at), cloud_key,
                                      cloud::patience::retries);
    if (reply) {
        accepted answer{.id = reply->memory_id.value(), .sync_state = sync_state::synced};
        if (key) co_await remember(std::move(*key), answer);
        // A stray may say the same, of the same time: this one is known by its id.
        if (given.what.time && store_.has_strays()) co_await map(answer.id, answer.id, {});
        given.id = answer.id;  // the one that the caller knows
        copies_.keep(co_await asio::this_coro::executor, std::move(given), answer.id);
        co_return answer;
    }
    if (remedy_of_store(reply.error().what, settings_.local_fallback) != remedy::fall_back)
        co_return failure(reply.error());
    co_return told_of(reply.error(),
                      co_await store_.accept_memory(
                          std::move(given), std::move(key),
                          fallback(reply.error(), store::cloud_call::store, cloud_key)));
}

awaitable<result<accepted>> cloud_first::sync(store::new_memory given, std::string key) {
    const auto here = co_await store_.find_memory(given.id);
    if (!here && here.error().code != errc::not_found) co_return here.error();
    // What the cloud does not have yet must not fall behind this, and goes in its order.
    if (here && here->sync_state != sync_state::synced)
        co_return co_await store_.upsert_memory(std::move(given),
                                                store::outbound{.call = store::cloud_call::sync});
    if (here && !given.what.time) given.what.time = here->what.time;  // as it is kept
    cloud::reply<cloud::written> reply = held_back(cloud_.health());
    if (worth_waiting(cloud_.health(), settings_.local_fallback))
        reply = co_await cloud_.sync(cloud::sync_body(given.what, given.created_at, given.id), key,
                                     cloud::patience::retries);
    if (reply) {
        accepted answer{.id = given.id, .sync_state = sync_state::synced};
        const auto cloud_id = reply->memory_id.value_or(given.id);
        std::optional<store::renewal> newer;
        if (here) newer = store::renewal{given.what, here->revision};
        co_await map(given.id, cloud_id, std::move(newer));
        const auto loop = co_await asio::this_coro::executor;
        if (here) copies_.trim(loop);  // it may have become a copy
        copies_.keep(loop, std::move(given), cloud_id);
        co_return answer;
    }
    if (remedy_of_store(reply.error().what, settings_.local_fallback) != remedy::fall_back)
        co_return failure(reply.error());
    co_return told_of(
        reply.error(),
        co_await store_.upsert_memory(
            std::move(given), fallback(reply.error(), store::cloud_call::sync, std::move(key))));
}

// A reload may have taken the cloud away meanwhile: then nothing is queued but what it may have.
std::optional<store::outbound> cloud_first::fallback(const cloud::judgement& why,
                                                     store::cloud_call call,
                                                     std::string cloud_key) const {
    if (config::mode_of(settings_) == config::mode::local && !why.unknown_outcome)
        return std::nullopt;
    return store::outbound{.call = call, .idempotency_key = std::move(cloud_key)};
}

error cloud_first::failure(const cloud::judgement& why) const {
    if (why.what == cloud::verdict::refused) return refused_by_cloud(why);
    return cloud_is_away(why, cloud_.callable_at(), std::chrono::steady_clock::now());
}

// The cloud has the memory: what is not remembered of that here makes no failure of it. A repeat
// goes to the cloud again under the same key.
awaitable<> cloud_first::remember(store::idempotency key, accepted answer) try {
    const auto done = co_await store_.remember_answer(std::move(key), std::move(answer));
    if (!done)
        spdlog::warn("the answer to an Idempotency-Key was not kept: {}", done.error().detail);
} catch (const std::exception& failure) {
    spdlog::error("the answer to an Idempotency-Key was not kept: {}", failure.what());
}

// Without its mapping a recall shows the memory under the cloud's id.
awaitable<> cloud_first::map(std::string local_id, std::string cloud_id,
                             std::optional<store::renewal> newer) try {
    const auto done =
        co_await store_.record_synced(std::move(local_id), std::move(cloud_id), std::move(newer));
    if (!done) spdlog::warn("the cloud's id of a memory was not kept: {}", done.error().detail);
} catch (const std::exception& failure) {
    spdlog::error("the cloud's id of a memory was not kept: {}", failure.what());
}

}  // namespace memorypro::memory
