// Insights as the writer takes them in, and the decisions about recommendations.
//
// For jobs of the writer, within their savepoint.
#pragma once

#include "store/sqlite/write_side.hpp"
#include "store/store.hpp"

namespace memorypro::store::sqlite {

// Records and applies it, unless it is known.
recorded record_insight(write_side&, connection&, const new_insight&, insight_source, unknown_ids);

result<decision> apply(write_side&, connection&, std::int64_t recommendation_id, unknown_ids);
// One that was applied too, where that can be undone: what it has hidden is shown again.
result<decision> dismiss(write_side&, connection&, std::int64_t recommendation_id);

}  // namespace memorypro::store::sqlite
