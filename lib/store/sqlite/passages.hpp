// Matches with the memories around them: what came before and after in the same session.
#pragma once

#include <vector>

#include "recall/rank.hpp"
#include "store/search.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/matches.hpp"

namespace memorypro::store::sqlite {

// A passage is from one session of one user and agent, in the order of arrival; without a session,
// from one user and agent, without a pause of half an hour. What is archived, and not asked for, or
// was stored there by others keeps its place and tells nothing. In a transaction.
std::vector<recall::passage> passages_around(connection&, std::vector<match>, const search&);

}  // namespace memorypro::store::sqlite
