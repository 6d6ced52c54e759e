// A recall as a search of the store.
#pragma once

#include "memory/body.hpp"
#include "recall/question.hpp"
#include "store/search.hpp"

namespace memorypro::memory {

inline store::search search_of(recall_request wanted, timestamp now) {
    return {.question = recall::read_question(wanted.query, now),
            .filter = std::move(wanted.filter),
            .weights = wanted.weights,
            .now = now,
            .limit = wanted.count,
            .min_score = wanted.min_score};
}

}  // namespace memorypro::memory
