// Whether a file is a database of ours that can be put in the place of one, and what it holds.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace memorypro::store::sqlite {

// The text says what is wrong, without the file's name.
class no_backup : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct backup_facts {
    std::int64_t schema = 0;  // newest_schema() or older: a start brings it up
    std::int64_t memories = 0;
    std::int64_t queued = 0;  // of the outbox, dead letters included
    bool index_emptied = false;
};

// Reads all of it, and its indexes against its tables (PRAGMA integrity_check). Throws no_backup.
// A text index that is damaged is emptied in the file, on the disk: the daemon that opens it builds
// it again. SQLite sees such damage from 3.44 on.
backup_facts check_backup(const std::string& path);

}  // namespace memorypro::store::sqlite
