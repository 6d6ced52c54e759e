#include "recall/query.hpp"

#include <algorithm>
#include <array>

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

}  // namespace

std::vector<std::string> query_words(std::string_view query) {
    std::vector<std::string> all;
    std::string word;
    const auto end_word = [&] {
        if (!word.empty() && all.size() < most_words && std::ranges::find(all, word) == all.end())
            all.push_back(word);
        word.clear();
    };
    for (char c : query) {
        if (is_word_byte(lower(c))) {
            word += lower(c);
        } else {
            end_word();
        }
    }
    end_word();

    std::vector<std::string> telling;
    std::ranges::copy_if(all, std::back_inserter(telling), [](const std::string& w) {
        return !std::ranges::binary_search(function_words, std::string_view(w));
    });
    return telling.empty() ? all : telling;
}

}  // namespace memorypro::recall
