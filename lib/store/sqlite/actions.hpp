// Discovered actions as rows: each has its insight's id.
//
// All run on the thread that owns the connection; those that change something inside the caller's
// transaction.
#pragma once

#include <optional>

#include "store/insight.hpp"
#include "store/sqlite/connection.hpp"

namespace memorypro::store::sqlite {

action insert_action(connection&, const insight&, const new_insight&);
std::optional<action> find_action(connection&, std::int64_t id);
void set_action_row_status(connection&, std::int64_t id, action_status, timestamp now);
void delete_action(connection&, std::int64_t id);

// Those after the place, which a page gave as `next`.
listing<action> list_action_rows(connection&, std::optional<action_status>, std::int64_t after,
                                 std::size_t limit);

}  // namespace memorypro::store::sqlite
