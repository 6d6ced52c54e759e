#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <string>

#include "cloud/backoff.hpp"
#include "cloud/verdict.hpp"

namespace memorypro::cloud {
namespace {

using namespace std::chrono;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

seconds bounded(seconds wait) {
    return std::clamp(wait, seconds(0), longest_retry_after);
}

std::optional<seconds> delta_seconds(std::string_view text) {
    const bool past = text.starts_with('-');
    const auto digits = text.substr(past ? 1 : 0);
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    if (past) return seconds(0);
    std::int64_t count = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
    return failure == std::errc() ? bounded(seconds(count)) : longest_retry_after;
}

struct date_fields {
    std::array<char, 4> month{};
    int day = 0;
    int year = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int length = -1;  // of the text, once all of it was read

    bool read(int fields, const std::string& text) const {
        return fields == 6 && length == static_cast<int>(text.size());
    }
};

// Of a year's last two digits: not more than 50 years ahead (RFC 9110, 5.6.7).
int full_year(int two_digits, timestamp now) {
    const int this_year = static_cast<int>(year_month_day(floor<days>(now)).year());
    const int in_this_century = this_year / 100 * 100 + two_digits;
    return in_this_century > this_year + 50 ? in_this_century - 100 : in_this_century;
}

// The three forms of RFC 9110, 5.6.7. sscanf, as none of them depends on the locale.
std::optional<date_fields> date_fields_of(const std::string& text, timestamp now) {
    date_fields imf;  // Sun, 06 Nov 1994 08:49:37 GMT
    if (imf.read(std::sscanf(text.c_str(), "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n",
                             &imf.day, imf.month.data(), &imf.year, &imf.hour, &imf.minute,
                             &imf.second, &imf.length),
                 text))
        return imf;
    date_fields rfc850;  // Sunday, 06-Nov-94 08:49:37 GMT
    if (rfc850.read(std::sscanf(text.c_str(), "%*9[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT%n",
                                &rfc850.day, rfc850.month.data(), &rfc850.year, &rfc850.hour,
                                &rfc850.minute, &rfc850.second, &rfc850.length),
                    text)) {
        rfc850.year = full_year(rfc850.year, now);
        return rfc850;
    }
    date_fields asctime;  // Sun Nov  6 08:49:37 1994
    if (asctime.read(std::sscanf(text.c_str(), "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n",
                                 asctime.month.data(), &asctime.day, &asctime.hour, &asctime.minute,
                                 &asctime.second, &asctime.year, &asctime.length),
                     text))
        return asctime;
    return std::nullopt;
}

std::optional<month> month_named(std::string_view name) {
    static constexpr auto names = std::to_array<std::string_view>(
        {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return month(static_cast<unsigned>(found - names.begin()) + 1);
}

std::optional<timestamp> http_date(const std::string& text, timestamp now) {
    const auto fields = date_fields_of(text, now);
    const auto named = fields ? month_named(fields->month.data()) : std::nullopt;
    if (!named || fields->day < 1) return std::nullopt;
    const year_month_day date{year(fields->year), *named, day(static_cast<unsigned>(fields->day))};
    const auto within = [](int value, int most) { return value >= 0 && value <= most; };
    if (!date.ok() || !within(fields->hour, 23) || !within(fields->minute, 59) ||
        !within(fields->second, 60))
        return std::nullopt;
    return sys_days(date) + hours(fields->hour) + minutes(fields->minute) + seconds(fields->second);
}

}  // namespace

std::optional<seconds> parse_retry_after(std::string_view text, timestamp now) {
    text = trimmed(text);
    if (const auto wait = delta_seconds(text)) return wait;
    const auto at = http_date(std::string(text), now);
    if (!at) return std::nullopt;
    return bounded(ceil<seconds>(*at - now));
}

}  // namespace memorypro::cloud
