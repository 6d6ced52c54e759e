// A database of an earlier schema, with data, becomes one of the newest.
#include <map>

#include "store/insight_fixture.hpp"
#include "store/sqlite/schema.hpp"

namespace memorypro::store {
namespace {

// As schema 1 had it, written down here so that the steps cannot change it.
constexpr auto schema_1 = R"sql(
    CREATE TABLE memories (
        seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, user_id TEXT, agent_id TEXT,
        session_id TEXT, memory_type TEXT NOT NULL, priority INTEGER NOT NULL,
        time INTEGER NOT NULL, created_at INTEGER NOT NULL, archived INTEGER NOT NULL,
        sync_state INTEGER NOT NULL, metadata TEXT, tags TEXT, extra TEXT, content TEXT NOT NULL
    ) STRICT;
    CREATE INDEX memories_archived ON memories (seq) WHERE archived;
    CREATE TABLE idempotency_keys (
        key TEXT PRIMARY KEY, body_digest TEXT NOT NULL, memory_id TEXT NOT NULL,
        sync_state INTEGER NOT NULL, created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
    CREATE VIRTUAL TABLE memories_fts USING fts5 (
        content, content = 'memories', content_rowid = 'seq',
        tokenize = 'porter unicode61 remove_diacritics 2'
    );
    CREATE TABLE memory_scopes (
        scope INTEGER NOT NULL, value TEXT NOT NULL, seq INTEGER NOT NULL,
        PRIMARY KEY (scope, value, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE index_state (indexed_seq INTEGER NOT NULL) STRICT;

    INSERT INTO memories VALUES
        (1, 'm1', 'ada', NULL, 's', 'fact', 2, 1736337600000000, 1736337600000001, 0, 0,
         '{"a":1}', '["x"]', '{"mood":"calm"}', 'green tea'),
        (2, 'm2', 'ada', NULL, NULL, 'conversation', 1, 1736337600000000, 1736337600000000, 1, 0,
         NULL, NULL, NULL, 'black tea'),
        (7, 'm7', NULL, NULL, NULL, 'conversation', 1, 1736337600000000, 1736337600000000, 0, 0,
         NULL, NULL, NULL, 'not indexed yet: tea');
    INSERT INTO memories_fts (rowid, content) SELECT seq, content FROM memories WHERE seq <= 5;
    INSERT INTO memory_scopes VALUES (1, 'ada', 1), (1, 'ada', 2), (3, 's', 1);
    INSERT INTO index_state VALUES (5);
    INSERT INTO idempotency_keys VALUES ('key', 'digest', 'm1', 0, 1736337600000000);
    PRAGMA user_version = 1;
    PRAGMA application_id = 0x4d50726f;
)sql";

using sqlite::connection;

void write_schema_1(const std::string& path) {
    connection db(path, connection::access::read_write);
    db.execute("PRAGMA journal_mode = WAL");
    db.execute(schema_1);
}

struct old_store : outbox_fixture {
    old_store() {
        close();
        for (const char* suffix : {"", "-wal", "-shm"})
            std::filesystem::remove(database() + suffix);
        write_schema_1(database());
        open();
    }
};

TEST_CASE("a database of schema 1 keeps its memories and can queue them") {
    old_store s;
    CHECK(s.count("PRAGMA user_version") == sqlite::newest_schema());
    const auto found = s.run(s->find_memory("m1"));
    REQUIRE(found);
    CHECK(found->what.content == "green tea");
    CHECK(found->what.metadata_json == R"({"a":1})");
    CHECK(found->what.tags_json == R"(["x"])");
    CHECK(found->what.extra_json == R"({"mood":"calm"})");
    CHECK(found->what.priority == priority::high);
    CHECK(found->sync_state == sync_state::local);
    CHECK(found->revision == 0);
    CHECK(s.listed({.user_id = "ada", .include_archived = true}) == ids{"m2", "m1"});
    CHECK(s.matches({"tea"}, {.include_archived = true}).size() == 3);
    CHECK(s.run(s->accept_memory(memory_of("x", "tea"), idempotency{"key", "digest"}, {}))->id ==
          "m1");

    s.queue("new");
    CHECK(s.run(s->find_memory("new"))->seq == 8);
    const auto queued = s.run(s->queue_locals(cloud_call::sync, 10));
    CHECK(queued->queued == 3);
    CHECK(queued->remaining == 0);
    s.open();
    CHECK(s.send_all().size() == 4);
    s.check_totals();
    CHECK(s.soundness() == "ok");
}

TEST_CASE("an upgrade that is cut short leaves the old schema, and the next start makes it whole") {
    test::temp_dir dir;
    const auto path = dir.file("db");
    write_schema_1(path);
    std::string before;
    {
        connection db(path, connection::access::read_write);
        // A step fails in its middle, as a full disk or the power's end would have it.
        db.execute("CREATE TABLE copies (x)");
        before = std::to_string(db.integer("PRAGMA schema_version"));
        CHECK_THROWS_AS(sqlite::migrate(db, path), sqlite::sqlite_error);
    }
    connection db(path, connection::access::read_write);
    CHECK(db.integer("PRAGMA user_version") == 1);
    CHECK(std::to_string(db.integer("PRAGMA schema_version")) == before);
    CHECK(db.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'outbox'") == 0);
    db.execute("DROP TABLE copies");
    sqlite::migrate(db, path);
    CHECK(db.integer("PRAGMA user_version") == sqlite::newest_schema());
    CHECK(db.integer("SELECT count(*) FROM memories") == 3);
}

// Every copy of the file and its log that a power loss may leave behind: the log cut at any byte.
TEST_CASE("wherever the power goes while a database is upgraded, it is the old or the new one") {
    test::temp_dir dir;
    write_schema_1(dir.file("db"));
    const auto file = test::read_file(dir.file("db"));
    std::string log;
    {
        connection db(dir.file("db"), connection::access::read_write);
        db.execute("PRAGMA wal_autocheckpoint = 0");
        sqlite::migrate(db, "db");
        log = test::read_file(dir.file("db-wal"));
    }
    REQUIRE(log.size() > 10 * 4096);
    std::map<std::int64_t, int> seen;  // of each version
    for (std::size_t cut = 0; cut <= log.size(); cut += 2048) {
        test::temp_dir after;
        test::write_file(after.file("db"), file);
        test::write_file(after.file("db-wal"), log.substr(0, std::min(cut, log.size())));
        connection db(after.file("db"), connection::access::read_write);
        const auto version = db.integer("PRAGMA user_version");
        CAPTURE(cut, log.size(), version);
        CHECK(db.integer("SELECT count(*) FROM sqlite_schema WHERE name IN ('outbox', 'copies')") ==
              (version >= 2 ? 2 : 0));
        CHECK(db.integer("SELECT count(*) FROM sqlite_schema WHERE name IN ('inbox', 'actions')") ==
              (version >= 3 ? 2 : 0));
        CHECK(db.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'memory_texts'") ==
              (version >= 4 ? 1 : 0));
        CHECK(db.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'strays'") ==
              (version >= 5 ? 1 : 0));
        ++seen[version];
        CHECK_NOTHROW(sqlite::migrate(db, "db"));
        CHECK(db.integer("SELECT count(*) FROM memories") == 3);
    }
    CHECK(seen[1] > 5);
    CHECK(seen[2] > 5);
    test::write_file(dir.file("whole"), file);
    test::write_file(dir.file("whole-wal"), log);
    CHECK(connection(dir.file("whole"), connection::access::read_write)
              .integer("PRAGMA user_version") == sqlite::newest_schema());
}

// What a step added goes again.
constexpr auto back_to_schema_3 = R"sql(
    DROP INDEX memories_archived_by; DROP INDEX cloud_ids_archived_by;
    DROP TABLE strays; DROP TABLE edited;
    DROP TABLE memories_fts;
    DROP VIEW memory_texts;
    CREATE VIRTUAL TABLE memories_fts USING fts5 (
        content, content = 'memories', content_rowid = 'seq',
        tokenize = 'porter unicode61 remove_diacritics 2'
    );
    INSERT INTO memories_fts (memories_fts) VALUES ('rebuild');
    PRAGMA user_version = 3;
)sql";
constexpr auto back_to_schema_2 = R"sql(
    DROP TABLE inbox; DROP TABLE inbox_processed; DROP TABLE inbox_digests;
    DROP TABLE insights; DROP TABLE recommendations; DROP TABLE actions;
    DROP TABLE evolution_fts; DROP TABLE evolution_updates;
    ALTER TABLE cloud_ids DROP COLUMN archived;
    PRAGMA user_version = 2;
)sql";

TEST_CASE("a database of schema 2 keeps its outbox and what it knows of the cloud") {
    insight_fixture s;
    s.sync(memory_of("dropped", "tea"), after_sync::drop_copy);
    s.remove("cloud-gone", unknown_ids::are_the_clouds);
    s.queue("queued");
    s.close();
    {
        connection db(s.database(), connection::access::read_write);
        db.execute(back_to_schema_3);
        db.execute(back_to_schema_2);
    }
    s.open();
    CHECK(s.count("PRAGMA user_version") == sqlite::newest_schema());
    CHECK(s.known("cloud-dropped").local_id == "dropped");
    CHECK_FALSE(s.known("cloud-dropped").archived);
    CHECK(s.known("cloud-gone").deleted);
    CHECK(s.accept("d1"));
    s.record({advice(lifecycle_action::archive, {"dropped"})}, insight_source::push, {"d1"});
    CHECK(s.known("cloud-dropped").archived);
    CHECK(s.send_all() == ids{"queued"});
    CHECK(s.waiting().empty());
    CHECK(s.soundness() == "ok");
}

TEST_CASE("what was archived before the upgrade is shown again when that is dismissed") {
    insight_fixture s;
    s.add("here", "tea");
    s.add("by hand", "tea");
    s.run(s->amend_memory("by hand", {.archived = true}));
    s.sync(memory_of("away", "tea"), after_sync::drop_copy);
    s.sync(memory_of("far", "tea"), after_sync::drop_copy);
    const auto id =
        s.record_one(advice(lifecycle_action::archive, {"here", "cloud-away", "far"})).insight.id;
    s.close();
    connection(s.database(), connection::access::read_write)
        .execute(
            "DROP INDEX memories_archived_by; DROP INDEX cloud_ids_archived_by;"
            "UPDATE memories SET archived = 1 WHERE archived <> 0;"
            "UPDATE cloud_ids SET archived = 1 WHERE archived <> 0; PRAGMA user_version = 5;");
    s.open();
    CHECK(s.matches({"tea"}).empty());
    CHECK(s.known("cloud-away").archived);
    CHECK(s.known("cloud-far").archived);
    CHECK(s.run(s->dismiss_recommendation(id))->is_new);
    CHECK(s.matches({"tea"}) == ids{"here"});
    CHECK_FALSE(s.known("cloud-away").archived);
    CHECK_FALSE(s.known("cloud-far").archived);
    CHECK(s.run(s->find_memory("by hand"))->archived);
}

TEST_CASE("what was edited before the upgrade is found by what it says now") {
    outbox_fixture s;
    s.sync(memory_of("edited", "tea"), after_sync::keep_memory);
    s.sync(memory_of("not edited", "tea"), after_sync::keep_memory);
    s.sync(memory_of("copy", "tea"), after_sync::keep_copy);
    REQUIRE(s.run(s->amend_memory("edited", {.content = "milk"})));
    s.close();
    connection(s.database(), connection::access::read_write)
        .execute(
            "DROP INDEX memories_archived_by; DROP INDEX cloud_ids_archived_by;"
            "DROP TABLE strays; DROP TABLE edited; PRAGMA user_version = 4;");
    s.open();
    auto wanted = search_for({"milk", "tea"});
    wanted.unsynced_only = true;
    CHECK(ids_of(s.run(s->find_matches(std::move(wanted)))) == ids{"edited"});
    s.check_totals();
}

TEST_CASE("a database of schema 3 is indexed again, by user, agent and session too") {
    store_fixture s;
    for (const char* user : {"ada", "lena"}) {
        auto tea = memory_of(std::string("of-") + user, "green tea");
        tea.what.user_id = user;
        s.add(tea);
    }
    CHECK(s.matches({"tea"}).size() == 2);
    s.close();
    connection(s.database(), connection::access::read_write).execute(back_to_schema_3);
    s.open();
    CHECK(s.matches({"tea"}, {.user_id = "lena"}) == ids{"of-lena"});
    CHECK(s.listed({.user_id = "ada"}) == ids{"of-ada"});
    CHECK(s.soundness() == "ok");
}

TEST_CASE("a database of schema 1 takes deliveries and insights about its memories") {
    insight_fixture s;
    s.close();
    for (const char* suffix : {"", "-wal", "-shm"})
        std::filesystem::remove(s.database() + suffix);
    write_schema_1(s.database());
    s.open();
    CHECK(s.accept("d1"));
    s.record(
        {advice(lifecycle_action::prioritize, {"m7"}), advice(lifecycle_action::archive, {"m1"})},
        insight_source::push, {"d1"});
    CHECK(s.run(s->find_memory("m7"))->what.priority == priority::high);
    CHECK(s.matches({"tea"}) == ids{"m7"});
    CHECK(s.soundness() == "ok");
}

}  // namespace
}  // namespace memorypro::store
