// A text's words, one after the other.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace memorypro::recall {

// Letters of any script and digits make up words; ASCII is lowered. Punctuation separates them.
class word_scanner {
public:
    explicit word_scanner(std::string_view text) : rest_(text) {}

    bool next(std::string& word);  // false: no more

private:
    std::string_view rest_;
};

std::vector<std::string> words_of(std::string_view text);

}  // namespace memorypro::recall
