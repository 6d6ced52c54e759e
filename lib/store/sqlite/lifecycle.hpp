// What lifecycle recommendations do to memories, whichever of their ids they name.
//
// For jobs of the writer, within their savepoint. Done twice it is as done once.
#pragma once

#include <string>
#include <vector>

#include "store/sqlite/write_side.hpp"
#include "store/store.hpp"

namespace memorypro::store::sqlite {

// Hides a memory from recall, also one that is only in the cloud. One that is hidden already keeps
// its mark.
void archive(write_side&, connection&, const std::string& id, unknown_ids, archive_mark);

// Shows again what the recommendation has hidden, and nobody has hidden again or shown since. A
// copy that was there to be recalled while the cloud is away stays for good, as one that a person
// has archived and shown again.
void show_archived(write_side&, connection&, std::int64_t recommendation);

// A memory's priority is at least high. One that is only in the cloud stays as it is: the cloud
// cannot be told.
void prioritize(write_side&, connection&, const std::string& id);

// Why nothing can come of a recommendation, as a phrase; empty: it can be carried out.
std::string why_it_does_nothing(lifecycle_action, const std::vector<std::string>& ids);

// All that a recommendation asks for.
void carry_out(write_side&, connection&, std::int64_t recommendation, lifecycle_action,
               const std::vector<std::string>& ids, unknown_ids);

}  // namespace memorypro::store::sqlite
