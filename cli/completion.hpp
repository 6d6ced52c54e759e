// What may come next on the command line, derived from the command line's own definition.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace memorypro::cli {

struct candidate {
    std::string word;
    std::string meaning;
};

struct candidates {
    bool files = false;  // a file name may stand here
    std::vector<candidate> words;
};

// `words`: the command line from the program's name on; the last is being typed, and may be empty.
candidates complete(const CLI::App& program, const std::vector<std::string>& words);

}  // namespace memorypro::cli
