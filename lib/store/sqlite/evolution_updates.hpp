// Evolution updates, searchable by their text: each has its insight's id.
//
// They are few: their text index changes with them, in the caller's transaction.
#pragma once

#include <string>
#include <vector>

#include "store/insight.hpp"
#include "store/sqlite/connection.hpp"

namespace memorypro::store::sqlite {

void insert_evolution_update(connection&, const insight&, const new_insight&);
void delete_evolution_update(connection&, std::int64_t id);

// Best first; ties: the newest first. With text_score, so on a connection that has it.
std::vector<evolution_match> search_evolution(connection&, const std::vector<std::string>& words,
                                              std::size_t limit);

}  // namespace memorypro::store::sqlite
