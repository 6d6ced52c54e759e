#include "store/sqlite/fts5.hpp"

namespace memorypro::store::sqlite {

void add_fts5_function(connection& db, const char* name, fts5_extension_function function) {
    fts5_api* api = nullptr;
    sqlite3_stmt* query = nullptr;
    if (sqlite3_prepare_v2(db.handle(), "SELECT fts5(?1)", -1, &query, nullptr) == SQLITE_OK) {
        sqlite3_bind_pointer(query, 1, &api, "fts5_api_ptr", nullptr);
        sqlite3_step(query);
    }
    sqlite3_finalize(query);
    if (!api) throw sqlite_error(SQLITE_ERROR, "this SQLite has no FTS5");
    api->xCreateFunction(api, name, nullptr, function, nullptr);
}

}  // namespace memorypro::store::sqlite
