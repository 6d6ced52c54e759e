#include "insights/poll_schedule.hpp"

#include <algorithm>

namespace memorypro::insights {

void poll_schedule::succeeded(time_point now) {
    last_ = now;
    failures_ = 0;
    retry_after_ = seconds(0);
}

void poll_schedule::failed(time_point now, std::optional<seconds> retry_after) {
    last_ = now;
    ++failures_;
    retry_after_ = retry_after.value_or(seconds(0));
}

void poll_schedule::start_again() {
    *this = {};
}

std::optional<poll_schedule::time_point> poll_schedule::due(seconds interval) const {
    if (!last_) return std::nullopt;
    auto pause = failures_ == 0 ? interval : std::min(first_pause, interval);
    for (int i = 1; i < failures_ && pause < interval; ++i)
        pause = std::min(2 * pause, interval);
    return *last_ + std::max(pause, retry_after_);
}

}  // namespace memorypro::insights
