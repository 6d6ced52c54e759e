#include "cli/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/descriptor.hpp"
#include "cli/failure.hpp"

namespace memorypro::cli {

namespace {

constexpr std::size_t piece_size = 64 * 1024;

bool is_or_becomes_regular(const std::string& path) {
    struct stat found{};
    return ::stat(path.c_str(), &found) != 0 || S_ISREG(found.st_mode);
}

}  // namespace

input_file::input_file(const std::string& path)
    : path_(path),
      descriptor_(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)),
      buffer_(piece_size) {
    if (descriptor_ < 0)
        throw failure(exit_code::usage,
                      fmt::format("cannot open {}: {}", path, std::strerror(errno)));
}

input_file::~input_file() {
    if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
}

std::string_view input_file::read() {
    ssize_t got = 0;
    do
        got = ::read(descriptor_, buffer_.data(), buffer_.size());
    while (got < 0 && errno == EINTR);
    if (got < 0)
        throw failure(exit_code::usage,
                      fmt::format("cannot read {}: {}", path_, std::strerror(errno)));
    return {buffer_.data(), static_cast<std::size_t>(got)};
}

std::optional<std::uint64_t> input_file::size() const {
    struct stat found{};
    if (::fstat(descriptor_, &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
    return static_cast<std::uint64_t>(found.st_size);
}

output_file::output_file(const std::string& path) : path_(path) {
    if (path == "-") {
        descriptor_ = STDOUT_FILENO;
        return;
    }
    const bool whole = is_or_becomes_regular(path);
    if (whole) temporary_ = path + ".part";
    const auto& opened = whole ? temporary_ : path_;
    // A file of its own: an earlier one may be a link, or open to others.
    if (whole) ::unlink(opened.c_str());
    const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (whole ? O_EXCL : O_TRUNC);
    descriptor_ = ::open(opened.c_str(), flags, 0600);
    if (descriptor_ < 0)
        throw failure(exit_code::usage,
                      fmt::format("cannot write {}: {}", opened, std::strerror(errno)));
}

output_file::~output_file() {
    if (descriptor_ != STDOUT_FILENO && descriptor_ >= 0) ::close(descriptor_);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void output_file::write(std::string_view piece) {
    while (!piece.empty()) {
        const auto written = ::write(descriptor_, piece.data(), piece.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail();
        piece.remove_prefix(static_cast<std::size_t>(written));
    }
}

void output_file::commit(const std::function<void(const std::string& written)>& check) {
    if (temporary_.empty()) return;
    if (::fsync(descriptor_) != 0) fail();
    if (check) check(temporary_);
    if (std::rename(temporary_.c_str(), path_.c_str()) != 0) fail();
    temporary_.clear();
    sync_directory();
}

// So that the name outlives a power loss; where a file system cannot, or the directory may not be
// read, that is all there is to do.
void output_file::sync_directory() const {
    const auto folder = std::filesystem::path(path_).parent_path();
    const descriptor opened(
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.is_open() && ::fsync(opened.get()) != 0 && errno != EINVAL) fail();
}

void output_file::fail() const {
    throw failure(exit_code::internal,
                  fmt::format("cannot write {}: {}", path_, std::strerror(errno)));
}

}  // namespace memorypro::cli
