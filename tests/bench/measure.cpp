#include "measure.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace memorypro::bench {

std::uint32_t saturated_ns(std::chrono::nanoseconds latency) {
    constexpr std::int64_t longest = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(latency.count(), 0, longest));
}

double percentile_ms(std::vector<std::uint32_t>& samples_ns, double fraction) {
    if (samples_ns.empty()) return 0;
    const auto rank =
        static_cast<std::size_t>(std::ceil(fraction * static_cast<double>(samples_ns.size())));
    const auto index = std::clamp<std::size_t>(rank, 1, samples_ns.size()) - 1;
    const auto nth = samples_ns.begin() + static_cast<std::ptrdiff_t>(index);
    std::nth_element(samples_ns.begin(), nth, samples_ns.end());
    return static_cast<double>(*nth) / 1e6;
}

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    if (values.size() % 2 == 1) return values[middle];
    return (values[middle - 1] + values[middle]) / 2;
}

}  // namespace memorypro::bench
