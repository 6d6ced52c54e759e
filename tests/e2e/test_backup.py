"""backup beside a daemon at work, and restore without one."""
import json
import os
import shutil
import sqlite3
import subprocess
import threading

import harness
from cloud_case import CloudCase, STORE, scaled

LARGE = "x" * 20000  # so that a copy takes a while


class Case(CloudCase):
    def spawn_cli(self, d, *arguments, **settings):
        return subprocess.Popen(
            [harness.CLI, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, cwd=d.place,
            env=harness.environment(MEMORYPRO_SOCKET=d.socket, HOME=d.place,
                                    MEMORYPRO_DATA_DIR=d.data, **settings))

    def ids(self, d):
        lines = d.get("/api/v1/memory/export").body.splitlines()
        return {json.loads(line)["memory_id"] for line in lines}

    def files(self, d):
        """Of the data directory, but for those of the database that is in use."""
        return {path.name for path in d.data.iterdir()} - {
            "lock", "memories.db", "memories.db-wal", "memories.db-shm"}


class Storm:
    """Writers that store until they are told to stop, or the daemon is gone."""

    def __init__(self, d, writers=8):
        self.acknowledged, self.lock, self.stopping = set(), threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self.write, args=(d,)) for _ in range(writers)]
        for thread in self.threads:
            thread.start()

    def write(self, d):
        connection = d.connect()
        try:
            while not self.stopping.is_set():
                answer = connection.ask("POST", STORE, {"content": LARGE})
                with self.lock:
                    self.acknowledged.add(answer.json["memory_id"])
        except (OSError, harness.http.client.HTTPException):
            pass
        finally:
            connection.close()

    def so_far(self, at_least=0):
        harness.until(lambda: len(self.acknowledged) >= at_least, f"{at_least} stores")
        with self.lock:
            return set(self.acknowledged)

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(harness.DEADLINE)


class Backup(Case):
    def setUp(self):
        self.d = self.daemon()
        self.file = self.d.place / "backup.db"

    def test_in_a_storm_of_stores_it_has_all_that_were_acknowledged_before(self):
        storm = Storm(self.d)
        self.addCleanup(storm.stop)
        before = storm.so_far(at_least=scaled(500))
        said = json.loads(self.cli(self.d, "backup", self.file, "--json"))
        during = storm.so_far() - before
        storm.stop()
        self.assertTrue(during, "no store was answered while the backup was made")
        self.assertEqual(0o600, self.file.stat().st_mode & 0o7777)
        self.assertEqual(self.file.stat().st_size, said["bytes"])
        self.assertGreaterEqual(said["memories"], len(before))

        self.assertEqual(0, self.d.stop())
        everything = self.cli(self.d, "restore", self.file)
        self.assertIn(f"{said['memories']} memories restored to {self.d.data}", everything)
        self.d.start()
        there = self.ids(self.d)
        self.assertEqual(set(), before - there)
        self.assertEqual(said["memories"], len(there))
        self.assertEqual(0o600, self.d.database().stat().st_mode & 0o7777)
        [former] = self.files(self.d)
        self.assertIn(former, everything)

    def test_a_daemon_killed_meanwhile_leaves_no_backup_and_no_rest(self):
        storm = Storm(self.d)
        self.addCleanup(storm.stop)
        storm.so_far(at_least=scaled(500))
        self.file.write_text("an earlier backup")
        copying = self.spawn_cli(self.d, "backup", self.file)
        harness.until(lambda: self.files(self.d) or copying.poll() is not None, "it copies")
        self.d.kill()
        storm.stop()
        said, _ = copying.communicate(timeout=harness.DEADLINE)
        if copying.returncode != 0:  # unless it was as fast as that
            self.assertEqual(69, copying.returncode, said)
            self.assertEqual("an earlier backup", self.file.read_text())
        self.assertFalse((self.d.place / "backup.db.part").exists())
        self.d.start()
        self.assertEqual(set(), self.files(self.d))
        self.assertEqual(set(), storm.acknowledged - self.ids(self.d))

    def test_there_is_one_at_a_time_and_its_room_is_free_when_its_reader_has_gone(self):
        for _ in range(scaled(300)):
            self.store(self.d, LARGE)
        with self.d.raw() as slow:  # takes the head and leaves the rest
            slow.send("GET /api/v1/backup HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertIn(b" 200 ", slow.file.readline())
            self.assert_problem(self.d.get("/api/v1/backup"), 503)
            self.assertIn("another backup", self.cli(self.d, "backup", self.file, code=75))
        self.assertEqual([], list(self.d.place.glob("backup.db*")))
        harness.until(lambda: self.d.get("/api/v1/backup").status == 200, "the other has ended")
        self.assertEqual(set(), self.files(self.d))

    def test_where_it_cannot_be_written_nothing_is_replaced(self):
        self.cli(self.d, "backup", self.d.place, code=64)
        self.cli(self.d, "backup", "-", code=64)
        self.cli(self.d, "backup", "/dev/null", code=64)
        self.assertIn("in use", self.cli(self.d, "backup", self.d.database(), code=64))
        self.cli(self.d, "backup", self.d.place / "none" / "file", code=64)
        self.cli(self.d, "backup", code=64)
        self.d.stop()
        self.cli(self.d, "backup", self.file, code=69)
        self.assertFalse(self.file.exists())


class Restore(Case):
    def setUp(self):
        self.d = self.daemon()
        self.file = self.d.place / "backup.db"
        self.store(self.d, "green tea")
        self.cli(self.d, "backup", self.file)
        self.store(self.d, "black tea")

    def refused(self, code, *arguments):
        """What it says; the database is as it was."""
        before = self.d.database().read_bytes()
        said = self.cli(self.d, "restore", *(arguments or [self.file]), code=code)
        self.assertEqual(before, self.d.database().read_bytes())
        self.assertEqual(set(), self.files(self.d))
        return said

    def test_a_daemon_that_runs_is_not_disturbed(self):
        self.assertIn("stop it first", self.refused(75))
        self.assertEqual(2, self.total(self.d))

    def test_what_is_no_backup_is_refused(self):
        self.d.stop()
        whole = self.file.read_bytes()
        for name, content in (("cut short", whole[:len(whole) // 2]), ("a text", b"hello"),
                              ("empty", b""),
                              ("zeros", whole[:8192] + b"\0" * 8192 + whole[16384:])):
            with self.subTest(name):
                self.file.write_bytes(content)
                self.assertIn("nothing was changed", self.refused(1))
        self.file.unlink()
        self.refused(64)
        self.refused(64, "-")
        self.refused(64, self.d.place)
        other = sqlite3.connect(self.file)
        other.execute("CREATE TABLE notes (text)")
        other.close()
        self.assertIn("not a database of memoryprod", self.refused(1))
        self.d.start()
        self.assertEqual(2, self.total(self.d))

    def test_the_directory_is_the_daemons_or_named(self):
        self.d.stop()
        elsewhere = self.d.place / "new" / "data"
        said = self.cli(self.d, "restore", self.file, "--data-dir", elsewhere)
        self.assertIn(f"restored to {elsewhere}", said)
        self.assertEqual(set(), self.files(self.d))
        shutil.rmtree(self.d.data)
        os.mkdir(self.d.data)
        self.assertIn("--data-dir", self.cli(self.d, "restore", self.file, code=64))
        self.assertEqual([], list(self.d.data.iterdir()))

    def test_json_tells_all_of_it(self):
        self.d.stop()
        said = json.loads(self.cli(self.d, "restore", self.file, "--json"))
        self.assertEqual((1, 0, str(self.d.data)),
                         (said["memories"], said["queued"], said["data_dir"]))
        self.assertTrue(os.path.exists(said["former"]))


class Queued(Case):
    def test_what_waited_is_sent_again_under_the_same_key(self):
        cloud = self.cloud()
        d = self.hybrid(cloud)
        cloud.fault("error", status=503)
        memory_id = self.put(d, "waits", "queued")
        file = d.place / "backup.db"
        self.assertIn("1 of them in the queue", self.cli(d, "backup", file))
        cloud.clear_faults()
        self.cli(d, "queue", "flush")
        self.assertEqual(["waits"], cloud.contents())
        d.stop()
        self.cli(d, "restore", file)
        d.start()
        self.cli(d, "queue", "flush")
        self.assertEqual("synced", d.memory(memory_id).json["sync_state"])
        self.assertEqual(["waits"], cloud.contents(), "the cloud knew the key")


if __name__ == "__main__":
    harness.main()
