// SQLite's full-text search, extended: https://www.sqlite.org/fts5.html#extending_fts5
#pragma once

#include <sqlite3.h>

#include "store/sqlite/connection.hpp"

namespace memorypro::store::sqlite {

// An auxiliary function of one argument, the table.
void add_fts5_function(connection&, const char* name, fts5_extension_function);

}  // namespace memorypro::store::sqlite
