// Order statistics of latency samples and of rounds.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace memorypro::bench {

// A latency as a sample; anything above 4.29 s counts as 4.29 s.
std::uint32_t saturated_ns(std::chrono::nanoseconds);

// The smallest sample that at least `fraction` of all samples do not exceed (nearest rank), in
// milliseconds; 0 without samples. Reorders the samples.
double percentile_ms(std::vector<std::uint32_t>& samples_ns, double fraction);

// 0 without values; the mean of the middle two when their number is even.
double median(std::vector<double> values);

}  // namespace memorypro::bench
