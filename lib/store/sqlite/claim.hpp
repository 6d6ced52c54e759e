// Lanes of the outbox go out and come back: claims, and what became of their rows.
//
// For jobs of the writer, within their savepoint.
#pragma once

#include <string>

#include "store/outbox.hpp"
#include "store/sqlite/write_side.hpp"

namespace memorypro::store::sqlite {

struct claim {
    claimed_outbox taken;
    bool complete = true;  // false: nothing was taken, but there are rows without a lane yet
};
claim claim_lanes(write_side&, connection&, const claim_limits&);

// The claim ends: what of it was not settled is pending again.
void give_back_lane(write_side&, connection&, std::int64_t scope);

// Of an earlier daemon, at the start.
void reclaim_leases(write_side&);

// What became of one entry. Returns the memory's local id; see store::settled.
std::string settle(write_side&, connection&, const settlement&, after_sync);

}  // namespace memorypro::store::sqlite
