// Small files read whole, with what their permissions tell.
#pragma once

#include <string>

#include "base/result.hpp"

namespace memorypro::config {

struct file_text {
    std::string text;
    unsigned mode = 0;             // permission bits
    bool readable_by_all = false;  // a regular file that others may read
};

// not_found when there is none, else the detail says why: "cannot be read: Is a directory".
// Refuses more than `most` bytes. The detail never has the path, which may be a secret that was
// put under the wrong name.
result<file_text> read_small_file(const std::string& path, std::size_t most);

}  // namespace memorypro::config
