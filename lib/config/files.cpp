#include "config/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace memorypro::config {
namespace {

struct descriptor {
    explicit descriptor(int opened) : value(opened) {}
    ~descriptor() {
        if (value >= 0) ::close(value);
    }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;

    const int value;
};

error unreadable(int reason) {
    return {reason == ENOENT || reason == ENOTDIR ? errc::not_found : errc::unavailable,
            "cannot be read: " + std::generic_category().message(reason)};
}

}  // namespace

result<file_text> read_small_file(const std::string& path, std::size_t most) {
    const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (file.value < 0) return unreadable(errno);
    struct stat about{};
    if (::fstat(file.value, &about) != 0) return unreadable(errno);

    file_text read;
    read.mode = about.st_mode & 07777u;
    read.readable_by_all = S_ISREG(about.st_mode) && (about.st_mode & S_IROTH) != 0;
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t count = ::read(file.value, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return unreadable(errno);
        if (count == 0) return read;
        read.text.append(buffer.data(), static_cast<std::size_t>(count));
        if (read.text.size() > most)
            return error{errc::too_large, fmt::format("is larger than {} KiB", most / 1024)};
    }
}

}  // namespace memorypro::config
