#include "recall/words.hpp"

#include <algorithm>
#include <utility>

namespace memorypro::recall {
namespace {

bool is_word_byte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// In UTF-8, first to last: no-break space and inverted marks, dashes, typographic quotes and the
// ellipsis, CJK stops and brackets, their fullwidth siblings.
constexpr std::pair<std::string_view, std::string_view> typographic[] = {
    {"\u00a0", "\u00a9"}, {"\u00ab", "\u00b1"}, {"\u00b4", "\u00b4"}, {"\u00b6", "\u00b8"},
    {"\u00bb", "\u00bb"}, {"\u00bf", "\u00bf"}, {"\u2000", "\u206f"}, {"\u3000", "\u3003"},
    {"\u3008", "\u3020"}, {"\uff01", "\uff0f"}, {"\uff1a", "\uff20"}, {"\uff3b", "\uff40"},
    {"\uff5b", "\uff65"},
};

// Bytes of the separator that the text opens with; 0: it opens with a word's byte.
std::size_t separator_length(std::string_view text) {
    const char c = lower(text.front());
    if (!is_word_byte(c)) return 1;
    if (static_cast<unsigned char>(c) < 0x80) return 0;
    for (const auto& [first, last] : typographic) {
        const auto character = text.substr(0, first.size());
        if (character >= first && character <= last) return first.size();
    }
    return 0;
}

}  // namespace

bool word_scanner::next(std::string& word) {
    word.clear();
    while (!rest_.empty()) {
        const auto separator = separator_length(rest_);
        if (separator == 0) word += lower(rest_.front());
        rest_.remove_prefix(std::min(rest_.size(), std::max<std::size_t>(separator, 1)));
        if (separator > 0 && !word.empty()) return true;
    }
    return !word.empty();
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    word_scanner scanner(text);
    for (std::string word; scanner.next(word);)
        words.push_back(word);
    return words;
}

}  // namespace memorypro::recall
