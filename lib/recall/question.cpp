#include "recall/question.hpp"

#include <algorithm>
#include <array>

#include "recall/inflections.hpp"
#include "recall/query.hpp"
#include "recall/words.hpp"

namespace memorypro::recall {
namespace {

constexpr auto time_units = std::to_array<std::string_view>(
    {"date", "day", "month", "season", "time", "week", "weekday", "year"});
static_assert(std::ranges::is_sorted(time_units));

// "When …", "Since when …", "How long …", "For how long …", "What year …", "In which month …".
bool asks_for_time(const std::vector<std::string>& words) {
    const auto at = [&words](std::size_t place) {
        return place < words.size() ? std::string_view(words[place]) : std::string_view();
    };
    for (std::size_t i = 0; i < 2; ++i) {
        if (at(i) == "when" || (at(i) == "how" && at(i + 1) == "long")) return true;
        if ((at(i) == "what" || at(i) == "which") &&
            std::ranges::binary_search(time_units, at(i + 1)))
            return true;
    }
    return false;
}

}  // namespace

question read_question(std::string_view query, timestamp now) {
    const auto words = words_of(query);
    question asked{
        .terms = {}, .periods = periods_in(words, now), .asks_when = asks_for_time(words)};
    for (const auto& word : query_words(query)) {
        const bool known = std::ranges::any_of(asked.terms, [&word](const auto& term) {
            return std::ranges::find(term, word) != term.end();
        });
        if (!known) asked.terms.push_back(inflections(word));
    }
    return asked;
}

}  // namespace memorypro::recall
