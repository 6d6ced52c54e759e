// What is asked of the memories, as the writer does it: with their outbox rows and what the cloud
// has of them.
//
// For jobs of the writer, within their savepoint.
#pragma once

#include "store/sqlite/write_side.hpp"
#include "store/store.hpp"

namespace memorypro::store::sqlite {

accepted accept(write_side&, connection&, new_memory, const std::optional<outbound>&);
accepted upsert(write_side&, connection&, new_memory, const std::optional<outbound>&);
imported import_one(write_side&, connection&, new_memory, const std::optional<outbound>&);
result<memory> amend(write_side&, connection&, const std::string& id, const memory_patch&);
result<cloud_copy> remove(write_side&, connection&, const std::string& id, unknown_ids);

// ---- What the cloud has ----

void record_synced(write_side&, connection&, const std::string& local_id,
                   const std::string& cloud_id, const std::optional<renewal>&);
void keep_copy(write_side&, connection&, new_memory, const std::string& cloud_id);
// Of a memory that was archived under the cloud's id, which no copy said until now.
memory archive_copy(write_side&, connection&, const memory&, archive_mark);
bool trim_copies(write_side&, connection&, std::uint64_t most_bytes);  // true: there are more

error no_such_memory();

}  // namespace memorypro::store::sqlite
