// The memories that hold a term of a question: the best of them by what they hold themselves.
#pragma once

#include <vector>

#include "recall/rank.hpp"
#include "store/search.hpp"
#include "store/sqlite/connection.hpp"

namespace memorypro::store::sqlite {

struct match {
    std::int64_t seq = 0;
    std::uint32_t length = 0;
    std::vector<recall::occurrence> occurrences;
};

struct matches {
    std::vector<match> best;  // by seq
    recall::statistics of_all;
};

// Of those that pass the filter, so many, found as plan_search says. In a transaction.
matches find_matches(connection&, const search&, std::size_t most);

}  // namespace memorypro::store::sqlite
