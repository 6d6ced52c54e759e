#include "recall/dates.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

namespace memorypro::recall {
namespace {

using namespace std::chrono;

constexpr double nearness_half_life_days = 7;
// Each is looked at for each memory that may answer; who asks names one or two.
constexpr std::size_t most_periods = 16;
constexpr year any_year{2000};  // a leap year, in place of the one that is not named

constexpr auto month_names =
    std::to_array<std::string_view>({"january", "february", "march", "april", "may", "june", "july",
                                     "august", "september", "october", "november", "december"});
constexpr auto number_names = std::to_array<std::string_view>(
    {"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"});
// Before the name of a month or a number they say that it is one ("may I", "2000 euros").
constexpr auto before_a_time = std::to_array<std::string_view>(
    {"after", "autumn", "before", "by", "during", "early", "fall", "in", "last", "late", "mid",
     "next", "of", "since", "spring", "summer", "this", "until", "winter"});
static_assert(std::ranges::is_sorted(before_a_time));

std::optional<int> number(std::string_view word) {
    int value = 0;
    const auto end = word.data() + word.size();
    const auto read = std::from_chars(word.data(), end, value);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return value;
}

std::optional<int> number_of(std::string_view word) {
    const auto name = std::ranges::find(number_names, word);
    if (name == number_names.end()) return number(word);
    return static_cast<int>(name - number_names.begin()) + 1;
}

// The words of a question by their place; an empty one beyond its ends.
class reading {
public:
    explicit reading(const std::vector<std::string>& words) : words_(words) {}

    std::size_t size() const { return words_.size(); }
    std::string_view at(std::size_t place) const {
        return place < words_.size() ? std::string_view(words_[place]) : std::string_view();
    }

    // "september", "sept", "sep"; but "mar", "may" and the like only in full.
    std::optional<month> month_at(std::size_t place) const {
        const auto word = at(place);
        if (word.size() < 3) return std::nullopt;
        for (std::size_t i = 0; i < month_names.size(); ++i)
            if (month_names[i] == word ||
                (month_names[i].starts_with(word) && word != "mar" && word.size() <= 4))
                return month(static_cast<unsigned>(i + 1));
        return std::nullopt;
    }
    std::optional<day> day_at(std::size_t place) const {
        auto word = at(place);
        for (const std::string_view ending : {"st", "nd", "rd", "th"})
            if (word.size() > 2 && word.ends_with(ending)) {
                word.remove_suffix(2);
                break;
            }
        const auto value = number(word);
        if (word.size() > 2 || !value || *value < 1 || *value > 31) return std::nullopt;
        return day(static_cast<unsigned>(*value));
    }
    std::optional<year> year_at(std::size_t place) const {
        const auto value = number(at(place));
        if (at(place).size() != 4 || !value || *value < 1900 || *value > 2099) return std::nullopt;
        return year(*value);
    }
    bool after_a_preposition(std::size_t place) const {
        return place > 0 && std::ranges::binary_search(before_a_time, at(place - 1));
    }

private:
    const std::vector<std::string>& words_;
};

// From the vaguest to the most exact.
enum class exactness { any_month, year, any_day, month, day };

struct finding {
    exactness how;
    period when;
};

void add_day(std::vector<finding>& found, std::optional<year> y, month m, day d) {
    const year_month_day date(y.value_or(any_year), m, d);
    if (!date.ok()) return;
    const sys_days first(date);
    found.push_back({y ? exactness::day : exactness::any_day, {first, first + days(1), !y}});
}

void add_month(std::vector<finding>& found, std::optional<year> y, month m) {
    const year_month_day_last all(y.value_or(any_year), month_day_last(m));
    found.push_back({y ? exactness::month : exactness::any_month,
                     {sys_days(all.year() / m / 1), sys_days(all) + days(1), !y}});
}

void find_month(const reading& words, std::size_t i, month m, std::vector<finding>& found) {
    const std::size_t before = i >= 2 && words.at(i - 1) == "of" ? i - 2 : i - 1;
    const auto d_before = i > 0 ? words.day_at(before) : std::nullopt;
    const auto d_after = words.day_at(i + 1);
    const auto y = words.year_at(d_after && !d_before ? i + 2 : i + 1);
    if (d_before || d_after)
        add_day(found, y, m, d_before ? *d_before : *d_after);
    else if (y || words.after_a_preposition(i))
        add_month(found, y, m);
}

void find_year(const reading& words, std::size_t i, year y, std::vector<finding>& found) {
    const auto m = number(words.at(i + 1));
    const auto d = words.day_at(i + 2);
    if (m && d && *m >= 1 && *m <= 12)
        add_day(found, y, month(static_cast<unsigned>(*m)), *d);
    else if (words.after_a_preposition(i))
        found.push_back(
            {exactness::year, {sys_days(y / January / 1), sys_days((y + years(1)) / January / 1)}});
}

period month_of(sys_days date, int months_back) {
    const year_month_day today(date);
    const auto first = today.year() / today.month() / 1;
    return {sys_days(first - months(months_back)), sys_days(first - months(months_back - 1))};
}

period year_of(sys_days date, int years_back) {
    const auto y = year_month_day(date).year() - years(years_back);
    return {sys_days(y / January / 1), sys_days((y + years(1)) / January / 1)};
}

// `back`: how many of the unit ago; the week begins on Monday.
std::optional<period> span_of(std::string_view unit, sys_days today, int back) {
    if (unit.ends_with('s')) unit.remove_suffix(1);
    const auto monday = today - (weekday(today) - Monday) - days(7 * back);
    if (unit == "day") return period{today - days(back), today - days(back - 1)};
    if (unit == "week") return period{monday, monday + days(7)};
    if (unit == "weekend") return period{monday + days(5), monday + days(7)};
    if (unit == "month") return month_of(today, back);
    if (unit == "year") return year_of(today, back);
    return std::nullopt;
}

std::optional<period> told_from_now(const reading& words, std::size_t i, sys_days today) {
    const auto word = words.at(i);
    if (word == "today" || word == "tonight") return span_of("day", today, 0);
    if (word == "yesterday") return span_of("day", today, 1);
    if (word == "this") return span_of(words.at(i + 1), today, 0);
    if (word == "last" || word == "past") return span_of(words.at(i + 1), today, 1);
    if (words.at(i + 2) != "ago") return std::nullopt;
    const auto count = word == "a" ? 1 : number_of(word);
    if (!count || *count > 1000) return std::nullopt;
    return span_of(words.at(i + 1), today, *count);
}

// A day of any_year, in that year; 29 February becomes 1 March where there is none.
sys_days in_year(sys_days date, year y) {
    const year_month_day named(date);
    return sys_days((named.year() + (y - any_year)) / named.month() / 1) +
           (days(static_cast<unsigned>(named.day())) - days(1));
}

void add_once(std::vector<period>& to, const period& one) {
    if (to.size() < most_periods && std::ranges::find(to, one) == to.end()) to.push_back(one);
}

double days_between(const period& when, timestamp time) {
    if (when.yearly) {
        const auto y = year_month_day(floor<days>(time)).year();
        double least = std::numeric_limits<double>::max();
        for (const auto& near : {y - years(1), y, y + years(1)})
            least = std::min(
                least, days_between({in_year(when.from, near), in_year(when.until, near)}, time));
        return least;
    }
    const auto away = std::max({when.from - time, time - when.until, microseconds(0)});
    return duration<double, days::period>(away).count();
}

}  // namespace

std::vector<period> periods_in(const std::vector<std::string>& words, timestamp now) {
    const reading question(words);
    std::vector<finding> found;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (const auto m = question.month_at(i))
            find_month(question, i, *m, found);
        else if (const auto y = question.year_at(i))
            find_year(question, i, *y, found);
    }
    std::vector<period> periods;
    if (!found.empty()) {
        const auto best = std::ranges::max(found, {}, &finding::how).how;
        for (const auto& one : found)
            if (one.how == best) add_once(periods, one.when);
        return periods;
    }
    for (std::size_t i = 0; i < words.size(); ++i)
        if (const auto when = told_from_now(question, i, floor<days>(now)))
            add_once(periods, *when);
    return periods;
}

double nearness(const std::vector<period>& periods, timestamp time) {
    double nearest = 0;
    for (const auto& one : periods)
        nearest = std::max(nearest, std::exp2(-days_between(one, time) / nearness_half_life_days));
    return nearest;
}

}  // namespace memorypro::recall
