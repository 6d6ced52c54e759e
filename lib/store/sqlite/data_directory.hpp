// The directory that holds a daemon's data: private, and used by one daemon at a time.
#pragma once

#include <stdexcept>
#include <string>

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
    ~data_directory();
    data_directory(const data_directory&) = delete;
    data_directory& operator=(const data_directory&) = delete;

    std::string database_path() const { return path_ + "/memories.db"; }

private:
    std::string path_;
    int lock_ = -1;
};

}  // namespace memorypro::store::sqlite
