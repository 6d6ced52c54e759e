"""What was acknowledged is there afterwards, whatever happened; a broken file is left alone."""
import hashlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import threading
import unittest

import harness
from harness import memory_path

STORE = "/api/v1/memory/store"


def tree(folder):
    """Content of every file but the lock's."""
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size}


class Kill(harness.TestCase):
    WRITERS, ROUNDS, STORES_A_ROUND = 64, 4, 600

    def write(self, d, name, acknowledged, enough, lock):
        connection, number = d.connect(), 0
        try:
            while True:
                content = f"{name} {number} " + "x" * (number * 37 % 900)
                answer = connection.ask("POST", STORE, {"content": content, "user_id": name})
                self.assertEqual(201, answer.status)
                with lock:
                    acknowledged[answer.json["memory_id"]] = content
                    if len(acknowledged) >= enough[0]:
                        enough[1].set()
                number += 1
        except (OSError, harness.http.client.HTTPException):
            pass  # the daemon was killed
        finally:
            connection.close()

    def test_loses_no_acknowledged_memory(self):
        d = self.daemon()
        acknowledged, lock = {}, threading.Lock()
        for turn in range(self.ROUNDS):
            enough = (len(acknowledged) + self.STORES_A_ROUND, threading.Event())
            writers = [threading.Thread(target=self.write,
                                        args=(d, f"r{turn}w{n}", acknowledged, enough, lock))
                       for n in range(self.WRITERS)]
            for writer in writers:
                writer.start()
            self.assertTrue(enough[1].wait(harness.DEADLINE), "the writers came too slowly")
            d.kill()
            for writer in writers:
                writer.join(harness.DEADLINE)
            d.start()
            lines = d.get("/api/v1/memory/export").body.splitlines()
            there = {memory["memory_id"]: memory["content"] for memory in map(json.loads, lines)}
            self.assertEqual({}, {key: content for key, content in acknowledged.items()
                                  if there.get(key) != content})
            self.assertEqual(len(lines), len(there))
        # The index as well: everything is found, and only once.
        for memory_id, content in list(acknowledged.items())[::200]:
            hits = self.recall(d, content, user_id=content.split()[0], recall_count=1000)
            self.assertEqual(1, [hit["memory_id"] for hit in hits].count(memory_id))

    def test_keeps_updates_deletes_upserts_and_imports(self):
        d = self.daemon()
        changed, deleted = self.store(d, "before"), self.store(d, "to be deleted")
        d.ask("PATCH", memory_path(changed), {"content": "after"})
        d.ask("DELETE", memory_path(deleted))
        d.post("/api/v1/memory/sync", {"local_memory_id": "mine", "content": "first"})
        d.post("/api/v1/memory/sync", {"local_memory_id": "mine", "content": "second"})
        d.ask("POST", "/api/v1/memory/import", '{"content":"imported"}\n',
              {"Content-Type": "application/x-ndjson"})
        d.kill()
        d.start()
        self.assertEqual("after", d.memory(changed).json["content"])
        self.assertEqual(404, d.memory(deleted).status)
        self.assertEqual("second", d.memory("mine").json["content"])
        self.assertEqual(["imported"], self.contents(d, "imported"))
        self.assertEqual(["after"], self.contents(d, "after"))
        self.assertEqual([], self.contents(d, "before deleted first"))

    def test_a_failed_neighbour_in_a_commit_does_no_harm(self):
        d = self.daemon()
        answers, barrier = [], threading.Barrier(32)

        def send(number):
            connection = d.connect()
            connection.connect()
            barrier.wait(harness.DEADLINE)
            key = {"Idempotency-Key": "shared"} if number % 2 else {}
            answers.append((number, connection.ask("POST", STORE, {"content": f"m{number}"}, key)))
            connection.close()

        threads = [threading.Thread(target=send, args=(number,)) for number in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(harness.DEADLINE)
        self.assertEqual(32, len(answers))
        stored = [(n, a) for n, a in answers if a.status == 201]
        self.assertEqual(17, len(stored), "16 without a key and one of those that share it")
        self.assertEqual({422}, {a.status for _, a in answers if a.status != 201})
        for number, answer in stored:
            self.assertEqual(f"m{number}", d.memory(answer.json["memory_id"]).json["content"])


class BadFile(harness.TestCase):
    """The daemon refuses to start, says which file, and leaves every byte."""

    def prepared(self):
        d = self.daemon()
        for number in range(200):
            self.store(d, f"memory {number} " + "x" * 500)
        self.assertEqual(0, d.stop())
        return d, d.database()

    def assert_refused(self, d, path, *words, codes=range(1, 127)):
        before = tree(d.data)
        d.log_path.write_text("")
        d.spawn()
        code = d.wait()
        self.assertIn(code, codes, f"exit code {code}")
        self.assertIn(path.name, d.log)
        for word in words:
            self.assertIn(word, d.log)
        after = tree(d.data)
        self.assertEqual({name: after.get(name) for name in before}, before)
        d.process = None

    def test_a_file_that_is_no_database(self):
        d, path = self.prepared()
        path.write_bytes(b"this is not a database\n" * 500)
        self.assert_refused(d, path)

    def test_a_damaged_header(self):
        d, path = self.prepared()
        with path.open("r+b") as file:
            file.write(os.urandom(100))
        self.assert_refused(d, path)

    def test_damaged_pages(self):
        d, path = self.prepared()
        size = path.stat().st_size
        with path.open("r+b") as file:
            for offset in range(4096, size - 4096, 3 * 4096):
                file.seek(offset)
                file.write(b"\xa5" * 4096)
        self.assert_refused(d, path)

    def test_a_truncated_file(self):
        d, path = self.prepared()
        os.truncate(path, path.stat().st_size // 2 // 4096 * 4096)
        self.assert_refused(d, path)

    def test_a_schema_newer_than_the_program(self):
        d, path = self.prepared()
        database = sqlite3.connect(path)
        database.execute("PRAGMA user_version = 9999")
        database.commit()
        database.close()
        self.assert_refused(d, path, "newer")

    def test_a_database_of_another_program(self):
        d = self.new_daemon()
        d.data.mkdir(mode=0o700)
        first = self.new_daemon().start()
        name = first.database().name
        path = d.data / name
        database = sqlite3.connect(path)
        database.execute("CREATE TABLE recipes(title)")
        database.commit()
        self.assert_refused(d, path, codes=[78])
        # It may count its schemas as we do.
        database.execute("PRAGMA user_version = 1")
        database.commit()
        database.close()
        self.assert_refused(d, path, codes=[78])


class BusyDatabase(harness.TestCase):
    """Another program holds the database longer than the daemon waits for it."""

    def test_a_store_gets_503_and_is_taken_when_the_database_is_free(self):
        d = self.daemon()
        kept = self.store(d, "before")
        other = sqlite3.connect(d.database(), isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN IMMEDIATE")
        for method, path, body in (("POST", STORE, {"content": "meanwhile"}),
                                   ("DELETE", memory_path(kept), None)):
            answer = d.ask(method, path, body)
            self.assert_problem(answer, 503)
            self.assertGreater(int(answer.headers["retry-after"]), 0)
        self.assertEqual("before", d.memory(kept).json["content"])
        other.execute("ROLLBACK")
        self.store(d, "after")
        self.assertEqual({"before", "after"}, set(self.contents(d, "before meanwhile after")))
        self.assertEqual(200, d.get("/readyz").status)


class FullDisk(harness.TestCase):
    """A small file system in a mount namespace of the daemon's own."""

    def test_answers_507_keeps_what_it_has_and_goes_on_when_there_is_space(self):
        isolate = self.isolation()
        d = self.new_daemon()
        d.data.mkdir(mode=0o700)
        self.fed = 0
        watchdog = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        watchdog.bind(str(d.place / "notify"))
        listener = threading.Thread(target=self.count_fed, args=(watchdog,))
        listener.start()
        self.addCleanup(listener.join, harness.DEADLINE)
        self.addCleanup(watchdog.shutdown, socket.SHUT_RDWR)
        # A short watchdog, so that the store is asked often whether it is alive.
        d.start(prefix=[*isolate, "sh", "-c",
                        f'mount -t tmpfs -o size=12m,mode=0700 tmpfs "{d.data}" && '
                        f'head -c 4000000 /dev/zero > "{d.data}/filler" && exec "$0" "$@"'],
                NOTIFY_SOCKET=d.place / "notify", WATCHDOG_USEC=30000)
        self.store(d, "green tea", user_id="ada")
        self.assertEqual(["green tea"], self.contents(d, "tea"))
        inside = harness.Path(f"/proc/{d.process.pid}/root{d.data}")
        acknowledged, refused = {}, None
        for number in range(3000):
            answer = d.post(STORE, {"content": f"{number} " + "x" * 8000})
            if answer.status != 201:
                refused = answer
                break
            acknowledged[answer.json["memory_id"]] = number
        self.assertIsNotNone(refused, "the disk never filled up")
        self.assert_problem(refused, 507)
        for memory_id, number in list(acknowledged.items())[::7]:
            memory = d.memory(memory_id)
            self.assertEqual((200, f"{number} "), (memory.status, memory.json["content"][:-8000]))
        self.assert_reads_go_on(d)
        self.store_in_vain(d)
        self.assert_reads_go_on(d)
        self.assert_watchdog_is_fed()

        (inside / "filler").unlink()
        harness.until(lambda: d.post(STORE, {"content": "space again"}).status == 201,
                      "stores work when space returned")
        self.assert_watchdog_is_fed()
        self.assertEqual(200, d.get("/readyz").status)
        self.assertEqual(["space again"], self.contents(d, "space"))
        lines = d.get("/api/v1/memory/export").body.splitlines()
        there = {memory["memory_id"] for memory in map(json.loads, lines)}
        self.assertEqual(set(), set(acknowledged) - there)

        # An open directory keeps the file system when the namespace goes with the daemon.
        kept = os.open(inside, os.O_RDONLY | os.O_DIRECTORY)
        self.addCleanup(os.close, kept)
        self.assertEqual(0, d.stop())
        shutil.copytree(f"/proc/self/fd/{kept}/", d.place / "copy")
        copy = sqlite3.connect(next((d.place / "copy").glob("*.db")))
        self.addCleanup(copy.close)
        self.assertEqual([("ok",)], copy.execute("PRAGMA integrity_check").fetchall())

    def assert_reads_go_on(self, d):
        self.assertEqual(["green tea"], self.contents(d, "tea"))
        self.assertEqual(1, d.get("/api/v1/memory?user_id=ada").json["total"])
        for path in ("/livez", "/readyz"):
            self.assertEqual(200, d.get(path).status)

    def store_in_vain(self, d):
        """Enough at once that the questions whether the store is alive come among them."""
        answers = []

        def send():
            connection = d.connect()
            for _ in range(100):
                answers.append(connection.ask("POST", STORE, {"content": "x" * 50000}).status)
            connection.close()

        threads = [threading.Thread(target=send) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(harness.DEADLINE)
        self.assertEqual((800, {507}), (len(answers), set(answers) - {201}))

    def count_fed(self, watchdog):
        with watchdog:
            while (message := watchdog.recv(4096)):
                self.fed += b"WATCHDOG=1" in message

    def assert_watchdog_is_fed(self):
        enough = self.fed + 3
        harness.until(lambda: self.fed >= enough, "the watchdog is fed")

    @staticmethod
    def isolation():
        for command in (["unshare", "--mount"], ["unshare", "--mount", "--map-root-user"]):
            probe = "mount -t tmpfs tmpfs /mnt"
            try:
                if subprocess.run([*command, "sh", "-c", probe], capture_output=True,
                                  check=False).returncode == 0:
                    return command
            except FileNotFoundError:
                break
        raise unittest.SkipTest("needs the right to mount in a namespace of its own")


if __name__ == "__main__":
    harness.main()
