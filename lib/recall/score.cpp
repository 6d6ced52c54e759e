#include "recall/score.hpp"

#include <algorithm>
#include <cmath>

namespace memorypro::recall {
namespace {

constexpr double half_life_days = 30;
constexpr double most_by_recency = 0.05;
constexpr double most_by_responsibility = 0.1;

}  // namespace

double recency(std::chrono::microseconds age) {
    const double days = std::chrono::duration<double, std::ratio<86400>>(age).count();
    return std::exp2(-std::max(days, 0.0) / half_life_days);
}

double relevance(const signals& s, const weights& w) {
    double factor = 1;
    double most = 1;
    if (w.recent) {
        factor += most_by_recency * s.recency;
        most += most_by_recency;
    }
    if (w.responsibilities) {
        factor += most_by_responsibility * s.responsibility;
        most += most_by_responsibility;
    }
    return s.text * factor / most;
}

}  // namespace memorypro::recall
