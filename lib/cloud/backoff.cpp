#include "cloud/backoff.hpp"

#include <algorithm>

namespace memorypro::cloud {

using std::chrono::milliseconds;

milliseconds next_delay(int failures, std::optional<std::chrono::seconds> retry_after,
                        double jitter) {
    milliseconds longest = backoff_base;
    for (int i = 1; i < failures && longest < backoff_cap; ++i)
        longest *= 2;
    longest = std::min(longest, backoff_cap);
    const milliseconds delay(static_cast<milliseconds::rep>(static_cast<double>(longest.count()) *
                                                            std::clamp(jitter, 0.0, 1.0)));
    if (!retry_after) return delay;
    const auto asked = std::clamp(*retry_after, std::chrono::seconds(0), longest_retry_after);
    return std::max<milliseconds>(delay, asked);
}

}  // namespace memorypro::cloud
