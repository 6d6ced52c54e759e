#include "recall/query.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace memorypro::recall {
namespace {

constexpr std::size_t most_words = 64;

// English function words and the tails that contractions leave ("don't": "don", "t"). Sorted.
constexpr auto function_words = std::to_array<std::string_view>(
    {"a",    "about", "am",    "an",   "and",   "any",   "are",   "as",     "at",    "be",
     "been", "but",   "by",    "can",  "could", "d",     "did",   "do",     "does",  "for",
     "from", "had",   "has",   "have", "he",    "her",   "him",   "his",    "how",   "i",
     "if",   "in",    "into",  "is",   "it",    "its",   "ll",    "m",      "me",    "my",
     "of",   "on",    "or",    "our",  "re",    "s",     "she",   "should", "so",    "t",
     "that", "the",   "their", "them", "then",  "there", "these", "they",   "this",  "those",
     "to",   "us",    "ve",    "was",  "we",    "were",  "what",  "when",   "where", "which",
     "who",  "whom",  "whose", "why",  "will",  "with",  "would", "you",    "your"});
static_assert(std::ranges::is_sorted(function_words));

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
    if (!is_word_byte(lower(text.front()))) return 1;
    for (const auto& [first, last] : typographic) {
        const auto character = text.substr(0, first.size());
        if (character >= first && character <= last) return first.size();
    }
    return 0;
}

}  // namespace

std::vector<std::string> query_words(std::string_view query) {
    std::vector<std::string> telling;
    std::vector<std::string> functional;
    std::string word;
    const auto end_word = [&] {
        auto& kind = std::ranges::binary_search(function_words, std::string_view(word)) ? functional
                                                                                        : telling;
        if (!word.empty() && kind.size() < most_words &&
            std::ranges::find(kind, word) == kind.end())
            kind.push_back(word);
        word.clear();
    };
    while (!query.empty()) {
        const auto separator = separator_length(query);
        if (separator > 0) {
            end_word();
        } else {
            word += lower(query.front());
        }
        query.remove_prefix(std::max<std::size_t>(separator, 1));
    }
    end_word();
    return telling.empty() ? functional : telling;
}

}  // namespace memorypro::recall
