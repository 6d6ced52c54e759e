// Memories as rows: the SQL of the memories table.
//
// All run on the thread that owns the connection; those that change something inside the caller's
// transaction.
#pragma once

#include <optional>
#include <vector>

#include "store/sqlite/connection.hpp"
#include "store/sqlite/filter.hpp"
#include "store/store.hpp"

namespace memorypro::store::sqlite {

// Pages and exports end early where memories are large, after at least one.
inline constexpr std::size_t most_page_bytes = 2 << 20;

std::optional<memory> find_by_id(connection&, std::string_view id);
// Of what a recommendation has archived.
std::vector<std::string> ids_marked(connection&, archive_mark);
std::optional<memory> find_by_seq(connection&, std::int64_t seq);
std::vector<memory> rows_after(connection&, std::int64_t seq, std::size_t limit);
page list_rows(connection&, const filter_sql&, std::optional<std::int64_t> before,
               std::size_t limit);

void insert_row(connection&, const memory&);
void update_row(connection&, const memory&);
void update_sync_state(connection&, std::int64_t seq, sync_state);
void delete_row(connection&, std::int64_t seq);

}  // namespace memorypro::store::sqlite
