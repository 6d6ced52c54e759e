#include "store/sqlite/data_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace memorypro::store::sqlite {
namespace {

[[noreturn]] void fail(int code, const std::string& what) {
    throw std::system_error(code, std::generic_category(), what);
}

}  // namespace

data_directory::data_directory(std::string path) : path_(std::move(path)) {
    namespace fs = std::filesystem;
    if (!fs::is_directory(path_)) {
        fs::create_directories(path_);
        fs::permissions(path_, fs::perms::owner_all);
    }
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
