// The synced memories that were edited here: the cloud finds them by what they said before, so a
// recall looks for them here too.
#pragma once

#include "store/sqlite/connection.hpp"
#include "store/sqlite/tally.hpp"
#include "store/store.hpp"

namespace memorypro::store::sqlite {

std::int64_t count_edited(connection&);

// For a query over `memories AS m`: it is not in the cloud, or not as it is here.
inline constexpr std::string_view unsynced_condition =
    "(m.sync_state <> 1 OR m.seq IN (SELECT seq FROM edited))";

// In the caller's transaction, after a synced memory has changed: nothing where it is found by the
// same words and filters as before.
void note_edit(connection&, tally&, const memory& before, const memory& after);
// It is gone, queued, or what the cloud has.
void forget_edit(connection&, tally&, std::int64_t seq);

}  // namespace memorypro::store::sqlite
