// Whole files. What fails throws std::system_error with the path in its text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace memorypro::emulator {

std::string read_file(const std::string& path);
std::optional<std::string> read_if_there(const std::string& path);

// Appears whole, or not at all.
void write_file(const std::string& path, std::string_view text);

// A directory that is removed with all that is in it.
class temporary_directory {
public:
    temporary_directory();
    ~temporary_directory();
    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace memorypro::emulator
