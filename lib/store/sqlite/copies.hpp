// The synced memories that are here only to be recalled while the cloud is away, oldest first.
//
// One that is kept for good, or that somebody changed or archived here, is more than a copy: the
// cloud has no such change, so it is not among them, and stays until the same memory is synced
// anew.
#pragma once

#include <optional>

#include "store/sqlite/connection.hpp"
#include "store/sqlite/tally.hpp"

namespace memorypro::store::sqlite {

void add_copy(connection&, tally&, std::int64_t seq, std::int64_t bytes);
bool is_copy(connection&, std::int64_t seq);
void forget_copy(connection&, tally&, std::int64_t seq);
std::optional<std::int64_t> oldest_copy(connection&);  // its seq
std::int64_t copy_bytes(connection&, tally&);

}  // namespace memorypro::store::sqlite
