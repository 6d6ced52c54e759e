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
    const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) fail(errno, path);
    const int failed = ::fsync(fd);
    const int code = errno;
    ::close(fd);
    if (failed != 0) fail(code, path);
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
    lock_ = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock_ < 0) fail(errno, lock_path);
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
        const int code = errno;
        ::close(lock_);
        if (code == EWOULDBLOCK) throw directory_in_use(path_ + " is used by another memoryprod");
        fail(code, lock_path);
    }
}

data_directory::~data_directory() {
    ::close(lock_);
}

}  // namespace memorypro::store::sqlite
