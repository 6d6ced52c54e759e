// The search: matches, the memories around them, and recall's ranking of both.
#pragma once

#include <vector>

#include "store/search.hpp"
#include "store/sqlite/connection.hpp"

namespace memorypro::store::sqlite {

// The best of the indexed memories, best first. In a transaction, on a connection that has
// occurrences().
std::vector<hit> search_index(connection&, const search&);

}  // namespace memorypro::store::sqlite
