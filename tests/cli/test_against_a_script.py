"""memorypro against answers that a healthy daemon does not give."""
import json
import os
import pty
import socket
import subprocess
import time
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


ITEM = {"id": "17", "memory_id": "mem_1", "operation": "sync", "state": "dead", "attempts": 3,
        "next_attempt_at": None, "last_error": "422: too odd", "created_at": "2025-01-31T10:20:30Z"}
AWAY = {"cloud": {"state": "offline", "circuit": "open", "last_error": "no route"}}


def flushed(pending, dead=0):
    return answer(200, {"drained": pending == 0, "pending": pending, "dead": dead})


class Queue(TestCase):
    def asked(self, script):
        return [(request.method, request.target) for request in script.requests]

    def test_list_by_state(self):
        script = self.script(*[answer(200, {"items": [ITEM], "next_cursor": None, "total": 1})] * 3)
        for arguments in ([], ["--dead"], ["--state", "in_flight", "--limit", "5"]):
            done = self.cli("queue", *arguments)
            self.assertEqual((0, ["17", "sync", "dead", "3", "422:", "too", "odd"]),
                             (done.returncode, done.stdout.splitlines()[1].split()))
        self.assertEqual([("GET", "/api/v1/queue?limit=20"),
                          ("GET", "/api/v1/queue?state=dead&limit=20"),
                          ("GET", "/api/v1/queue?state=in_flight&limit=5")], self.asked(script))

    def test_wrong_states_are_refused_here(self):
        for arguments in (["--state", "x"], ["--state", "dead", "--dead"]):
            self.assertEqual(64, self.cli("queue", *arguments).returncode)

    def test_show_gives_every_field(self):
        script = self.script(answer(200, ITEM))
        done = self.cli("queue", "show", "a/1")
        self.assertEqual(0, done.returncode, done)
        shown = dict(line.split(None, 1) for line in done.stdout.splitlines())
        self.assertEqual({key: "-" if value is None else str(value) for key, value in ITEM.items()},
                         shown)
        self.assertEqual([("GET", "/api/v1/queue/a%2F1")], self.asked(script))

    def test_retry_and_delete_go_on_after_an_unknown_id(self):
        script = self.script(answer(200, ITEM), problem(404, "no item"), answer(200, ITEM),
                             problem(404, "no item"), answer(200, {}))
        done = self.cli("queue", "retry", "a/1", "2", "3")
        self.assertEqual((1, "a/1 will be tried again\n3 will be tried again\n"),
                         (done.returncode, done.stdout))
        self.assertEqual("memorypro: 1 of 3 not found\n  2: no item\n", done.stderr)
        self.assertEqual(1, self.cli("queue", "delete", "4", "5").returncode)
        self.assertEqual([("POST", "/api/v1/queue/a%2F1/retry"), ("POST", "/api/v1/queue/2/retry"),
                          ("POST", "/api/v1/queue/3/retry"), ("DELETE", "/api/v1/queue/4"),
                          ("DELETE", "/api/v1/queue/5")], self.asked(script))

    def test_retry_needs_ids_or_all_dead_but_not_both(self):
        for arguments in ([], ["17", "--all-dead"], ["[1,2]"]):
            done = self.cli("queue", "retry", *arguments)
            self.assertEqual(64, done.returncode, done)

    def test_retry_of_all_dead_letters_pages_through_them(self):
        def page(ids, cursor):
            return answer(200, {"items": [{**ITEM, "id": i} for i in ids], "next_cursor": cursor,
                                "total": 3})

        script = self.script(page(["1", "2"], "2"), answer(200, ITEM), problem(404, "gone"),
                             page(["3"], None), answer(200, ITEM))
        done = self.cli("queue", "retry", "--all-dead")
        self.assertEqual((0, "1 will be tried again\n3 will be tried again\n"),
                         (done.returncode, done.stdout), done)
        self.assertEqual([("GET", "/api/v1/queue?state=dead&limit=1000"),
                          ("POST", "/api/v1/queue/1/retry"), ("POST", "/api/v1/queue/2/retry"),
                          ("GET", "/api/v1/queue?state=dead&limit=1000&cursor=2"),
                          ("POST", "/api/v1/queue/3/retry")], self.asked(script))

    def test_retry_without_dead_letters_says_so(self):
        self.script(answer(200, {"items": [], "next_cursor": None, "total": 0}))
        done = self.cli("queue", "retry", "--all-dead")
        self.assertEqual((0, "", "there are no dead letters\n"),
                         (done.returncode, done.stdout, done.stderr))

    def test_flush_goes_on_until_the_queue_is_drained(self):
        script = self.script(flushed(9), flushed(5, 1), flushed(5, 1), flushed(0, 1))
        script.pause = 1.1  # as the daemon does while something is left
        done = self.cli("queue", "flush")
        self.assertEqual((0, "0 pending, 1 dead\n", ""), (done.returncode, done.stdout, done.stderr))
        # Longer after nothing moved.
        self.assertEqual([("POST", f"/api/v1/queue/flush?timeout={n}") for n in (1, 1, 1, 2)],
                         self.asked(script))

    def test_flush_that_ends_early_is_75_and_tells_why(self):
        script = self.script(flushed(3), flushed(3), answer(200, AWAY))
        began = time.monotonic()
        script.pause = 1.0
        done = self.cli("queue", "flush", "--timeout", "2")
        self.assertEqual((75, "3 pending, 0 dead\n"), (done.returncode, done.stdout), done)
        self.assertEqual("memorypro: not drained within 2 s: the cloud is offline, circuit open: no route\n",
                         done.stderr)
        self.assertLess(time.monotonic() - began, 10)

    def test_flush_does_not_wait_where_nothing_would_come_of_it(self):
        self.script(flushed(3), answer(200, {"cloud": {"state": "disabled", "circuit": "closed"}}))
        done = self.cli("queue", "flush")
        self.assertEqual((75, "memorypro: not drained: the cloud is disabled\n"),
                         (done.returncode, done.stderr))

    def test_flush_for_programs_is_the_last_answer(self):
        self.script(flushed(3), flushed(0)).pause = 0.6
        done = self.cli("queue", "flush", "--json")
        self.assertEqual({"drained": True, "pending": 0, "dead": 0}, json.loads(done.stdout))


class Sync(TestCase):
    def test_without_all_it_explains(self):
        done = self.cli("sync")
        self.assertEqual(64, done.returncode)
        self.assertIn("--all", done.stderr)
        self.assertEqual(64, self.cli("sync", "--all", "--timeout", "3").returncode, "needs --wait")

    def test_it_queues_until_nothing_remains_and_says_how_to_watch(self):
        script = self.script(*[answer(200, {"queued": 10, "remaining": n}) for n in (15, 5, 0)])
        done = self.cli("sync", "--all")
        self.assertEqual((0, "30 queued\n"), (done.returncode, done.stdout), done)
        self.assertIn("memorypro queue flush", done.stderr)
        self.assertEqual([("POST", "/api/v1/queue")] * 3,
                         [(request.method, request.target) for request in script.requests])

    def test_it_ends_when_nothing_more_can_be_queued(self):
        self.script(answer(200, {"queued": 10, "remaining": 15}), answer(200, {"queued": 0, "remaining": 15}))
        done = self.cli("sync", "--all")
        self.assertEqual(75, done.returncode)
        self.assertIn("10 queued, 15 could not be", done.stderr)

    def test_a_failure_tells_what_was_queued_before_it(self):
        self.script(answer(200, {"queued": 10, "remaining": 15}), problem(507, "the queue is full"))
        done = self.cli("sync", "--all")
        self.assertEqual((70, "memorypro: 10 queued, then: the queue is full\n"),
                         (done.returncode, done.stderr))

    def test_wait_flushes(self):
        script = self.script(answer(200, {"queued": 1, "remaining": 0}), flushed(0))
        done = self.cli("sync", "--all", "--wait")
        self.assertEqual((0, "1 queued\n0 pending, 0 dead\n"), (done.returncode, done.stdout), done)
        self.assertEqual("/api/v1/queue/flush?timeout=1", script.requests[1].target)


class Reindex(TestCase):
    def test_waits_while_the_index_grows(self):
        self.script(answer(202, {"status": "rebuilding", "indexed": 0, "behind": 3}),
                    *(answer(200, {"index": {"indexed": n, "behind": 3 - n}}) for n in (0, 2, 3)))
        done = self.cli("reindex")
        self.assertEqual((0, "the search index is built again\n"), (done.returncode, done.stdout))

    def test_one_that_gets_no_further_is_75_and_says_how_far_it_is(self):
        self.script(answer(202, {"status": "rebuilding", "indexed": 0, "behind": 9}),
                    *[answer(200, {"index": {"indexed": 4, "behind": 5}})] * 100)
        done = self.cli("reindex", "--timeout", "1")
        self.assertEqual(75, done.returncode)
        self.assertEqual("memorypro: no progress within 1 s: 4 of 9 are in the index; the daemon goes "
                         "on trying, and its log says what is wrong\n", done.stderr)


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

    def on_terminal(self, *arguments, columns, errors=False, **settings):
        main, side = pty.openpty()
        import fcntl, struct, termios
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        with subprocess.Popen([CLI, *arguments], stdout=side, stdin=subprocess.DEVNULL,
                              stderr=side if errors else None,
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


    def test_the_queue_has_colours_for_its_states(self):
        items = [{**ITEM, "id": state, "state": state} for state in ("pending", "in_flight", "dead")]
        self.script(answer(200, {"items": items, "total": 3}))
        lines = self.on_terminal("queue", columns=100, NO_COLOR="").splitlines()
        self.assertNotIn("\x1b", lines[1])
        self.assertIn("\x1b[32min_flight\x1b[0m", lines[2])
        self.assertIn("\x1b[31mdead\x1b[0m", lines[3])

    def test_flush_has_one_line_of_progress_on_a_terminal(self):
        for arguments, drawn in (([], True), (["--no-progress"], False)):
            self.socket = self.place / f"{drawn}.sock"
            self.script(flushed(4), flushed(1), flushed(0, 1)).pause = 0.6
            text = self.on_terminal("queue", "flush", *arguments, columns=100, errors=True)
            self.assertEqual(drawn, "75% 1 pending, 0 dead, " in text, text)
            self.assertTrue(text.endswith("0 pending, 1 dead\n"), text)
            self.assertNotIn("\n[", text)

    def test_recall_says_who_answered(self):
        for source, degraded, words in (("local", False, ""),
                                        ("cloud", False, "answered by the cloud\n"),
                                        ("merged", False, "answered by the cloud and this host\n"),
                                        ("local", True, "degraded: the cloud did not answer, "
                                                        "this is what is on this host\n"),
                                        ("cloud", True, "degraded: the cloud's answer was too large, "
                                                        "there may be more\n")):
            self.socket = self.place / f"{source}{degraded}.sock"
            self.script(answer(200, {"memories": [MEMORY], "source": source, "degraded": degraded}))
            self.assertEqual(words, self.cli("recall", "x").stderr)

    def test_delete_says_that_the_cloud_keeps_its_copy(self):
        self.script(answer(200, {"cloud_copy": "none"}), answer(200, {"cloud_copy": "retained"}))
        self.assertEqual("a deleted\nb deleted here and hidden from recall; what the cloud has of it stays there\n",
                         self.cli("delete", "a", "b").stdout)

    def test_what_the_cloud_refused_is_told_in_its_words(self):
        self.script(answer(422, {"code": "refused_by_cloud", "detail": "the cloud refused it: too odd"}))
        done = self.cli("store", "x")
        self.assertEqual((64, "memorypro: the cloud refused it: too odd\n"),
                         (done.returncode, done.stderr))


class Status(TestCase):
    def status(self, cloud, queue):
        return {"version": "1", "mode": "hybrid", "uptime_seconds": 5, "cloud": cloud, "queue": queue,
                "store": {"backend": "sqlite", "memories": 1, "archived": 0, "bytes": 2048}}

    def test_it_shows_the_cloud_and_the_queue(self):
        cloud = {"state": "offline", "circuit": "open", "last_success": "2025-01-31T10:20:30Z",
                 "last_error": "no route"}
        queue = {"pending": 12, "in_flight": 1, "dead": 0, "oldest_age_seconds": 242, "bytes": 4096}
        self.script(answer(200, self.status(cloud, queue)))
        lines = self.cli("status").stdout.splitlines()
        for words in ("offline, circuit open", "2025-01-31 10:20", "no route",
                      "12 pending, 1 in flight, 0 dead; oldest 4m 2s, 4.0 KiB"):
            self.assertTrue(any(line.endswith(words) for line in lines), (words, lines))
        self.assertFalse(any(line.startswith("!") for line in lines), lines)

    def test_it_hints_at_what_somebody_must_do(self):
        self.script(answer(200, self.status({"state": "auth_failed"}, {"dead": 2})))
        hints = [line for line in self.cli("status").stdout.splitlines() if line.startswith("! ")]
        self.assertEqual(2, len(hints), hints)
        self.assertIn("MEMORYPRO_API_KEY", hints[0])
        self.assertIn("memorypro queue --dead", hints[1])


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


class Backup(TestCase):
    def test_what_arrives_damaged_or_breaks_off_replaces_nothing(self):
        file = self.place / "backup.db"
        file.write_text("an earlier one")
        for code, *items in ((70, chunked(b"SQLite format 3\0" + b"x" * 9000)),
                             (70, chunked(b"")), (69, chunked(b"SQL", end=False), Script.CLOSE),
                             (75, problem(503, "another backup")), (70, problem(507, "no room"))):
            with self.subTest(items):
                self.socket = self.place / f"{len(list(self.place.iterdir()))}.sock"
                self.script(*items)
                done = self.cli("backup", file)
                self.assertEqual(code, done.returncode, done)
                self.assertEqual("an earlier one", file.read_text())
                self.assertEqual([file.name], [path.name for path in self.place.glob("*.db*")])


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

    def test_a_stream_that_is_lost_before_its_first_event_is_resumed_where_it_began(self):
        begins = chunked(b": heartbeat\n\n", end=False, head=b"Last-Event-ID: 41\r\n")
        script = self.script(begins, Script.CLOSE, begins, Script.CLOSE, problem(500, "enough"))
        self.assertEqual(70, self.cli("events").returncode)
        self.assertEqual([None, "41", "41"],
                         [request.headers.get("last-event-id") for request in script.requests])

    def test_without_follow_it_ends_when_nothing_more_comes(self):
        self.script(chunked(b'id: 1\nevent: e\ndata: {"memory_id":"m"}\n\n', end=False), Script.SILENCE)
        done = self.cli("events", "--no-follow")
        self.assertEqual((0, "1 e m\n"), (done.returncode, done.stdout))


class Doctor(TestCase):
    CLOUD = {"state": "offline", "circuit": "open", "last_success": None, "last_error": "no route"}
    QUEUE = {"pending": 4, "in_flight": 0, "dead": 1, "oldest_age_seconds": 90}
    STALLED = "stalled: 4 pending, oldest 90 s, last error: no route"

    @staticmethod
    def ready(queue):
        return answer(200, {"status": "ok", "checks": {"store": "ok", "queue": queue}})

    def doctor(self, memories, cloud, queue, later, *more):
        """The script of a whole examination: `queue` before the flush, `later` after it."""
        status = {"version": "0.0.0", "mode": "hybrid", "uptime_seconds": 5, "cloud": cloud, "queue": queue}
        self.script(answer(200, status), answer(200, status),
                    answer(200, {"status": "ok", "checks": {"store": "ok", "queue": "stands"}}),
                    answer(201, {"memory_id": "m", "sync_state": "queued"}),
                    answer(200, {"memories": memories, "source": "merged"}),
                    answer(200, {"cloud_copy": "retained"}), answer(200, status), answer(200, status),
                    *([flushed(later["pending"]), answer(200, {**status, "queue": later})]
                      if queue["pending"] else []), *more)
        done = self.cli("doctor", "--write", "--data-dir", self.place, "--json")
        return done, {check["check"]: (check["outcome"], check["detail"])
                      for check in json.loads(done.stdout)["checks"]}

    def test_it_finds_what_is_wrong(self):
        dead = answer(200, {"items": [ITEM]})
        done, found = self.doctor([], self.CLOUD, self.QUEUE, self.QUEUE,
                                  self.ready(self.STALLED), answer(200, {"queue": self.QUEUE}), dead)
        self.assertEqual(70, done.returncode, done)
        self.assertEqual(("FAIL", f"the daemon is 0.0.0, this program {self.version()}"), found["version"])
        self.assertEqual(("ok", "store ok, queue stands"), found["ready"])
        self.assertEqual(("FAIL", "m was stored and not recalled"), found["round trip"])
        self.assertEqual(("FAIL", "the cloud is offline, circuit open: no route; no call has succeeded yet"),
                         found["cloud"])
        self.assertEqual(("FAIL", self.STALLED), found["queue"])
        self.assertEqual("FAIL", found["dead letters"][0])
        self.assertTrue(found["dead letters"][1].endswith("(17: 422: too odd)"), found)

    def version(self):
        return self.cli("--version").stdout.split()[1]

    def test_refused_credentials_come_with_what_to_do(self):
        cloud = {"state": "auth_failed", "circuit": "open", "last_error": "401"}
        none = {"pending": 0, "in_flight": 0, "dead": 0, "oldest_age_seconds": 0}
        done, found = self.doctor([{"memory_id": "m"}], cloud, none, none, answer(200, {"queue": none}))
        self.assertEqual(70, done.returncode, done)
        outcome, detail = found["cloud"]
        self.assertEqual("FAIL", outcome)
        for words in ("MEMORYPRO_API_KEY", "restart", "(401)"):
            self.assertIn(words, detail)
        self.assertTrue(found["round trip"][1].startswith("stored (queued) and recalled (merged) in "), found)
        self.assertEqual(("ok", "nothing waits"), found["queue"])
        self.assertEqual(("ok", "none"), found["dead letters"])

    def test_a_queue_that_moves_is_well_however_old(self):
        cloud = {"state": "online", "circuit": "closed", "last_success": "2025-01-31T10:20:30Z"}
        less = {**self.QUEUE, "pending": 3}
        _, found = self.doctor([{"memory_id": "m"}], cloud, self.QUEUE, less,
                               answer(200, {"queue": {"dead": 0}}))
        self.assertEqual(("ok", "online, last success 2025-01-31 10:20"), found["cloud"])
        self.assertEqual(("ok", "4 waited, 3 wait now"), found["queue"])

    def test_a_stalled_queue_is_told_in_the_words_of_readyz_with_its_first_error(self):
        cloud = {"state": "online", "circuit": "closed"}
        item = {**ITEM, "state": "pending", "last_error": "500: oops"}
        _, found = self.doctor([{"memory_id": "m"}], cloud, self.QUEUE, self.QUEUE,
                               self.ready("stalled: 4 pending, oldest 90 s"),
                               answer(200, {"items": [item]}), answer(200, {"queue": {"dead": 0}}))
        self.assertEqual(("FAIL", "stalled: 4 pending, oldest 90 s (17: 500: oops)"), found["queue"])

    def test_what_waits_is_no_fault_where_readyz_finds_none_however_old(self):
        _, found = self.doctor([{"memory_id": "m"}], self.CLOUD, self.QUEUE, self.QUEUE,
                               self.ready("ok"), answer(200, {"queue": {"dead": 0}}))
        self.assertEqual(("ok", "4 wait, the oldest for 1m 30s"), found["queue"])

    def test_no_test_memory_is_sent_to_a_cloud_that_would_keep_it(self):
        none = {"pending": 0, "in_flight": 0, "dead": 0, "oldest_age_seconds": 0}
        status = {"version": "0.0.0", "mode": "cloud_first", "cloud": {"state": "online"}, "queue": none}
        script = self.script(*[answer(200, status)] * 2, answer(200, {"checks": {"store": "ok"}}),
                    *[answer(200, status)] * 4)
        done = self.cli("doctor", "--data-dir", self.place, "--json")
        found = {check["check"]: check["outcome"] for check in json.loads(done.stdout)["checks"]}
        self.assertEqual("skip", found["round trip"])
        self.assertNotIn("POST", [request.method for request in script.requests])

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
