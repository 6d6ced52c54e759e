#include "sqlite_peer.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <stdexcept>

namespace memorypro::bench {
namespace {

[[noreturn]] void fail(sqlite3* connection) {
    throw std::runtime_error(fmt::format("SQLite: {}", sqlite3_errmsg(connection)));
}

std::string any_of(const sample_query& query) {
    return fmt::format("{} OR {} OR {}", query.words[0], query.words[1], query.words[2]);
}

}  // namespace

void database::close::operator()(sqlite3* connection) const {
    sqlite3_close_v2(connection);
}
void database::close::operator()(sqlite3_stmt* prepared) const {
    sqlite3_finalize(prepared);
}

database::database(const std::filesystem::path& file) {
    sqlite3* connection = nullptr;
    const int code = sqlite3_open(file.c_str(), &connection);
    connection_.reset(connection);
    if (code != SQLITE_OK) fail(connection);
}

void database::execute(const char* sql) {
    if (sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
        fail(connection_.get());
    }
}

database::statement database::prepare(const char* sql) {
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v2(connection_.get(), sql, -1, &prepared, nullptr) != SQLITE_OK) {
        fail(connection_.get());
    }
    return statement(prepared);
}

void database::bind(const statement& prepared, int index, std::string_view text) {
    const int length = static_cast<int>(text.size());
    if (sqlite3_bind_text(prepared.get(), index, text.data(), length, SQLITE_TRANSIENT) !=
        SQLITE_OK) {
        fail(connection_.get());
    }
}

bool database::step(const statement& prepared) {
    const int code = sqlite3_step(prepared.get());
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) fail(connection_.get());
    sqlite3_reset(prepared.get());
    return false;
}

raw_sqlite::raw_sqlite(const std::filesystem::path& file) : database(file) {
    execute(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE memories(id INTEGER PRIMARY KEY, body TEXT NOT NULL)");
    insert_ = prepare("INSERT INTO memories(body) VALUES(?1)");
}

void raw_sqlite::insert(std::string_view body) {
    bind(insert_, 1, body);
    step(insert_);
}

plain_fts5::plain_fts5(const std::filesystem::path& file) : database(file) {
    execute(
        "PRAGMA journal_mode=WAL;"
        "CREATE VIRTUAL TABLE memories USING fts5("
        "content, user_id UNINDEXED, tokenize='porter unicode61')");
    search_ = prepare(
        "SELECT rowid, content, rank FROM memories WHERE memories MATCH ?1 "
        "ORDER BY rank LIMIT 5");
    search_of_user_ = prepare(
        "SELECT rowid, content, rank FROM memories WHERE memories MATCH ?1 "
        "AND user_id = ?2 ORDER BY rank LIMIT 5");
}

void plain_fts5::fill(const vocabulary& words, std::uint64_t memories,
                      const std::function<void()>& each) {
    const auto insert = prepare("INSERT INTO memories(content, user_id) VALUES(?1, ?2)");
    constexpr std::uint64_t batch = 10000;
    for (std::uint64_t index = 0; index < memories; ++index) {
        if (index % batch == 0) execute("BEGIN");
        const auto memory = memory_at(words, index);
        bind(insert, 1, memory.content);
        bind(insert, 2, memory.user_id);
        step(insert);
        if (index % batch == batch - 1 || index == memories - 1) execute("COMMIT");
        each();
    }
}

std::size_t plain_fts5::search(const sample_query& query) {
    bind(search_, 1, any_of(query));
    return count_rows(search_);
}

std::size_t plain_fts5::search_of_user(const sample_query& query) {
    bind(search_of_user_, 1, any_of(query));
    bind(search_of_user_, 2, query.user_id);
    return count_rows(search_of_user_);
}

std::size_t plain_fts5::count_rows(const statement& prepared) {
    std::size_t rows = 0;
    while (step(prepared)) {
        sqlite3_column_text(prepared.get(), 1);
        ++rows;
    }
    return rows;
}

std::string sqlite_version() {
    return sqlite3_libversion();
}

}  // namespace memorypro::bench
