// How often the first phrases of a query are in a match, as an FTS5 auxiliary function:
// occurrences(memories_fts, how many).
#pragma once

#include <string_view>
#include <vector>

#include "recall/rank.hpp"
#include "store/sqlite/connection.hpp"

namespace memorypro::store::sqlite {

void add_occurrences(connection&);

// What the function gives, read.
struct match_shape {
    std::uint32_t length = 0;  // in words
    // `term` is the number of the phrase. A count of 0: the phrase holds no word, in any match.
    std::vector<recall::occurrence> phrases;
};
void read_occurrences(std::string_view blob, match_shape&);

}  // namespace memorypro::store::sqlite
