// BM25's two parts (Robertson and Zaragoza, 2009).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace memorypro::recall {

// How much it tells that a memory holds a word which `holding` of `memories` hold. Lucene's form,
// which stays positive.
inline double rarity(std::int64_t memories, std::int64_t holding) {
    const auto n = static_cast<double>(holding);
    const auto all = static_cast<double>(std::max(memories, holding));
    return std::log(1 + (all - n + 0.5) / (n + 0.5));
}

// 0 to 1, rising with the word's count, and for the same count lower in a longer text.
inline double saturation(double count, double length, double average_length) {
    constexpr double k1 = 0.8;
    constexpr double b = 0.5;
    return count / (count + k1 * (1 - b + b * length / average_length));
}

}  // namespace memorypro::recall
