// The order in which memories answer a question: pure. docs/recall.md explains it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "recall/question.hpp"
#include "recall/score.hpp"
#include "recall/traits.hpp"

namespace memorypro::recall {

// How often a term of the question is in a memory, its label included.
struct occurrence {
    std::uint8_t term = 0;
    std::uint16_t count = 0;  // cut where it does not fit

    bool operator==(const occurrence&) const = default;
};

struct candidate {
    std::int64_t seq = 0;
    timestamp time;
    double responsibility = 0;  // as signals have it
    bool answers = false;       // passes the filter; else it is only context
    std::uint32_t length = 0;   // in words
    recall::traits traits;
    std::vector<occurrence> occurrences;  // each term once
};

// Memories that follow each other. In a session one that holds no term of the question may still
// answer it: what comes before or after it does. Without one they only add terms that it does not
// hold to those that it holds.
struct passage {
    bool in_session = false;
    std::vector<candidate> memories;
};

// Of what was searched.
struct statistics {
    std::int64_t memories = 0;
    // By term; none: it is no word, and says nothing.
    std::vector<std::optional<std::int64_t>> holding;
    double average_length = 1;
};

struct preferences {
    recall::weights weights;
    timestamp now;
    std::size_t limit = 5;
    double min_score = 0;
};

struct ranked {
    std::int64_t seq = 0;
    recall::signals signals;
    double score = 0;
};

// Best first; of equals the one with the greater seq.
std::vector<ranked> rank(const question&, const statistics&, const std::vector<passage>&,
                         const preferences&);

}  // namespace memorypro::recall
