// The text score of a match, as an FTS5 auxiliary function: text_score(memories_fts).
#pragma once

#include "store/sqlite/connection.hpp"

namespace memorypro::store::sqlite {

// BM25 (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75) with Lucene's idf, which stays positive
// for words that most texts hold, divided by its upper bound: 0 to 1.
void add_text_score(connection&);

}  // namespace memorypro::store::sqlite
