// Which memories the cloud has, under its ids and ours, and which of them are deleted here.
#pragma once

#include <optional>
#include <string>

#include "store/sqlite/connection.hpp"
#include "store/store.hpp"

namespace memorypro::store::sqlite {

inline constexpr int never_sent = -1;

struct cloud_identity {
    std::int64_t number = 0;
    std::optional<std::string> cloud_id;
    std::optional<std::string> local_id;
    int revision = never_sent;  // the last that the cloud may have had under the local id
    bool deleted = false;
    archive_mark archived;  // here, where no copy says so
};

std::optional<cloud_identity> find_by_local_id(connection&, const std::string&);
// A cloud that told no id may know the memory by ours.
std::optional<cloud_identity> find_by_cloud_id(connection&, const std::string&);
std::optional<cloud_identity> find_by_either_id(connection&, const std::string&);  // ours first

// The memory whose id it is, here or in the cloud, when it is here.
std::optional<memory> find_by_any_id(connection&, const std::string& id);

known_memory find_known_memory(connection&, const std::string& cloud_id);

// ---- In the caller's transaction ----

// The cloud has the memory, as far as it told under `cloud_id`. What it had of it under another id
// is out of date: that is a tombstone from now on. Gives the mark that the memory has under one of
// its ids, and that a copy that is here should have.
archive_mark record_cloud_id(connection&, const std::string& local_id,
                             const std::optional<std::string>& cloud_id, int revision);

// The cloud may have the memory.
void record_sent(connection&, const std::string& local_id, int revision);

// The memory was deleted here; a second deletion finds nothing.
void record_deleted(connection&, const std::string& local_id, int revision);

// A memory that is only in the cloud is deleted here. One that had an id here stays as it is.
void record_tombstone(connection&, const std::string& cloud_id);

// What is known is deleted here.
void delete_identity(connection&, const cloud_identity&);

// A memory without a copy is archived, whichever id this is; with unknown_ids::are_the_clouds also
// one that nothing here knows. One that is archived already keeps its mark.
void record_archived(connection&, const std::string& id, unknown_ids, archive_mark);
// A copy is there, and says so itself from now on.
void forget_archived(connection&, const cloud_identity&);
// Takes a recommendation's mark from all that have it.
void forget_marks(connection&, archive_mark);

}  // namespace memorypro::store::sqlite
