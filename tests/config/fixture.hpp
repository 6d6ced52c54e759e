// Files in a directory of their own, and `load` from literals.
#pragma once

#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"

namespace memorypro::config {

class scratch {
public:
    scratch() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "memorypro-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
        root_ = pattern;
    }
    ~scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(root_, ignored);
    }
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;

    std::string path(const std::string& name) const { return (root_ / name).string(); }

    std::string write(const std::string& name, std::string_view text, mode_t mode = 0600) const {
        std::ofstream(path(name), std::ios::binary) << text;
        ::chmod(path(name).c_str(), mode);
        return path(name);
    }

private:
    std::filesystem::path root_;
};

// An environment in which nothing is missing, and a file that says nothing.
inline loaded load_from(values environment, values flags = {}, std::string file = "/dev/null") {
    environment.emplace("HOME", "/home/ada");
    return load({std::move(flags), std::move(environment), std::move(file)});
}

inline std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines)
        text += line + "\n";
    return text;
}

}  // namespace memorypro::config
