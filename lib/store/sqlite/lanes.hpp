// The order in which the outbox goes out: a lane for each scope, and when each may go.
//
// Lanes follow behind the outbox: rows above sorted_id are in none yet. They hold no row that
// is dead or set aside. All run on the writer's thread, in the caller's transaction.
#pragma once

#include <optional>
#include <vector>

#include "store/memory.hpp"
#include "store/sqlite/connection.hpp"

namespace memorypro::store::sqlite {

// User, agent and session as one number. Two scopes that share one share a lane: they then go one
// after the other, which is slower and as right.
std::int64_t scope_of(const memory_content&);

// Puts up to `limit` rows after `sorted_id` into their lanes; returns the new sorted_id.
std::int64_t sort_into_lanes(connection&, std::int64_t sorted_id, std::size_t limit, timestamp now);
bool has_unsorted(connection&, std::int64_t sorted_id);

struct ready_scope {
    std::int64_t scope = 0;
    bool claimed = false;  // by somebody whose lease is over
};

// Those that waited longest first.
std::vector<ready_scope> ready_scopes(connection&, timestamp now, std::size_t limit);
std::optional<timestamp> first_ready(connection&);
std::vector<std::int64_t> claimed_scopes(connection&);

// The lane's first rows; the rows of a claim.
std::vector<std::int64_t> first_in_lane(connection&, std::int64_t scope, std::size_t limit);
std::vector<std::int64_t> claimed_in_lane(connection&, std::int64_t scope);

void enter_lane(connection&, std::int64_t scope, std::int64_t id, timestamp now);
void leave_lane(connection&, std::int64_t scope, std::int64_t id, timestamp now);

void lease_lane(connection&, std::int64_t scope, std::int64_t last_id, timestamp until);
void free_lane(connection&, std::int64_t scope, timestamp now);

// After a change to the lane's first row, unless it is claimed.
void schedule_lane(connection&, std::int64_t scope, timestamp now);

// Every free lane is ready, whatever its first row says.
void hasten_lanes(connection&, timestamp now);

}  // namespace memorypro::store::sqlite
