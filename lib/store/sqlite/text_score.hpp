// The text score of a match, as an FTS5 auxiliary function: text_score(evolution_fts).
#pragma once

#include "store/sqlite/connection.hpp"

namespace memorypro::store::sqlite {

// BM25 divided by its upper bound, 0 to 1: of texts that are ranked by themselves.
void add_text_score(connection&);

}  // namespace memorypro::store::sqlite
