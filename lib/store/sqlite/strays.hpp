// Texts that the cloud may have under an id that it never told: the answer to an attempt was lost,
// and the memory has gone, or says something else, since. A memory that the cloud shows is told to
// be one by what it says, when it happened and whose it is.
#pragma once

#include "store/sqlite/connection.hpp"
#include "store/sqlite/tally.hpp"
#include "store/store.hpp"

namespace memorypro::store::sqlite {

std::int64_t count_strays(connection&);
bool is_stray(connection&, const memory& shown_by_the_cloud);

// In the caller's transaction.
void add_stray(connection&, tally&, const memory& as_it_was_sent);
// It is wanted (again).
void forget_stray(connection&, tally&, const memory_content&, timestamp stored_at);

}  // namespace memorypro::store::sqlite
