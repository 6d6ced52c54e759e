// How long to wait before a call is made again: exponential with full jitter
// (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
#pragma once

#include <chrono>
#include <optional>

namespace memorypro::cloud {

inline constexpr std::chrono::milliseconds backoff_base{1'000};
inline constexpr std::chrono::milliseconds backoff_cap{60'000};

// A cloud that asks for more than a day is asked again after a day.
inline constexpr std::chrono::seconds longest_retry_after{86'400};

// After `failures` (1, 2, …) in a row: jitter (0 to 1) times base * 2^(failures-1), at most the
// cap; never sooner than `retry_after`, which the cap does not bound.
std::chrono::milliseconds next_delay(int failures, std::optional<std::chrono::seconds> retry_after,
                                     double jitter);

}  // namespace memorypro::cloud
