#include "base/time.hpp"

#include <fmt/format.h>

namespace memorypro {
namespace {

using namespace std::chrono;

// Takes digits, separators and the zone off the front of a text.
class scanner {
public:
    explicit scanner(std::string_view text) : rest_(text) {}

    bool done() const { return rest_.empty(); }

    bool take(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }

    std::optional<int> digits(std::size_t count) {
        if (rest_.size() < count) return std::nullopt;
        int value = 0;
        for (char c : rest_.substr(0, count)) {
            if (c < '0' || c > '9') return std::nullopt;
            value = value * 10 + (c - '0');
        }
        rest_.remove_prefix(count);
        return value;
    }

    std::optional<microseconds> fraction() {
        int value = 0;
        std::size_t count = 0;
        for (; count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9'; ++count)
            if (count < 6) value = value * 10 + (rest_[count] - '0');
        if (count == 0) return std::nullopt;
        rest_.remove_prefix(count);
        for (; count < 6; ++count)
            value *= 10;
        return microseconds(value);
    }

    // How far the local time is ahead of UTC; no zone is UTC.
    std::optional<minutes> zone() {
        if (done() || take('Z') || take('z')) return minutes(0);
        const int sign = take('+') ? 1 : take('-') ? -1 : 0;
        const auto hour = digits(2);
        const auto minute = hour && done() ? std::optional(0) : (take(':'), digits(2));
        if (sign == 0 || !hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
        return minutes(sign * (*hour * 60 + *minute));
    }

private:
    std::string_view rest_;
};

}  // namespace

std::optional<timestamp> parse_time(std::string_view text) {
    scanner in(text);
    const auto year_ = in.digits(4);
    if (!year_ || !in.take('-')) return std::nullopt;
    const auto month_ = in.digits(2);
    if (!month_ || !in.take('-')) return std::nullopt;
    const auto day_ = in.digits(2);
    if (!day_) return std::nullopt;
    const year_month_day date{year(*year_), month(static_cast<unsigned>(*month_)),
                              day(static_cast<unsigned>(*day_))};
    if (!date.ok()) return std::nullopt;
    timestamp at = sys_days(date);
    if (in.done()) return at;

    if (!in.take('T') && !in.take('t') && !in.take(' ')) return std::nullopt;
    const auto hour = in.digits(2);
    if (!hour || *hour > 23 || !in.take(':')) return std::nullopt;
    const auto minute = in.digits(2);
    if (!minute || *minute > 59) return std::nullopt;
    at += hours(*hour) + minutes(*minute);
    if (in.take(':')) {
        const auto second = in.digits(2);
        if (!second || *second > 60) return std::nullopt;  // 60: a leap second
        at += seconds(*second);
        if (in.take('.')) {
            const auto fraction = in.fraction();
            if (!fraction) return std::nullopt;
            at += *fraction;
        }
    }
    const auto ahead = in.zone();
    if (!ahead || !in.done()) return std::nullopt;
    at -= *ahead;
    constexpr timestamp first = sys_days(year(0) / 1 / 1);
    constexpr timestamp end = sys_days(year(10000) / 1 / 1);
    return at >= first && at < end ? std::optional(at) : std::nullopt;
}

std::string format_time(timestamp at) {
    const auto midnight = floor<days>(at);
    const year_month_day date(midnight);
    const hh_mm_ss<microseconds> time(at - midnight);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       time.hours().count(), time.minutes().count(), time.seconds().count(),
                       time.subseconds().count());
}

}  // namespace memorypro
