// The times that a question speaks of.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace memorypro::recall {

// Whole days, UTC.
struct period {
    std::chrono::sys_days from;
    std::chrono::sys_days until;  // exclusive
    bool yearly = false;          // of every year: the question names none

    bool operator==(const period&) const = default;
};

// Of the words of a question, lower case, in their order: "8 May 2023", "May 8th", "2023-05-08",
// "in May", "May 2023", "in 2023"; where there is none of these, what is told from now:
// "yesterday", "last week", "two months ago". Only the most exact of those that are named, each
// once, the first 16.
std::vector<period> periods_in(const std::vector<std::string>& words, timestamp now);

// 1 within a period, and halved for each week that the time is away from the nearest; 0 without
// any.
double nearness(const std::vector<period>&, timestamp);

}  // namespace memorypro::recall
