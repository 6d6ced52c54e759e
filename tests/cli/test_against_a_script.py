"""memorypro against answers that a healthy daemon does not give."""
import json
import os
import pty
import socket
import subprocess
import unittest

from script import CLI, DEADLINE, Script, TestCase, answer, chunked, problem

MEMORY = {"memory_id": "mem_1", "content": "x", "timestamp": "2025-01-31T10:20:30.5Z"}


class ExitCodes(TestCase):
    def test_each_status_has_its_code(self):
        for status, code in ((400, 64), (413, 64), (415, 64), (422, 64), (404, 1), (429, 75),
                             (503, 75), (500, 70), (507, 70)):
            with self.subTest(status):
                self.socket = self.place / f"{status}.sock"
                self.script(problem(status, "the reason"))
                done = self.cli("status")
                self.assertEqual((code, "memorypro: the reason\n"), (done.returncode, done.stderr))

    def test_an_answer_that_is_no_problem_document_is_told_by_its_status(self):
        self.script(answer(500, b"<html>"))
        done = self.cli("status")
        self.assertEqual((70, "memorypro: the daemon answered with status 500\n"),
                         (done.returncode, done.stderr))

    def test_field_errors_follow_below(self):
        self.script(problem(422, "2 fields are wrong", [{"field": "tags[2]", "detail": "must be a string"}]))
        self.assertEqual("memorypro: 2 fields are wrong\n  tags[2]: must be a string\n",
                         self.cli("store", "x").stderr)

    def test_a_single_field_error_is_not_said_twice(self):
        self.script(problem(422, "limit: must be 1 to 1000", [{"field": "limit", "detail": "must be 1 to 1000"}]))
        self.assertEqual("memorypro: limit: must be 1 to 1000\n", self.cli("list").stderr)

    def test_retry_after_is_told(self):
        self.script(problem(503, "busy", Retry_After=7))
        self.assertEqual("memorypro: busy (try again in 7 s)\n", self.cli("status").stderr)

    def test_silence_ends_at_the_timeout(self):
        self.script(Script.SILENCE)
        done = self.cli("status", "--timeout", "0.2")
        self.assertEqual(69, done.returncode)
        self.assertIn("within 0.2 s", done.stderr)

    def test_a_socket_that_nobody_accepts_on_is_75(self):
        with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as first:
            listener.bind(str(self.socket))
            listener.listen(0)
            first.connect(str(self.socket))  # the one place in the queue
            self.assertEqual(75, self.cli("status", "--timeout", "0.2").returncode)

    def test_a_connection_that_breaks_off_is_69(self):
        self.script(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", Script.CLOSE)
        self.assertEqual(69, self.cli("status").returncode)

    def test_an_answer_that_is_not_json_is_70(self):
        self.script(answer(200, b"hello"))
        self.assertEqual(70, self.cli("status").returncode)

    def test_a_full_disk_behind_standard_output_is_70(self):
        self.script(answer(200, MEMORY))
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([CLI, "get", "mem_1"], stdout=full, stderr=subprocess.PIPE,
                                  env=self.environment(), timeout=DEADLINE, check=False)
        self.assertEqual(70, done.returncode)

    def test_a_text_in_an_error_cannot_write_a_second_line_or_an_escape(self):
        self.script(problem(422, "bad\nmemorypro: fine \x1b[2J"))
        self.assertEqual("memorypro: bad memorypro: fine \\x1b[2J\n", self.cli("status").stderr)


class Requests(TestCase):
    def test_ids_are_percent_encoded(self):
        script = self.script(answer(200, MEMORY))
        self.assertEqual(0, self.cli("get", "a/b?c#d é%").returncode)
        self.assertEqual("/api/v1/memory/a%2Fb%3Fc%23d%20%C3%A9%25", script.requests[0].target)

    def test_a_verbs_name_is_a_text_like_any_other(self):
        script = self.script(answer(201, MEMORY))
        self.assertEqual(0, self.cli("store", "--tag", "list", "status").returncode)
        self.assertEqual({"content": "status", "tags": ["list"]}, script.requests[0].json)

    def test_a_content_with_brackets_or_dashes_is_stored_as_it_is(self):
        script = self.script(answer(201, MEMORY), answer(201, MEMORY), answer(201, MEMORY))
        for arguments in (["[a,b]"], ["--", "--not an option"], [""]):
            self.assertEqual(0, self.cli("store", *arguments).returncode)
        self.assertEqual(["[a,b]", "--not an option", ""],
                         [request.json["content"] for request in script.requests])

    def test_an_empty_filter_is_sent_and_not_dropped(self):
        script = self.script(answer(200, {"memories": []}), answer(200, {"memories": []}))
        self.cli("recall", "x", "--user", "", "--agent=")
        self.cli("list", "--user", "")
        self.assertEqual({"query": "x", "recall_count": 5, "user_id": "", "agent_id": ""},
                         script.requests[0].json)
        self.assertIn("user_id=", script.requests[1].target)

    def test_recall_sends_its_filters_and_weights(self):
        script = self.script(answer(200, {"memories": []}))
        self.cli("recall", "q", "--count", "3", "--tag", "a", "--tag", "b", "--metadata", "n=5",
                 "--metadata", "zip=01234", "--metadata", "big=123456789012345678901234567890",
                 "--since", "2025-01-01", "--include-archived", "--min-score", "0.5",
                 "--no-recent", "--no-responsibilities", "--explain")
        self.assertEqual(
            {"query": "q", "recall_count": 3, "tags": ["a", "b"],
             "metadata": {"n": 5, "zip": "01234", "big": "123456789012345678901234567890"},
             "since": "2025-01-01", "include_archived": True, "min_score": 0.5,
             "weight_recent": False, "weight_responsibilities": False, "explain": True},
            script.requests[0].json)

    def test_list_follows_cursors(self):
        script = self.script(answer(200, {"memories": [MEMORY], "next_cursor": "a&b", "total": 2}),
                             answer(200, {"memories": [MEMORY], "next_cursor": None, "total": 2}))
        done = self.cli("list", "--all", "--metadata", "a=b c", "--tag", "t")
        self.assertEqual(0, done.returncode, done)
        self.assertEqual(1, done.stdout.count("CONTENT"), "one header for all pages")
        self.assertEqual(["/api/v1/memory?tags=t&metadata.a=b%20c&limit=20",
                          "/api/v1/memory?tags=t&metadata.a=b%20c&limit=20&cursor=a%26b"],
                         [request.target for request in script.requests])

    def test_a_connection_that_the_daemon_closed_while_idle_is_made_anew(self):
        # The first page does not fit the pipe: the program waits for its reader, the daemon hangs up.
        large = {**MEMORY, "content": "x" * 1_000_000}
        script = self.script(answer(200, {"memories": [large], "next_cursor": "2", "total": 2}),
                             Script.CLOSE,
                             answer(200, {"memories": [MEMORY], "next_cursor": None, "total": 2}))
        with subprocess.Popen([CLI, "list", "--all"], stdout=subprocess.PIPE,
                              env=self.environment()) as program:
            self.assertTrue(script.hung_up.wait(DEADLINE))
            text, _ = program.communicate(timeout=DEADLINE)
        self.assertEqual((0, 3), (program.returncode, len(text.splitlines())))

    def test_delete_goes_on_after_an_unknown_id(self):
        script = self.script(answer(200, {}), problem(404, "no such memory"), answer(200, {}))
        done = self.cli("delete", "a", "b", "c")
        self.assertEqual((1, 3), (done.returncode, len(script.requests)))
        self.assertEqual("memorypro: 1 of 3 not found\n  b: no such memory\n", done.stderr)

    def test_delete_never_takes_a_bracketed_id_for_a_list(self):
        done = self.cli("delete", "[a,b]")
        self.assertEqual(64, done.returncode)

    def test_an_empty_id_is_refused_before_it_names_everything(self):
        for verb in ("get", "delete"):
            self.assertEqual(64, self.cli(verb, "").returncode)

    def test_the_idempotency_key_and_the_own_id(self):
        script = self.script(answer(201, MEMORY), answer(200, MEMORY))
        self.cli("store", "x", "--idempotency-key", "k")
        self.cli("store", "x", "--id", "mine")
        first, second = script.requests
        self.assertEqual(("/api/v1/memory/store", "k"), (first.target, first.headers["idempotency-key"]))
        self.assertEqual("/api/v1/memory/sync", second.target)
        self.assertEqual({"local_memory_id": "mine", "content": "x"}, second.json)
        self.assertEqual(64, self.cli("store", "x", "--id", "a", "--idempotency-key", "k").returncode)

    def test_queue_verbs(self):
        script = self.script(answer(200, {"drained": False, "pending": 3, "dead": 0}), answer(), answer())
        self.assertEqual(75, self.cli("queue", "flush", "--timeout", "2").returncode)
        self.cli("queue", "retry", "a/1")
        self.cli("queue", "delete", "a/1")
        self.assertEqual([("POST", "/api/v1/queue/flush?timeout=2"), ("POST", "/api/v1/queue/a%2F1/retry"),
                          ("DELETE", "/api/v1/queue/a%2F1")],
                         [(request.method, request.target) for request in script.requests])


class Output(TestCase):
    def test_json_is_passed_on_as_it_came(self):
        body = b'{"memories": [ ],"n":1.50,  "u":"\\u00e9"}'
        self.script(answer(200, body))
        self.assertEqual(body.decode() + "\n", self.cli("recall", "x", "--json").stdout)

    def test_a_memory_cannot_write_escapes(self):
        evil = {**MEMORY, "content": "a\x1b]0;title\x07b\r\x9bc\u202ed\ne", "memory_id": "\x1b[2Jid"}
        self.script(answer(200, {"memories": [evil]}), answer(200, evil))
        listed = self.cli("list").stdout
        shown = self.cli("get", "x").stdout
        for text in (listed, shown):
            self.assertFalse(set(text) & set("\x1b\x07\r\x9b\u202e"), repr(text))
        self.assertIn("a\\x1b]0;title\\x07b \\u{009b}c\\u{202e}d e", listed)

    def on_terminal(self, *arguments, columns, **settings):
        main, side = pty.openpty()
        import fcntl, struct, termios
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        with subprocess.Popen([CLI, *arguments], stdout=side, stdin=subprocess.DEVNULL,
                              env=self.environment(TERM="xterm", **settings)) as program:
            os.close(side)
            text = b""
            try:
                while piece := os.read(main, 65536):
                    text += piece
            except OSError:  # EIO: the program has gone
                pass
            program.wait(DEADLINE)
        os.close(main)
        return text.decode().replace("\r\n", "\n")

    def test_a_table_fits_the_terminal_and_is_whole_elsewhere(self):
        memory = {**MEMORY, "content": "é" * 200}
        self.script(*[answer(200, {"memories": [memory]})] * 2)
        for line in self.on_terminal("list", columns=60, NO_COLOR="1").splitlines():
            self.assertLessEqual(len(line), 60)
        self.assertIn("é" * 200, self.cli("list").stdout)

    def test_colour_only_on_a_terminal_without_no_color(self):
        self.script(*[answer(200, {"memories": [MEMORY]})] * 3)
        environment = {"NO_COLOR": ""}
        self.assertIn("\x1b[", self.on_terminal("list", columns=80, **environment))
        self.assertNotIn("\x1b", self.on_terminal("list", columns=80, NO_COLOR="1"))
        self.assertNotIn("\x1b", self.cli("list", **environment).stdout)


class Transfer(TestCase):
    def test_import_streams_its_input(self):
        script = self.script(answer(200, {"imported": 3, "duplicates": 1, "failed": 0, "errors": []}))
        lines = "".join(json.dumps({"content": "x" * 1000}) + "\n" for _ in range(1000))
        done = self.cli("import", text=lines)
        self.assertEqual((0, "imported 3, duplicates 1, failed 0\n"), (done.returncode, done.stdout))
        self.assertEqual("application/x-ndjson", script.requests[0].headers["content-type"])
        self.assertEqual(lines, script.requests[0].body.decode())

    def test_import_tells_the_lines_that_failed(self):
        self.script(answer(200, {"imported": 1, "duplicates": 0, "failed": 1,
                                 "errors": [{"line": 2, "detail": "not JSON"}]}))
        done = self.cli("import", text="{}\nx\n")
        self.assertEqual((64, "memorypro: not imported: 1 of the lines\n  line 2: not JSON\n"),
                         (done.returncode, done.stderr))

    def test_import_tells_why_the_daemon_stopped_reading(self):
        self.script(Script.EARLY, problem(507, "the disk is full", Connection="close"))
        file = self.place / "large.ndjson"
        file.write_bytes(b'{"content":"' + b"x" * 100 + b'"}\n')
        with open(file, "r+b") as sparse:
            sparse.truncate(50_000_000)
        done = self.cli("import", file)
        self.assertEqual((70, "memorypro: the disk is full\n"), (done.returncode, done.stderr))

    def test_export_replaces_a_file_only_when_it_is_whole(self):
        file = self.place / "backup.ndjson"
        self.script(chunked(b'{"a":1}\n', b'{"b":2}\n'), chunked(b'{"c":3}\n', end=False), Script.CLOSE)
        self.assertEqual(0, self.cli("export", file).returncode)
        self.assertEqual(0o600, file.stat().st_mode & 0o777)
        done = self.cli("export", file)
        self.assertEqual(69, done.returncode, done)
        self.assertEqual('{"a":1}\n{"b":2}\n', file.read_text())
        self.assertEqual([file.name], [path.name for path in self.place.glob("*.ndjson*")])

    def test_a_broken_export_to_standard_output_fails(self):
        self.script(chunked(b'{"c":3}\n', end=False), Script.CLOSE)
        done = self.cli("export")
        self.assertEqual((69, '{"c":3}\n'), (done.returncode, done.stdout))

    def test_a_refused_export_leaves_no_file(self):
        self.script(problem(503, "busy"))
        self.assertEqual(75, self.cli("export", self.place / "new").returncode)
        self.assertFalse((self.place / "new").exists())


class Events(TestCase):
    def test_a_lost_stream_is_resumed_after_the_last_event(self):
        first = chunked(b": hello\n\nid: 7\nevent: memory.stored\nda", b'ta: {"memory_id":"m"}\n\n',
                        b"id: 8\nevent: half", end=False)
        script = self.script(first, Script.CLOSE, chunked(b"id: 9\ndata: x\n\n"), problem(500, "enough"))
        done = self.cli("events", "--last-id", "5", "--json")
        self.assertEqual(70, done.returncode, done)
        self.assertEqual([{"id": "7", "event": "memory.stored", "data": {"memory_id": "m"}},
                          {"id": "9", "event": "message", "data": "x"}],
                         [json.loads(line) for line in done.stdout.splitlines()])
        # The id of the unfinished event counts for nothing: it was never shown.
        self.assertEqual(["5", "7", "9"],
                         [request.headers["last-event-id"] for request in script.requests])

    def test_without_follow_it_ends_when_nothing_more_comes(self):
        self.script(chunked(b'id: 1\nevent: e\ndata: {"memory_id":"m"}\n\n', end=False), Script.SILENCE)
        done = self.cli("events", "--no-follow")
        self.assertEqual((0, "1 e m\n"), (done.returncode, done.stdout))


class Doctor(TestCase):
    STATUS = {"version": "0.0.0", "mode": "hybrid", "uptime_seconds": 5,
              "cloud": {"state": "offline", "last_error": "no route"},
              "queue": {"pending": 4, "in_flight": 0, "dead": 1}}

    def test_it_finds_what_is_wrong(self):
        self.script(answer(200, self.STATUS), answer(200, self.STATUS),
                    answer(201, {"memory_id": "m"}), answer(200, {"memories": []}),
                    answer(200, {"cloud_copy": "none"}), answer(200, self.STATUS),
                    answer(200, {"drained": False, "pending": 4, "dead": 1}))
        done = self.cli("doctor", "--data-dir", self.place)
        self.assertEqual(70, done.returncode, done)
        self.assertIn("the daemon is 0.0.0", done.stdout)
        self.assertIn("stored and not recalled", done.stdout)
        self.assertIn("4 wait and none was sent: no route", done.stdout)

    def test_a_damaged_database_is_found(self):
        (self.place / "memories.db").write_bytes(b"not a database" * 1000)
        done = self.cli("doctor", "--data-dir", self.place, "--json")
        self.assertEqual(69, done.returncode)
        outcomes = {check["check"]: check["outcome"] for check in json.loads(done.stdout)["checks"]}
        self.assertEqual(("FAIL", "FAIL", "FAIL", "ok", "skip"),
                         tuple(outcomes[name] for name in
                               ("database", "socket", "daemon", "disk", "queue")))


if __name__ == "__main__":
    unittest.main()
