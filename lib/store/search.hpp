// What memories are searched by, and what is found.
#pragma once

#include "recall/question.hpp"
#include "recall/score.hpp"
#include "store/memory.hpp"

namespace memorypro::store {

struct search {
    recall::question question;  // with at least one term
    memory_filter filter;
    recall::weights weights;
    timestamp now;
    std::size_t limit = 5;
    double min_score = 0;
    bool unsynced_only = false;  // leaves out what the cloud has, but for what was edited here
};

struct hit {
    store::memory memory;
    recall::signals signals;
    double score = 0;
};

}  // namespace memorypro::store
