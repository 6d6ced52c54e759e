// The directory that holds a daemon's data: private, and used by one daemon at a time.
#pragma once

#include <stdexcept>
#include <string>

#include "base/descriptor.hpp"

namespace memorypro::store::sqlite {

class directory_in_use : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Creates the directory (mode 0700) and holds a lock in it; the system drops the lock with the
// process.
class data_directory {
public:
    // Throws directory_in_use, or std::system_error with the path in its text.
    explicit data_directory(std::string path);

    std::string database_path() const { return path_ + "/memories.db"; }

    // What may be there for a while; see online_backup and restore.
    std::string unfinished_backup_path() const { return path_ + "/unfinished-backup.db"; }
    std::string unfinished_restore_path() const { return path_ + "/unfinished-restore.db"; }
    std::string decided_restore_path() const { return path_ + "/memories.db.restored"; }

    // Its entries outlive a power loss.
    void sync() const;

    // A file that root makes in it must not be closed to the daemon. `name` is for the error.
    void give_to_owner(int file, const std::string& name) const;

private:
    std::string path_;
    descriptor lock_;
};

}  // namespace memorypro::store::sqlite
