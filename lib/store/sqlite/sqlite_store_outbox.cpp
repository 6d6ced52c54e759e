// The store's outbox: one job a call, or a few, so that stores get their turn in between.
#include "store/sqlite/claim.hpp"
#include "store/sqlite/lanes.hpp"
#include "store/sqlite/outbox.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace memorypro::store::sqlite {

awaitable<claimed_outbox> sqlite_store::claim_outbox(claim_limits limits) {
    for (;;) {
        auto work = [this, limits](connection& db) { return claim_lanes(write_side_, db, limits); };
        auto answer = co_await change(effect::derives, std::move(work));
        if (answer.complete) co_return std::move(answer.taken);
    }
}

awaitable<settled> sqlite_store::settle_outbox(std::int64_t scope, std::vector<settlement> given,
                                               after_sync policy, bool release) {
    auto work = [this, scope, given = std::move(given), policy, release](connection& db) {
        settled answer;
        answer.memory_ids.reserve(given.size());
        for (const auto& next : given)
            answer.memory_ids.push_back(settle(write_side_, db, next, policy));
        if (release) give_back_lane(write_side_, db, scope);
        return answer;
    };
    return change(effect::derives, std::move(work));
}

awaitable<outbox_page> sqlite_store::list_outbox(std::optional<outbox_state> wanted,
                                                 std::optional<std::int64_t> after,
                                                 std::size_t limit) {
    auto work = [wanted, after, limit](connection& db) {
        return list_outbox_items(db, wanted, after, limit);
    };
    return reader_.submit(effect::reads, std::move(work));
}

awaitable<result<outbox_item>> sqlite_store::find_outbox(std::int64_t id) {
    auto work = [id](connection& db) -> result<outbox_item> {
        if (auto found = find_outbox_item(db, id)) return std::move(*found);
        return no_such_item();
    };
    return reader_.submit(effect::reads, std::move(work));
}

awaitable<result<outbox_item>> sqlite_store::retry_outbox(std::int64_t id) {
    auto work = [this, id](connection& db) { return retry(write_side_, db, id); };
    return change(effect::commits, std::move(work));
}

awaitable<result<void>> sqlite_store::remove_outbox(std::int64_t id) {
    auto work = [this, id](connection& db) { return withdraw(write_side_, db, id); };
    return change(effect::commits, std::move(work));
}

awaitable<> sqlite_store::hasten_outbox() {
    auto work = [this](connection& db) {
        hasten_lanes(db, write_side_.now());
        return true;
    };
    co_await change(effect::derives, std::move(work));
}

awaitable<result<queued_locals>> sqlite_store::queue_locals(cloud_call call, std::size_t limit) {
    queued_locals answer;
    for (bool complete = limit == 0; !complete;) {
        auto work = [this, call, left = limit - static_cast<std::size_t>(answer.queued)](
                        connection& db) -> result<locals_progress> {
            return queue_some_locals(write_side_, db, call, left);
        };
        const auto done = co_await change(effect::commits, std::move(work));
        if (!done && answer.queued == 0) co_return done.error();
        if (!done) break;
        answer.queued += done->queued;
        complete = done->complete || static_cast<std::size_t>(answer.queued) == limit;
    }
    answer.remaining = co_await writer_.submit(
        effect::reads, [this](connection& db) { return write_side_.count_locals(db); });
    co_return answer;
}

awaitable<outbox_totals> sqlite_store::count_outbox() {
    auto work = [this](connection& db) {
        auto& t = write_side_.counts();
        return outbox_totals{.pending = t.pending,
                             .in_flight = t.in_flight,
                             .dead = t.dead,
                             .bytes = t.queued_bytes,
                             .oldest = oldest_waiting(db, t)};
    };
    return writer_.submit(effect::reads, std::move(work));
}

}  // namespace memorypro::store::sqlite
