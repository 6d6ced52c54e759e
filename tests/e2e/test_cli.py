"""memorypro, every verb, against a real daemon."""
import json
import os
import signal
import socket
import subprocess

import harness


class Cli(harness.TestCase):
    def setUp(self):
        self.d = self.daemon()

    def cli(self, *arguments, text=None, **settings):
        known = {"MEMORYPRO_SOCKET": self.d.socket, "HOME": self.d.place,
                 "MEMORYPRO_DATA_DIR": self.d.data, **settings}
        return subprocess.run([harness.CLI, *arguments], input=text or "", text=True,
                              capture_output=True, env=harness.environment(**known),
                              cwd=self.d.place, timeout=harness.DEADLINE, check=False)

    def good(self, *arguments, **options):
        done = self.cli(*arguments, **options)
        self.assertEqual(0, done.returncode, (arguments, done))
        return done.stdout

    def parsed(self, *arguments, **options):
        return json.loads(self.good(*arguments, "--json", **options))

    def test_a_text_that_looks_like_an_option_is_refused_and_stored_after_two_dashes(self):
        refused = self.cli("store", "-hello")
        self.assertEqual(64, refused.returncode)
        self.assertIn("-hello", refused.stderr)
        self.assertEqual(0, self.cli("store", "--", "-hello").returncode)

    def test_store_from_an_argument_or_from_standard_input(self):
        stored = self.parsed("store", "Anna prefers mornings", "--user", "anna", "--tag", "a",
                             "--tag", "b", "--priority", "high", "--metadata", "n=5",
                             "--type", "fact", "--session", "s", "--agent", "g")
        memory = self.d.memory(stored["memory_id"]).json
        self.assertEqual(
            ("Anna prefers mornings", "anna", ["a", "b"], "high", {"n": 5}, "fact", "s", "g"),
            tuple(memory[key] for key in ("content", "user_id", "tags", "priority", "metadata",
                                          "memory_type", "session_id", "agent_id")))
        for arguments in (["store"], ["store", "-"]):
            stored = self.parsed(*arguments, text="two\nlines ☃")
            self.assertEqual("two\nlines ☃",
                             self.d.memory(stored["memory_id"]).json["content"].rstrip("\n"))

    def test_store_under_an_own_id_and_once_for_a_key(self):
        for text in ("first", "second"):
            self.good("store", text, "--id", "mine/ü 1")
        self.assertEqual("second", self.d.memory("mine/ü 1").json["content"])
        ids = {self.parsed("store", "x", "--idempotency-key", "k")["memory_id"] for _ in range(2)}
        self.assertEqual(1, len(ids))

    def test_recall(self):
        memory_id = self.store(self.d, "the deadline is on Friday", user_id="anna")
        self.store(self.d, "the deadline is on Monday", user_id="bob")
        self.assertIn("Friday", self.good("recall", "deadline", "--count", "3"))
        answer = self.parsed("recall", "deadline", "--user", "anna", "--explain")
        self.assertEqual([memory_id], [memory["memory_id"] for memory in answer["memories"]])
        self.assertEqual(0, self.cli("recall", "nothing-like-it").returncode)

    def test_list_get_update_delete(self):
        ids = [self.store(self.d, f"memory {number}", user_id="anna") for number in range(30)]
        self.assertIn("memory 29", self.good("list", "--limit", "5"))
        self.assertEqual(30, self.parsed("list", "--limit", "1000")["total"])
        every = self.good("list", "--all", "--limit", "7")
        for number in range(30):
            self.assertIn(f"memory {number}", every)

        self.assertIn("memory 3", self.good("get", ids[3]))
        self.assertEqual(self.d.memory(ids[3]).json, self.parsed("get", ids[3]))

        self.good("update", ids[3], "--content", "changed", "--priority", "urgent", "--archive")
        memory = self.d.memory(ids[3]).json
        self.assertEqual(("changed", "urgent", True),
                         tuple(memory[key] for key in ("content", "priority", "archived")))
        self.good("update", ids[3], "--unarchive")
        self.assertIs(False, self.d.memory(ids[3]).json["archived"])

        self.good("delete", ids[3], ids[4])
        self.assertEqual([404, 404], [self.d.memory(i).status for i in ids[3:5]])

    def test_import_and_export(self):
        lines = "".join(json.dumps({"content": f"line {n}"}) + "\n" for n in range(100))
        file = self.d.place / "in.ndjson"
        file.write_text(lines)
        self.assertIn("100", self.good("import", str(file)))
        self.assertEqual(1, self.parsed("import", "-", text='{"content":"x"}\n')["imported"])
        exported = self.good("export")
        self.assertEqual(101, len(exported.splitlines()))
        self.good("export", str(self.d.place / "out.ndjson"))
        self.assertEqual(exported, (self.d.place / "out.ndjson").read_text())
        self.assertEqual(101, self.parsed("import", "-", text=exported)["duplicates"])

    def test_import_reports_bad_lines_and_fails_for_them(self):
        done = self.cli("import", "-", text='{"content":"x"}\nbad\n{"content":"y"}\n')
        self.assertNotEqual(0, done.returncode)
        self.assertIn("2", done.stderr + done.stdout)
        self.assertEqual(2, len(self.listed(self.d)))

    def test_status_queue_and_config(self):
        self.assertIn("local", self.good("status"))
        self.assertEqual("local", self.parsed("status")["mode"])
        self.assertEqual([], self.parsed("queue")["items"])
        self.good("queue")
        self.assertTrue(self.parsed("queue", "flush")["drained"])
        self.assertEqual(0, self.cli("config").returncode)

    def test_doctor_finds_a_healthy_daemon_healthy(self):
        done = self.cli("doctor")
        self.assertEqual(0, done.returncode, done)
        report = self.cli("doctor", "--json")
        self.assertEqual(0, report.returncode, report)
        json.loads(report.stdout)
        self.assertEqual([], self.listed(self.d, "?include_archived=true"),
                         "it takes its own memory away again")

    def test_doctor_tells_when_no_daemon_runs(self):
        self.assertEqual(0, self.d.stop())
        done = self.cli("doctor")
        self.assertEqual(69, done.returncode, done)

    def test_events_follow_until_interrupted(self):
        follower = subprocess.Popen(
            [harness.CLI, "events", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=harness.environment(MEMORYPRO_SOCKET=self.d.socket, HOME=self.d.place))
        self.addCleanup(follower.communicate)
        self.addCleanup(follower.kill)
        # Events are not replayed to one who connects later, so store until one arrives.
        os.set_blocking(follower.stdout.fileno(), False)
        received = b""

        def arrived():
            nonlocal received
            self.store(self.d, "announced")
            received += follower.stdout.read() or b""
            return b"\n" in received

        harness.until(arrived, "an event on standard output")
        event = json.loads(received.splitlines()[0])
        self.assertEqual("memory.stored", event["event"])
        follower.send_signal(signal.SIGINT)
        follower.wait(harness.DEADLINE)

    def test_help_version_and_completion(self):
        for arguments in (["--help"], ["--version"], ["recall", "--help"], ["completion", "bash"]):
            self.assertTrue(self.good(*arguments))
        for verb in ("store", "recall", "list", "get", "update", "delete", "import", "export",
                     "status", "queue", "sync", "events", "doctor", "config", "backup", "restore",
                     "completion"):
            self.assertIn(verb, self.good("--help"))
            self.assertTrue(self.good(verb, "--help"))

    def test_output_for_programs_has_no_colour_and_no_surprises(self):
        self.store(self.d, "tricky \x1b[31mred\x1b[0m \r\n text")
        for arguments in (["list"], ["recall", "tricky"], ["status"], ["list", "--json"]):
            self.assertNotIn("\x1b", self.good(*arguments))


class ExitCodes(harness.TestCase):
    def cli(self, path, *arguments, user=None):
        return subprocess.run([harness.CLI, *arguments], text=True, capture_output=True,
                              env=harness.environment(MEMORYPRO_SOCKET=path, HOME="/nonexistent"),
                              stdin=subprocess.DEVNULL, timeout=harness.DEADLINE, check=False,
                              cwd="/", user=user)

    def assert_exit(self, code, done):
        self.assertEqual(code, done.returncode, done)
        self.assertTrue(done.stderr.strip(), "it says why")

    def test_64_for_wrong_usage(self):
        d = self.daemon()
        for arguments in ([], ["nonsense"], ["recall"], ["get"], ["list", "--limit", "0"],
                          ["store", "x", "--priority", "extreme"], ["status", "--nonsense"]):
            with self.subTest(arguments):
                self.assert_exit(64, self.cli(d.socket, *arguments))

    def test_64_for_what_the_daemon_refuses(self):
        d = self.daemon()
        self.assert_exit(64, self.cli(d.socket, "store", "x", "--timestamp", "yesterday"))

    def test_an_unknown_id_is_a_failure(self):
        d = self.daemon()
        for arguments in (["get", "none"], ["delete", "none"], ["update", "none", "--type", "x"],
                          ["queue", "retry", "none"]):
            done = self.cli(d.socket, *arguments)
            self.assertNotEqual(0, done.returncode, done)
            self.assertNotIn("\n\n", done.stderr)

    def test_ready_is_for_health_checks(self):
        d = self.daemon()
        done = self.cli(d.socket, "ready")
        self.assertEqual(0, done.returncode, done)
        self.assertIn("store", done.stdout)
        self.assertEqual("ok", json.loads(self.cli(d.socket, "ready", "--json").stdout)["status"])
        self.assert_exit(69, self.cli(d.place / "none.sock", "ready"))
        away = self.new_daemon(MEMORYPRO_API_URL="http://127.0.0.1:9", MEMORYPRO_API_KEY="k",
                               MEMORYPRO_API_SECRET="s", MEMORYPRO_LOCAL_FALLBACK="false")
        away.spawn()
        done = harness.until(lambda: next((done for done in [self.cli(away.socket, "ready")]
                                           if done.returncode not in (0, 69)), None),
                             "the cloud is known to be away")
        self.assert_exit(75, done)
        self.assertIn("the cloud is away", done.stderr)

    def test_69_when_no_daemon_listens(self):
        d = self.daemon()
        self.assert_exit(69, self.cli(d.place / "none.sock", "status"))
        d.kill()
        self.assert_exit(69, self.cli(d.socket, "status"))

    def test_77_when_the_socket_does_not_admit(self):
        if os.geteuid() != 0:
            self.skipTest("needs root to become another user")
        d = self.daemon(MEMORYPRO_SOCKET_MODE="0600")
        d.place.chmod(0o755)
        self.assert_exit(77, self.cli(d.socket, "status", user=65534))

    def test_75_when_the_daemon_says_try_again(self):
        place = self.new_daemon().place
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.addCleanup(listener.close)
        listener.bind(str(place / "busy.sock"))
        listener.listen(1)
        for status, phrase in ((503, "Service Unavailable"), (429, "Too Many Requests")):
            client = subprocess.Popen(
                [harness.CLI, "status"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                env=harness.environment(MEMORYPRO_SOCKET=place / "busy.sock", HOME=place))
            listener.settimeout(harness.DEADLINE)
            peer, _ = listener.accept()
            peer.recv(65536)
            body = json.dumps({"type": "about:blank", "title": phrase, "status": status,
                               "detail": "too much in flight", "code": "x", "request_id": "y"})
            peer.sendall(f"HTTP/1.1 {status} {phrase}\r\nContent-Type: application/problem+json\r\n"
                         f"Retry-After: 1\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
            _, errors = client.communicate(timeout=harness.DEADLINE)
            peer.close()
            self.assertEqual(75, client.returncode)
            self.assertIn("too much in flight", errors)


if __name__ == "__main__":
    harness.main()
