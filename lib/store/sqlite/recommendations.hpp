// Lifecycle recommendations as rows: each has its insight's id.
//
// All run on the thread that owns the connection; those that change something inside the caller's
// transaction.
#pragma once

#include <optional>

#include "store/insight.hpp"
#include "store/sqlite/connection.hpp"

namespace memorypro::store::sqlite {

struct recommendation_row {
    recommendation what;
    lifecycle_action action = lifecycle_action::other;
};

recommendation insert_recommendation(connection&, const insight&, const new_insight&,
                                     recommendation_status);
std::optional<recommendation_row> find_recommendation(connection&, std::int64_t id);
void set_recommendation_status(connection&, std::int64_t id, recommendation_status);
void delete_recommendation(connection&, std::int64_t id);

listing<recommendation> list_recommendation_rows(connection&, std::optional<recommendation_status>,
                                                 std::optional<std::int64_t> before,
                                                 std::size_t limit);

}  // namespace memorypro::store::sqlite
