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

int count_phrase(const Fts5ExtensionApi* api, Fts5Context* context, int phrase, int& count) {
    Fts5PhraseIter place;
    int column = 0;
    int offset = 0;
    count = 0;
    const int code = api->xPhraseFirst(context, phrase, &place, &column, &offset);
    if (code != SQLITE_OK) return code;
    for (; column >= 0; api->xPhraseNext(context, &place, &column, &offset))
        ++count;
    return SQLITE_OK;
}

}  // namespace memorypro::store::sqlite
