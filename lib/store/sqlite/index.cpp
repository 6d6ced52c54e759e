#include "store/sqlite/index.hpp"

#include "store/sqlite/filter.hpp"
#include "store/sqlite/scope_tokens.hpp"

namespace memorypro::store::sqlite {
namespace {

constexpr std::size_t most_chunk_bytes = 1 << 20;

// FTS5 has to be told what it holds: a difference would damage it.
void remove_text(connection& db, const memory& m) {
    const auto scopes = scope_tokens(m.what);
    db.prepare(
          "INSERT INTO memories_fts (memories_fts, rowid, content, scopes)"
          " VALUES ('delete', ?, ?, ?)")
        .bind(m.seq)
        .bind(m.what.content)
        .bind(scopes)
        .run();
}

void add_text(connection& db, const memory& m) {
    const auto scopes = scope_tokens(m.what);
    db.prepare("INSERT INTO memories_fts (rowid, content, scopes) VALUES (?, ?, ?)")
        .bind(m.seq)
        .bind(m.what.content)
        .bind(scopes)
        .run();
}

void move_scope(connection& db, std::int64_t seq, scope which,
                const std::optional<std::string>& before, const std::optional<std::string>& after) {
    if (before == after) return;
    if (before)
        db.prepare("DELETE FROM memory_scopes WHERE scope = ? AND value = ? AND seq = ?")
            .bind(static_cast<std::int64_t>(which))
            .bind(*before)
            .bind(seq)
            .run();
    if (after)
        db.prepare("INSERT INTO memory_scopes (scope, value, seq) VALUES (?, ?, ?)")
            .bind(static_cast<std::int64_t>(which))
            .bind(*after)
            .bind(seq)
            .run();
}

// To drop a table takes SQLite less time than to empty it.
void create_again(connection& db, const std::string& table) {
    std::string definition;
    {
        statement find = db.prepare("SELECT sql FROM sqlite_schema WHERE name = ?");
        find.bind(table);
        if (find.step()) definition = find.text(0);
    }
    db.execute("DROP TABLE " + table + ";" + definition);
}

// FTS5 reads the version of its format and the structure of its segments before it does anything,
// and where these are damaged does not even drop the table. Here it gets those of an empty one
// (https://www.sqlite.org/fts5.html, "FTS5 Data Structures").
void create_text_index_again(connection& db, const std::string& table) {
    db.execute("INSERT OR REPLACE INTO " + table + "_config VALUES ('version', 4);" +
               "INSERT OR REPLACE INTO " + table + "_data VALUES (10, zeroblob(7))");
    create_again(db, table);
}

void move_scopes(connection& db, std::int64_t seq, const memory_content& before,
                 const memory_content& after) {
    move_scope(db, seq, scope::user, before.user_id, after.user_id);
    move_scope(db, seq, scope::agent, before.agent_id, after.agent_id);
    move_scope(db, seq, scope::session, before.session_id, after.session_id);
}

}  // namespace

std::int64_t read_indexed_seq(connection& db) {
    return db.integer("SELECT indexed_seq FROM index_state");
}

index_progress index_next(connection& db, index_range range, std::size_t limit) {
    index_progress done{.indexed_seq = range.until};
    {
        statement next = db.prepare(
            "SELECT seq, length(CAST(content AS BLOB)) FROM memories WHERE seq > ? ORDER BY seq");
        next.bind(range.after);
        for (std::size_t rows = 0; next.step(); ++rows) {
            if (rows == limit || done.bytes >= most_chunk_bytes) {
                done.indexed_seq = next.integer(0) - 1;
                break;
            }
            done.bytes += static_cast<std::size_t>(next.integer(1));
        }
    }
    for (const sql add :
         {sql("INSERT INTO memories_fts (rowid, content, scopes)"
              " SELECT seq, content, scopes FROM memory_texts WHERE seq > ? AND seq <= ?"
              " ORDER BY seq"),
          sql("INSERT INTO memory_scopes SELECT 1, user_id, seq FROM memories"
              " WHERE seq > ? AND seq <= ? AND user_id IS NOT NULL ORDER BY user_id, seq"),
          sql("INSERT INTO memory_scopes SELECT 2, agent_id, seq FROM memories"
              " WHERE seq > ? AND seq <= ? AND agent_id IS NOT NULL ORDER BY agent_id, seq"),
          sql("INSERT INTO memory_scopes SELECT 3, session_id, seq FROM memories"
              " WHERE seq > ? AND seq <= ? AND session_id IS NOT NULL ORDER BY session_id, seq")})
        db.prepare(add).bind(range.after).bind(done.indexed_seq).run();
    db.prepare("UPDATE index_state SET indexed_seq = ?").bind(done.indexed_seq).run();
    return done;
}

void clear_index(connection& db) {
    create_text_index_again(db, "memories_fts");
    create_again(db, "memory_scopes");
    db.prepare("UPDATE index_state SET indexed_seq = 0").run();
    create_text_index_again(db, "evolution_fts");
    db.execute("INSERT INTO evolution_fts (evolution_fts) VALUES ('rebuild')");
}

void empty_index(connection& db) {
    db.execute("BEGIN IMMEDIATE");
    clear_index(db);
    db.execute("COMMIT");
}

void unindex(connection& db, const memory& m) {
    remove_text(db, m);
    move_scopes(db, m.seq, m.what, {});
}

void reindex(connection& db, const memory& before, const memory& after) {
    if (before.what.content != after.what.content ||
        scope_tokens(before.what) != scope_tokens(after.what)) {
        remove_text(db, before);
        add_text(db, after);
    }
    move_scopes(db, before.seq, before.what, after.what);
}

}  // namespace memorypro::store::sqlite
