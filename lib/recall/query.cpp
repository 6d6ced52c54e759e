#include "recall/query.hpp"

#include <algorithm>
#include <array>

#include "recall/words.hpp"

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

}  // namespace

std::vector<std::string> query_words(std::string_view query) {
    std::vector<std::string> telling;
    std::vector<std::string> functional;
    word_scanner scanner(query);
    for (std::string word; scanner.next(word);) {
        auto& kind = std::ranges::binary_search(function_words, std::string_view(word)) ? functional
                                                                                        : telling;
        if (kind.size() < most_words && std::ranges::find(kind, word) == kind.end())
            kind.push_back(word);
    }
    return telling.empty() ? functional : telling;
}

}  // namespace memorypro::recall
