// In which steps the text index is searched: the work has a bound, whatever the words are.
//
// Few memories hold a rare word, and looking at those is cheap. What a common word tells is asked
// of the memories that the rare ones lead to; where there are too few of them, of the newest that
// hold the common ones. docs/recall.md, "What bounds a recall".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/search.hpp"
#include "store/sqlite/connection.hpp"

namespace memorypro::store::sqlite {

struct search_step {
    std::string expression;  // FTS5's; its first phrases are the forms of all terms, in their order
    std::int64_t most = 0;   // matches: the newest
};

struct search_plan {
    std::vector<search_step> steps;  // a later one while there are too few matches; none twice
    // Whether the expressions hold all of the filter but for what is archived.
    bool by_text_index = true;
    std::int64_t memories = 0;  // about so many are searched
    // About how many of them hold each term; empty: all that do are looked at.
    std::vector<std::int64_t> holding;
};

// In a transaction.
search_plan plan_search(connection&, const search&);

}  // namespace memorypro::store::sqlite
