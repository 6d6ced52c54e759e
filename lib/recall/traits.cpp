#include "recall/traits.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "recall/words.hpp"

namespace memorypro::recall {
namespace {

constexpr std::size_t longest_label = 31;

constexpr std::string_view spaces = " \t\r\n";

// "may" and "second" are more often something else.
constexpr auto time_words = std::to_array<std::string_view>(
    {"ago",     "april",    "august",   "autumn",    "day",     "days",    "december",
     "fall",    "february", "friday",   "january",   "july",    "june",    "last",
     "march",   "monday",   "month",    "months",    "morning", "next",    "november",
     "october", "recently", "saturday", "september", "since",   "spring",  "summer",
     "sunday",  "thursday", "today",    "tomorrow",  "tonight", "tuesday", "wednesday",
     "week",    "weekend",  "weeks",    "winter",    "year",    "years",   "yesterday"});
static_assert(std::ranges::is_sorted(time_words));

bool is_year(std::string_view word) {
    return word.size() == 4 && (word.starts_with("19") || word.starts_with("20")) &&
           std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

// What stands before ": " on the first line, without a colon of its own.
std::string_view label_of(std::string_view content) {
    const auto colon = content.substr(0, longest_label + 1).find(':');
    if (colon == 0 || colon == std::string_view::npos) return {};
    if (content.substr(colon + 1, 1) != " ") return {};
    const auto label = content.substr(0, colon);
    return label.find('\n') == std::string_view::npos ? label : std::string_view();
}

std::string_view without_spaces_behind(std::string_view text) {
    return text.substr(0, text.find_last_not_of(spaces) + 1);
}

bool ends_as_question(std::string_view content) {
    auto text = without_spaces_behind(content);
    if (text.ends_with(']'))
        if (const auto open = text.rfind('['); open != std::string_view::npos)
            text = without_spaces_behind(text.substr(0, open));
    return text.ends_with('?');
}

std::uint64_t terms_in(std::string_view label, const question& asked) {
    std::uint64_t found = 0;
    word_scanner scanner(label);
    for (std::string word; scanner.next(word);)
        for (std::size_t i = 0; i < asked.terms.size(); ++i)
            if (std::ranges::find(asked.terms[i], word) != asked.terms[i].end())
                found |= std::uint64_t{1} << i;
    return found;
}

bool tells_time(std::string_view text) {
    word_scanner scanner(text);
    for (std::string word; scanner.next(word);)
        if (is_year(word) || std::ranges::binary_search(time_words, std::string_view(word)))
            return true;
    return false;
}

}  // namespace

traits traits_of(std::string_view content, const question& asked) {
    content = content.substr(0, most_looked_at);
    const auto label = label_of(content);
    return {.label_terms = terms_in(label, asked),
            .asks = ends_as_question(content),
            .tells_time = asked.asks_when && tells_time(content.substr(label.size()))};
}

}  // namespace memorypro::recall
