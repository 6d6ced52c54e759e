// The log of insights as rows.
//
// All run on the thread that owns the connection; those that change something inside the caller's
// transaction.
#pragma once

#include <optional>

#include "store/insight.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/options.hpp"
#include "store/sqlite/tally.hpp"

namespace memorypro::store::sqlite {

struct insight_row {
    insight what;
    bool enabled = false;
};

// The one that this is again. A snapshot is only compared with the latest: one that comes back is a
// change.
std::optional<insight_row> find_same(connection&, const new_insight&);

insight insert_insight(connection&, tally&, const new_insight&, insight_source, timestamp now);
void enable_insight(connection&, tally&, const insight&);

// Where there are more of this kind than may be, the oldest goes, and its id is returned; the
// newest stays however large it is.
std::optional<std::int64_t> drop_oldest_insight(connection&, tally&, const new_insight& like,
                                                const insight_bounds& most);

listing<insight> list_insight_rows(connection&, std::int64_t since, std::size_t limit);
std::optional<insight> latest_snapshot(connection&);

}  // namespace memorypro::store::sqlite
