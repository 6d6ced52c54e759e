// Texts that the cloud may have under an id that it never told: the answer to an attempt was lost,
// and the memory has gone, or is another, since. A memory that the cloud shows is told to be one by
// what it says, whose it is, and when it happened to the microsecond. Where that time is not the
// one at which it was stored the caller gave it, and another memory may say the same: such a text
// is none.
//
// A stray stays: nobody can tell that the attempt did not arrive.
#pragma once

#include "store/sqlite/connection.hpp"
#include "store/sqlite/tally.hpp"
#include "store/store.hpp"

namespace memorypro::store::sqlite {

std::int64_t count_strays(connection&);
bool is_stray(connection&, const memory& shown_by_the_cloud);

// In the caller's transaction.
void add_stray(connection&, tally&, const memory& as_it_was_sent);
// The cloud has it for good, and has told no id all the same.
void forget_stray(connection&, tally&, const memory&);

}  // namespace memorypro::store::sqlite
