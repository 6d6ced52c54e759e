"""memorypro reindex: online, whole, and across kill -9."""
import json
import sqlite3
import subprocess

import harness

ROWS = 8000
FOUND = [f"tea {n}" for n in range(0, ROWS, 1000)]


class Reindex(harness.TestCase):
    def setUp(self):
        self.d = self.daemon()
        filler = " ".join(f"word{n}" for n in range(80))
        lines = [{"content": f"tea {n}" if n % 1000 == 0 else f"{n} {filler}", "user_id": f"u{n % 2}"}
                 for n in range(ROWS)]
        text = "".join(json.dumps(line) + "\n" for line in lines)
        answer = self.d.ask("POST", "/api/v1/memory/import", text,
                            {"Content-Type": "application/x-ndjson"})
        self.assertEqual(ROWS, answer.json["imported"])

    def found(self):
        return sorted(self.contents(self.d, "tea", recall_count=100))

    def indexed(self):
        return self.d.get("/api/v1/status").json["index"]

    def on_disk(self):
        with sqlite3.connect(self.d.database()) as db:
            return db.execute("SELECT indexed_seq FROM index_state").fetchone()[0]

    def test_the_command_waits_for_a_whole_index_while_stores_go_on(self):
        self.assertEqual(FOUND, self.found())
        with subprocess.Popen([harness.CLI, "reindex"], text=True, stdout=subprocess.PIPE,
                              env=harness.environment(MEMORYPRO_SOCKET=self.d.socket)) as command:
            stored = 0
            while command.poll() is None:
                self.store(self.d, f"coffee {stored}")
                stored += 1
            self.assertEqual("the search index is built again\n", command.stdout.read())
        self.assertEqual(0, command.returncode)
        self.assertGreater(stored, 0)
        self.assertEqual(FOUND, self.found())
        self.assertEqual({"indexed": ROWS + stored, "behind": 0}, self.indexed())

    def test_a_recall_in_the_middle_is_whole(self):
        begun = self.d.post("/api/v1/index/rebuild", None)
        self.assertEqual((202, "rebuilding", ROWS),
                         (begun.status, begun.json["status"],
                          begun.json["indexed"] + begun.json["behind"]))
        self.assertEqual(FOUND, self.found())
        self.assertEqual(ROWS // 2, self.d.get("/api/v1/memory?user_id=u1").json["total"])

    def test_killed_in_the_middle_it_goes_on_after_the_start(self):
        for _ in range(20):
            self.d.post("/api/v1/index/rebuild", None)
            harness.until(lambda: self.indexed()["indexed"] > 0, "it has begun")
            self.d.kill()
            midway = 0 < self.on_disk() < ROWS
            self.d.start()
            if midway:
                break
        self.assertTrue(midway, "no kill came in the middle")
        harness.until(lambda: self.indexed()["behind"] == 0, "it goes on by itself")
        self.assertEqual(FOUND, self.found())


if __name__ == "__main__":
    harness.main()
