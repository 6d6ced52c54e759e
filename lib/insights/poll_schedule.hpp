// When the next poll is due (DESIGN §8): pure.
//
// The first at once, then one an interval; 10 s after a failure, then twice as long after each,
// up to the interval; never sooner than the cloud's Retry-After.
#pragma once

#include <chrono>
#include <optional>

namespace memorypro::insights {

class poll_schedule {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using seconds = std::chrono::seconds;

    static constexpr seconds first_pause{10};

    void succeeded(time_point now);
    void failed(time_point now, std::optional<seconds> retry_after);

    // Another account or cloud: what was learned of the former says nothing.
    void start_again();

    // The interval is that of the settings at this moment. nullopt: at once.
    std::optional<time_point> due(seconds interval) const;

private:
    std::optional<time_point> last_;  // poll's end
    int failures_ = 0;                // in a row
    seconds retry_after_{0};
};

}  // namespace memorypro::insights
