#include "store/sqlite/data_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace memorypro::store::sqlite {
namespace {

[[noreturn]] void fail(int code, const std::string& what) {
    throw std::system_error(code, std::generic_category(), what);
}

void sync_directory(const std::filesystem::path& path) {
    const descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.is_open() || ::fsync(directory.get()) != 0) fail(errno, path);
}

// A new directory outlives a power loss only when its entry in the one above is synced too. (SQLite
// syncs the directory that it makes files in.)
void create_durably(const std::filesystem::path& path) {
    if (std::filesystem::is_directory(path)) return;
    const auto above = path.parent_path();
    if (!above.empty()) create_durably(above);
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) fail(errno, path);
    sync_directory(above.empty() ? "." : above);
}

}  // namespace

data_directory::data_directory(std::string path) : path_(std::move(path)) {
    create_durably(path_);
    const std::string lock_path = path_ + "/lock";
    lock_ = descriptor(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock_.is_open()) fail(errno, lock_path);
    if (::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) throw directory_in_use(path_ + " is used by another memoryprod");
        fail(errno, lock_path);
    }
    give_to_owner(lock_.get(), lock_path);
}

void data_directory::sync() const {
    sync_directory(path_);
}

void data_directory::give_to_owner(int file, const std::string& name) const {
    if (::geteuid() != 0) return;
    struct stat ours{};
    if (::stat(path_.c_str(), &ours) != 0 || ::fchown(file, ours.st_uid, ours.st_gid) != 0)
        fail(errno, name);
}

}  // namespace memorypro::store::sqlite
