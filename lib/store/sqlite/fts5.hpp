// SQLite's full-text search, extended: https://www.sqlite.org/fts5.html#extending_fts5
#pragma once

#include <sqlite3.h>

#include "store/sqlite/connection.hpp"

namespace memorypro::store::sqlite {

// An auxiliary function: its first argument is the table.
void add_fts5_function(connection&, const char* name, fts5_extension_function);

// How often the phrase is in the current row. xInst would merge the places of all phrases first,
// which takes as long for each place as there are phrases.
int count_phrase(const Fts5ExtensionApi*, Fts5Context*, int phrase, int& count);

}  // namespace memorypro::store::sqlite
