#include "emulator/files.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/descriptor.hpp"

namespace memorypro::emulator {
namespace {

[[noreturn]] void fail(const std::string& path) {
    throw std::system_error(errno, std::generic_category(), path);
}

descriptor opened(const std::string& path, int flags) {
    return descriptor(::open(path.c_str(), flags | O_CLOEXEC, 0600));
}

}  // namespace

std::optional<std::string> read_if_there(const std::string& path) {
    const auto file = opened(path, O_RDONLY);
    if (file.get() < 0 && errno == ENOENT) return std::nullopt;
    if (file.get() < 0) fail(path);
    std::string text;
    char piece[16 * 1024];
    while (true) {
        const auto count = ::read(file.get(), piece, sizeof piece);
        if (count < 0) fail(path);
        if (count == 0) return text;
        text.append(piece, static_cast<std::size_t>(count));
    }
}

std::string read_file(const std::string& path) {
    auto text = read_if_there(path);
    if (!text) throw std::system_error(ENOENT, std::generic_category(), path);
    return std::move(*text);
}

void write_file(const std::string& path, std::string_view text) {
    const std::string unfinished = path + ".new";
    {
        const auto file = opened(unfinished, O_WRONLY | O_CREAT | O_TRUNC);
        if (file.get() < 0) fail(unfinished);
        while (!text.empty()) {
            const auto count = ::write(file.get(), text.data(), text.size());
            if (count < 0) fail(unfinished);
            text.remove_prefix(static_cast<std::size_t>(count));
        }
    }
    if (::rename(unfinished.c_str(), path.c_str()) != 0) fail(path);
}

temporary_directory::temporary_directory()
    : path_(std::filesystem::temp_directory_path() / "memorypro-emulator-XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) fail(path_);
}

temporary_directory::~temporary_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace memorypro::emulator
