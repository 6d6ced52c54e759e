#include "store/sqlite/schema.hpp"

#include <array>

#include "base/log.hpp"
#include "store/sqlite/index.hpp"
#include "store/sqlite/soundness.hpp"

namespace memorypro::store::sqlite {
namespace {

// Step n leads from schema n-1 to n. A step that has been released is never edited.
constexpr std::array<std::string_view, 6> steps = {
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

    // What goes to the cloud, and what it has. A store appends one small row to `outbox` and writes
    // to no other of these tables; the lanes follow behind, as the indexes above do.
    R"sql(
    -- Rises with each change that the cloud should have: a part of the idempotency key.
    ALTER TABLE memories ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX memories_synced ON memories (sync_state) WHERE sync_state = 1;

    -- At most one row a memory. Its id is from the numbers of memories.seq: a memory that is queued
    -- when it is stored has its seq, one that is queued later the next number.
    CREATE TABLE outbox (
        id              INTEGER PRIMARY KEY,
        memory_seq      INTEGER NOT NULL,
        scope           INTEGER NOT NULL,  -- hash of user, agent and session: the lane it is in
        call            INTEGER NOT NULL,  -- 0 memory/store, 1 memory/sync
        state           INTEGER NOT NULL,  -- 0 pending, 1 in flight, 2 dead; no longer queued:
                                           -- 3 in flight, 4 may have arrived
        attempts        INTEGER NOT NULL,
        created_at      INTEGER NOT NULL,
        bytes           INTEGER NOT NULL,  -- of what is sent
        key             TEXT,              -- NULL: the memory's id
        key_revision    INTEGER NOT NULL,  -- that has the key as it is; later ones append theirs
        sent_revision   INTEGER,           -- the first that may have been sent, outcome unknown
        next_attempt_at INTEGER,           -- NULL: at once
        last_error      TEXT
    ) STRICT;
    CREATE UNIQUE INDEX outbox_queued_later ON outbox (memory_seq) WHERE memory_seq <> id;
    CREATE INDEX outbox_not_pending ON outbox (state) WHERE state <> 0;
    CREATE INDEX outbox_due_later ON outbox (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

    -- The rows of states 0, 1 and 3 with id <= sorted_id, in the order of their scopes.
    CREATE TABLE outbox_lanes (
        scope INTEGER NOT NULL,
        id    INTEGER NOT NULL,
        PRIMARY KEY (scope, id)
    ) STRICT, WITHOUT ROWID;
    -- Each scope that has a lane. A claim is a lease: ready_at is its end then.
    CREATE TABLE outbox_scopes (
        scope         INTEGER PRIMARY KEY,
        ready_at      INTEGER NOT NULL,
        claimed_until INTEGER  -- the last row claimed; NULL: it is free
    ) STRICT;
    CREATE INDEX outbox_scopes_by_time ON outbox_scopes (ready_at);
    CREATE TABLE outbox_state (sorted_id INTEGER NOT NULL) STRICT;
    INSERT INTO outbox_state VALUES (0);

    -- Memories that the cloud has, or may have, under both names. A row outlives the copy here.
    CREATE TABLE cloud_ids (
        number   INTEGER PRIMARY KEY,
        cloud_id TEXT UNIQUE,       -- NULL: the cloud has not told it
        local_id TEXT UNIQUE,       -- NULL: no memory here has, or had, it
        revision INTEGER NOT NULL,  -- the last that may be there; -1: none
        deleted  INTEGER NOT NULL   -- here: a tombstone
    ) STRICT;

    -- The synced memories that are here only to be recalled while the cloud is away.
    CREATE TABLE copies (
        seq   INTEGER PRIMARY KEY,
        bytes INTEGER NOT NULL
    ) STRICT;
    )sql",

    // What the cloud finds out. A webhook's delivery appends one row to `inbox`, and its processing
    // moves what is remembered of it to `inbox_processed`; the index of digests follows behind, as
    // those of step 1 do.
    R"sql(
    -- Hidden from recall, where no copy here says so: archived by the cloud's advice.
    ALTER TABLE cloud_ids ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;

    -- Deliveries that are not processed. `high` and `low`: the digest of the delivery's id.
    CREATE TABLE inbox (
        id          INTEGER PRIMARY KEY,
        high        INTEGER NOT NULL,
        low         INTEGER NOT NULL,
        received_at INTEGER NOT NULL,
        counted     INTEGER NOT NULL,  -- bytes, against the inbox's bound
        delivery_id TEXT NOT NULL,
        body        TEXT NOT NULL
    ) STRICT;
    -- Those that are, and are not in the index yet.
    CREATE TABLE inbox_processed (
        id          INTEGER PRIMARY KEY,
        high        INTEGER NOT NULL,
        low         INTEGER NOT NULL,
        received_at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE inbox_digests (
        high        INTEGER NOT NULL,
        low         INTEGER NOT NULL,
        received_at INTEGER NOT NULL,
        PRIMARY KEY (high, low)
    ) STRICT, WITHOUT ROWID;

    -- The log: the newest of each kind. What it says is repeated in no other table.
    CREATE TABLE insights (
        id          INTEGER PRIMARY KEY,
        high        INTEGER NOT NULL,  -- the digest of kind and payload
        low         INTEGER NOT NULL,
        kind        INTEGER NOT NULL,
        source      INTEGER NOT NULL,
        enabled     INTEGER NOT NULL,  -- 0: its feature was off
        received_at INTEGER NOT NULL,
        bytes       INTEGER NOT NULL,  -- of the payload
        payload     TEXT NOT NULL
    ) STRICT;
    -- A snapshot (kind 2) that comes back is a change.
    CREATE UNIQUE INDEX insights_by_digest ON insights (high, low) WHERE kind <> 2;
    CREATE INDEX insights_by_kind ON insights (kind, enabled, id, bytes);

    -- What an insight asks for, under its id; both go together.
    CREATE TABLE recommendations (
        id          INTEGER PRIMARY KEY,
        action      INTEGER NOT NULL,
        action_name TEXT NOT NULL,
        status      INTEGER NOT NULL,
        memory_ids  TEXT NOT NULL,  -- JSON array
        reason      TEXT NOT NULL
    ) STRICT;
    CREATE INDEX recommendations_by_status ON recommendations (status, id);

    CREATE TABLE actions (
        id          INTEGER PRIMARY KEY,
        place       INTEGER NOT NULL UNIQUE,  -- in the order of listings
        status      INTEGER NOT NULL,
        updated_at  INTEGER NOT NULL,
        priority    INTEGER NOT NULL,
        type        TEXT NOT NULL,
        title       TEXT NOT NULL,
        description TEXT NOT NULL,
        memory_id   TEXT
    ) STRICT;
    CREATE INDEX actions_by_status ON actions (status, place);

    CREATE TABLE evolution_updates (
        id         INTEGER PRIMARY KEY,
        memory_ids TEXT NOT NULL,  -- JSON array
        user_id    TEXT,           -- whose memories it was learned of, where the cloud says so
        text       TEXT NOT NULL
    ) STRICT;
    CREATE VIRTUAL TABLE evolution_fts USING fts5 (
        text, content = 'evolution_updates', content_rowid = 'id',
        tokenize = 'porter unicode61 remove_diacritics 2'
    );
    )sql",

    // The text index knows whose each memory is: see scope_tokens.hpp. It is filled again from the
    // start, behind the commits.
    R"sql(
    CREATE VIEW memory_texts AS SELECT seq, content,
        trim(iif(user_id IS NULL, '', 'u' || lower(hex(user_id)) || '0') ||
             iif(agent_id IS NULL, '', ' a' || lower(hex(agent_id)) || '0') ||
             iif(session_id IS NULL, '', ' s' || lower(hex(session_id)) || '0')) AS scopes
        FROM memories;
    DROP TABLE memories_fts;
    CREATE VIRTUAL TABLE memories_fts USING fts5 (
        content, scopes, content = 'memory_texts', content_rowid = 'seq',
        tokenize = 'porter unicode61 remove_diacritics 2'
    );
    DELETE FROM memory_scopes;
    UPDATE index_state SET indexed_seq = 0;
    )sql",

    // Texts that the cloud may have under ids that are not known: see strays.hpp.
    R"sql(
    CREATE TABLE strays (
        high INTEGER NOT NULL,  -- the digest of what was sent
        low  INTEGER NOT NULL,
        PRIMARY KEY (high, low)
    ) STRICT, WITHOUT ROWID;

    -- The synced memories that were edited here.
    CREATE TABLE edited (seq INTEGER PRIMARY KEY) STRICT;
    INSERT INTO edited SELECT m.seq FROM memories AS m JOIN cloud_ids AS c ON c.local_id = m.id
        WHERE m.sync_state = 1 AND m.revision > c.revision
        AND m.seq NOT IN (SELECT seq FROM copies);
    )sql",

    // `archived` says by whom: see archive_mark. What was archived before under a recommendation's
    // memory ids counts as archived by it.
    R"sql(
    CREATE INDEX memories_archived_by ON memories (archived) WHERE archived < 0;
    CREATE INDEX cloud_ids_archived_by ON cloud_ids (archived) WHERE archived < 0;
    UPDATE memories SET archived = -r.id FROM recommendations AS r, json_each(r.memory_ids) AS named
        WHERE r.action = 0 AND r.status = 1 AND memories.id = named.value AND memories.archived;
    UPDATE cloud_ids SET archived = -r.id FROM recommendations AS r, json_each(r.memory_ids) AS named
        WHERE r.action = 0 AND r.status = 1 AND cloud_id = named.value AND archived;
    UPDATE cloud_ids SET archived = -r.id FROM recommendations AS r, json_each(r.memory_ids) AS named
        WHERE r.action = 0 AND r.status = 1 AND local_id = named.value AND archived;
    DELETE FROM cloud_ids WHERE local_id IS NULL AND deleted = 0 AND archived = 0;
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
        ". Nothing was changed. Keep a copy of the file and its -wal, then restore a backup, or "
        "salvage what is readable: operations.md, \"A damaged database\", tells how");
}

// Gives what is wrong with the text indexes; what else is, where that hides it, is not known then.
std::string refuse_damaged_database(connection& db, const std::string& path) {
    if (db.integer("PRAGMA page_count") * db.integer("PRAGMA page_size") > checked_at_start)
        return {};
    auto found = check_soundness(db, "PRAGMA quick_check");
    if (!found.damage.empty()) refuse_as_damaged(path, found.damage);
    return std::move(found.index_damage);
}

}  // namespace

int newest_schema() {
    return static_cast<int>(steps.size());
}

void migrate(connection& db, const std::string& path) try {
    const auto version = db.integer("PRAGMA user_version");
    refuse_foreign_database(db, path, version);
    const auto index_damage = refuse_damaged_database(db, path);
    db.execute("PRAGMA journal_mode = WAL");
    for (auto next = static_cast<std::size_t>(version); next < steps.size(); ++next) {
        db.execute("BEGIN IMMEDIATE;" + std::string(steps[next]) +
                   "PRAGMA user_version = " + std::to_string(next + 1) +
                   "; PRAGMA application_id = " + std::to_string(application_id) + "; COMMIT;");
        if (version != 0) spdlog::info("database brought to schema {}", next + 1);
    }
    if (index_damage.empty()) return;
    spdlog::warn("the search index is damaged, and is being built again: {}", index_damage);
    empty_index(db);
    refuse_damaged_database(db, path);
} catch (const sqlite_error& failure) {
    if (!failure.damaged()) throw;
    refuse_as_damaged(path, failure.what());
}

}  // namespace memorypro::store::sqlite
