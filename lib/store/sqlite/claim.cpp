#include "store/sqlite/claim.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "store/sqlite/lanes.hpp"
#include "store/sqlite/outbox.hpp"

namespace memorypro::store::sqlite {
namespace {

constexpr std::size_t sorted_at_once = 1000;
constexpr std::int64_t most_lane_bytes = 1 << 20;

// The lane's first rows that are due. Empty: its first one is not, and the lane waits for it.
outbox_lane claim_lane(write_side& w, connection& db, std::int64_t scope,
                       const claim_limits& limits) {
    outbox_lane lane{.scope = scope, .entries = {}};
    std::int64_t bytes = 0;
    for (const auto id :
         first_in_lane(db, scope, std::max<std::size_t>(limits.entries_a_lane, 1))) {
        const auto row = find_outbox_row(db, id);
        if (!row) throw std::logic_error("a lane holds a row that the outbox does not");
        if (row->next_attempt_at && *row->next_attempt_at > w.now()) break;
        bytes += row->bytes;
        if (bytes > most_lane_bytes && !lane.entries.empty()) break;
        auto m = memory_of_row(db, *row);
        outbox_row sent = *row;
        sent.state = row_state::in_flight;
        if (!sent.sent_revision) sent.sent_revision = m.revision;
        update_outbox_row(db, w.counts(), *row, sent);
        lane.entries.push_back({.id = id,
                                .revision = m.revision,
                                .call = row->call,
                                .idempotency_key = idempotency_key(*row, m),
                                .attempts = row->attempts,
                                .memory = std::move(m)});
    }
    if (lane.entries.empty())
        schedule_lane(db, scope, w.now());
    else
        lease_lane(db, scope, lane.entries.back().id, w.now() + limits.lease);
    return lane;
}

}  // namespace

claim claim_lanes(write_side& w, connection& db, const claim_limits& limits) {
    // The clock was set back: nothing waits for the time that it was.
    if (w.now() < w.counts().last_claim) hasten_lanes(db, w.now());
    w.counts().last_claim = w.now();
    w.counts().sorted_id = sort_into_lanes(db, w.counts().sorted_id, sorted_at_once, w.now());
    claim answer;
    std::size_t entries = 0;
    std::size_t bytes = 0;
    for (auto ready = ready_scopes(db, w.now(), limits.lanes);
         !ready.empty() && answer.taken.lanes.empty();
         ready = ready_scopes(db, w.now(), limits.lanes)) {
        for (const auto& next : ready) {
            if (next.claimed) give_back_lane(w, db, next.scope);
            auto lane = claim_lane(w, db, next.scope, limits);
            if (lane.entries.empty()) continue;
            entries += lane.entries.size();
            for (const auto& entry : lane.entries)
                bytes += static_cast<std::size_t>(sent_bytes(entry.memory.what));
            answer.taken.lanes.push_back(std::move(lane));
            if (entries >= limits.most_entries || bytes >= limits.most_bytes) break;
        }
    }
    if (!answer.taken.lanes.empty()) return answer;
    answer.taken.next_due = first_ready(db);
    answer.complete = !has_unsorted(db, w.counts().sorted_id);
    return answer;
}

void give_back_lane(write_side& w, connection& db, std::int64_t scope) {
    for (const auto id : claimed_in_lane(db, scope)) {
        const auto row = find_outbox_row(db, id);
        if (!row) throw std::logic_error("a lane holds a row that the outbox does not");
        if (row->state == row_state::withdrawn) take_out(w, db, *row);
        if (row->state != row_state::in_flight) continue;
        outbox_row free = *row;
        free.state = row_state::pending;
        return_to_lane(w, db, *row, free, memory_of_row(db, *row));
    }
    free_lane(db, scope, w.now());
}

// On a full disk they run out by themselves.
void reclaim_leases(write_side& w) try {
    w.in_own_transaction([&w](connection& db) {
        for (const auto scope : claimed_scopes(db))
            give_back_lane(w, db, scope);
    });
} catch (const sqlite_error& failure) {
    if (!failure.no_space() && !failure.busy()) throw;
    spdlog::warn("what was being sent waits for the end of its lease: {}", failure.what());
}

}  // namespace memorypro::store::sqlite
