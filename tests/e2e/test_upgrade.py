"""A database that the previous version wrote, which knew no cloud."""
import sqlite3

import harness
from cloud_case import CloudCase, STORE
from harness import memory_path

# Schema 1, as released: never edited.
SCHEMA_1 = """
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
CREATE VIRTUAL TABLE memories_fts USING fts5 (
    content, content = 'memories', content_rowid = 'seq',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TABLE memory_scopes (
    scope INTEGER NOT NULL,
    value TEXT NOT NULL,
    seq   INTEGER NOT NULL,
    PRIMARY KEY (scope, value, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE index_state (indexed_seq INTEGER NOT NULL) STRICT;
INSERT INTO index_state VALUES (0);
PRAGMA application_id = 0x4d50726f;
PRAGMA user_version = 1;
"""

TIME = 1_767_323_045_000_000  # 2026-01-02T03:04:05Z


def row(number):
    return (number, f"old-{number}", f"u{number % 3}", None, "s", "fact", 2, TIME, TIME + number,
            number == 5, 0, '{"n":5}' if number % 2 else None, '["x"]', '{"colour":"red"}',
            f"green tea {number}")


class Upgrade(CloudCase):
    ROWS = 120

    def upgraded(self, **settings):
        d = self.new_daemon(**settings)
        d.data.mkdir(mode=0o700)
        database = sqlite3.connect(d.data / "memories.db")
        database.execute("PRAGMA journal_mode = WAL")
        database.executescript(SCHEMA_1)
        database.executemany(f"INSERT INTO memories VALUES ({','.join('?' * 15)})",
                             [row(number) for number in range(1, self.ROWS + 1)])
        database.commit()
        database.close()
        return d.start()

    def assert_all_there(self, d):
        self.assertEqual(self.ROWS, self.total(d, "?include_archived=true"))
        memory = d.memory("old-7").json
        self.assertEqual(
            ("green tea 7", "u1", "s", "fact", "high", {"n": 5}, ["x"], "red", "local", False),
            tuple(memory[key] for key in ("content", "user_id", "session_id", "memory_type",
                                          "priority", "metadata", "tags", "colour", "sync_state",
                                          "archived")))
        self.assertEqual("green tea 77", self.contents(d, "77")[0])

    def test_opens_in_local_mode_with_everything_in_it(self):
        d = self.upgraded()
        self.assert_all_there(d)
        self.put(d, "new", "local")
        self.assertEqual(200, d.ask("DELETE", memory_path("old-7")).status)
        self.assertEqual(0, d.stop())
        d.start()
        self.assertEqual(404, d.memory("old-7").status)

    def test_its_memories_can_be_queued_for_a_cloud(self):
        c = self.cloud()
        d = self.upgraded(**self.account(c))
        self.assert_all_there(d)
        self.assertEqual(0, self.waiting(d), "nothing goes to a cloud unasked")
        self.cli(d, "sync", "--all")
        self.until_drained(d)
        self.assert_once(c, [f"green tea {n}" for n in range(1, self.ROWS + 1)])
        self.assert_order(c, lambda m: m["user_id"], lambda m: int(m["content"].split()[2]))
        there = next(m for m in c.memories() if m["content"] == "green tea 7")
        self.assertEqual(("u1", "s", "fact", "high", {"n": 5}, ["x"], "red"), tuple(
            there[key] for key in ("user_id", "session_id", "memory_type", "priority", "metadata",
                                   "tags", "colour")))
        self.assertIn("old-7", [hit["memory_id"] for hit in self.recall(d, "green tea 7",
                                                                        recall_count=1000)])
        self.assertEqual(201, d.post(STORE, {"content": "new"}).status)


if __name__ == "__main__":
    harness.main()
