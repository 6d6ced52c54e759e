// KEY=value files as systemd's EnvironmentFile= and a shell read them, as far as both agree.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace memorypro::config {

struct assignment {
    std::string name;
    std::string value;
    std::string place;  // "/etc/memorypro/memorypro.env:12"
};

struct env_file {
    std::vector<assignment> assignments;  // of MEMORYPRO_* only, in the file's order
    std::vector<std::string> problems;    // never quotes a line: it may hold a secret
};

// Blank lines and lines that begin with # or ; are comments, and so is what follows " #" outside
// of quotes. "export " may precede a name. Single quotes take everything literally; in double
// quotes a backslash escapes " \ $ and `; elsewhere it escapes any character. Nothing is expanded
// and no value spans lines. Assignments to other names are skipped unread.
env_file parse_env_file(std::string_view text, std::string_view path);

}  // namespace memorypro::config
