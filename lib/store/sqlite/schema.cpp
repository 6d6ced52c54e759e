#include "store/sqlite/schema.hpp"

#include <array>

#include "base/log.hpp"

namespace memorypro::store::sqlite {
namespace {

constexpr std::int64_t application_id = 0x4d50726f;  // "MPro", shown by file(1)

// Step n leads from schema n-1 to n. A step that has been released is never edited.
constexpr std::array<std::string_view, 1> steps = {
    // Times are microseconds since 1970 UTC. `content` is last: the columns before it are then read
    // without following a long row's overflow pages.
    R"sql(
    CREATE TABLE memories (
        seq         INTEGER PRIMARY KEY,
        id          TEXT NOT NULL UNIQUE,
        user_id     TEXT,
        agent_id    TEXT,
        session_id  TEXT,
        memory_type TEXT NOT NULL,
        priority    INTEGER NOT NULL,
        time        INTEGER NOT NULL,
        created_at  INTEGER NOT NULL,
        archived    INTEGER NOT NULL,
        sync_state  INTEGER NOT NULL,
        metadata    TEXT,
        tags        TEXT,
        extra       TEXT,
        content     TEXT NOT NULL
    ) STRICT;
    CREATE INDEX memories_archived ON memories (seq) WHERE archived;

    CREATE TABLE idempotency_keys (
        key         TEXT PRIMARY KEY,
        body_digest TEXT NOT NULL,
        memory_id   TEXT NOT NULL,
        sync_state  INTEGER NOT NULL,
        created_at  INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

    -- The indexes below hold the memories up to indexed_seq: they follow behind the commits, so that
    -- a store writes few pages.
    CREATE VIRTUAL TABLE memories_fts USING fts5 (
        content, content = 'memories', content_rowid = 'seq',
        tokenize = 'porter unicode61 remove_diacritics 2'
    );
    CREATE TABLE memory_scopes (
        scope INTEGER NOT NULL,  -- 1 user, 2 agent, 3 session
        value TEXT NOT NULL,
        seq   INTEGER NOT NULL,
        PRIMARY KEY (scope, value, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE index_state (indexed_seq INTEGER NOT NULL) STRICT;
    INSERT INTO index_state VALUES (0);
    )sql",
};

void refuse_foreign_database(connection& db, const std::string& path, std::int64_t version) {
    const auto id = db.integer("PRAGMA application_id");
    if (version < 0 || (id != application_id && (id != 0 || version != 0)))
        throw unusable_database(path +
                                " belongs to another program; set MEMORYPRO_DATA_DIR to "
                                "a directory of its own");
    if (version == 0 && db.integer("SELECT count(*) FROM sqlite_schema") != 0)
        throw unusable_database(path +
                                " holds tables that are not memoryprod's; set "
                                "MEMORYPRO_DATA_DIR to a directory of its own");
    if (version > newest_schema())
        throw unusable_database(
            path + " has schema " + std::to_string(version) + ", this program knows up to " +
            std::to_string(newest_schema()) +
            ": it was written by a newer memoryprod. Install that version again, or restore a "
            "backup from before the upgrade");
}

// Large files are left to `memorypro doctor`: a start must not take minutes.
constexpr std::int64_t checked_at_start = 64 << 20;

[[noreturn]] void refuse_as_damaged(const std::string& path, const std::string& what) {
    throw unusable_database(
        path + " is not a usable database: " + what +
        ". Nothing was changed. Stop the daemon, keep a copy of the file and its -wal, restore a "
        "backup, or recover what is readable with: sqlite3 " +
        path + " .recover");
}

void refuse_damaged_database(connection& db, const std::string& path) {
    if (db.integer("PRAGMA page_count") * db.integer("PRAGMA page_size") > checked_at_start) return;
    statement check = db.prepare("PRAGMA quick_check(1)");
    if (check.step() && check.text(0) != "ok") refuse_as_damaged(path, check.text(0));
}

}  // namespace

int newest_schema() {
    return static_cast<int>(steps.size());
}

void migrate(connection& db, const std::string& path) try {
    const auto version = db.integer("PRAGMA user_version");
    refuse_foreign_database(db, path, version);
    refuse_damaged_database(db, path);
    db.execute("PRAGMA journal_mode = WAL");
    for (auto next = static_cast<std::size_t>(version); next < steps.size(); ++next) {
        db.execute("BEGIN IMMEDIATE;" + std::string(steps[next]) +
                   "PRAGMA user_version = " + std::to_string(next + 1) +
                   "; PRAGMA application_id = " + std::to_string(application_id) + "; COMMIT;");
        if (version != 0) spdlog::info("database brought to schema {}", next + 1);
    }
} catch (const sqlite_error& failure) {
    if (!failure.damaged()) throw;
    refuse_as_damaged(path, failure.what());
}

}  // namespace memorypro::store::sqlite
