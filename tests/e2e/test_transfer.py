"""Import and export."""
import json
import threading

import harness

IMPORT, EXPORT = "/api/v1/memory/import", "/api/v1/memory/export"
NDJSON = {"Content-Type": "application/x-ndjson"}


def address_space(pid):
    """The most that the process has had, in bytes."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) << 10 for line in file if line.startswith("VmPeak:"))


class Transfer(harness.TestCase):
    def setUp(self):
        self.d = self.daemon()

    def load(self, lines, daemon=None):
        text = lines if isinstance(lines, (str, bytes)) else "".join(
            (line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
        answer = (daemon or self.d).ask("POST", IMPORT, text, NDJSON)
        self.assertEqual(200, answer.status, answer)
        self.assertEqual({"imported", "duplicates", "failed", "errors"}, set(answer.json))
        return answer.json

    def export(self, daemon=None):
        answer = (daemon or self.d).get(EXPORT)
        self.assertEqual(200, answer.status, answer)
        self.assertEqual("application/x-ndjson", answer.headers["content-type"].split(";")[0])
        lines = answer.body.split(b"\n")
        self.assertEqual(b"", lines.pop(), "the last line ends with a newline, or there is none")
        return [json.loads(line) for line in lines]

    def test_imports_store_bodies(self):
        counts = self.load([{"content": f"line {number}", "user_id": "ada", "colour": "red"}
                            for number in range(500)])
        self.assertEqual({"imported": 500, "duplicates": 0, "failed": 0, "errors": []}, counts)
        self.assertEqual(500, self.d.get("/api/v1/memory?user_id=ada").json["total"])
        self.assertEqual(["line 321"], self.contents(self.d, "321"))
        self.assertEqual("red", self.recall(self.d, "321")[0]["colour"])

    def test_keeps_the_order_of_the_lines(self):
        self.load([{"content": str(number)} for number in range(50)])
        memories = self.d.get("/api/v1/memory?limit=50").json["memories"]
        self.assertEqual([str(n) for n in reversed(range(50))], [m["content"] for m in memories])

    def test_the_last_line_needs_no_newline_and_empty_lines_do_not_count(self):
        counts = self.load('{"content":"a"}\n\n{"content":"b"}\r\n   \n{"content":"c"}')
        self.assertEqual((3, 0), (counts["imported"], counts["failed"]))
        self.assertEqual(0, self.load("")["imported"])

    def test_a_bad_line_never_stops_the_rest(self):
        counts = self.load(['{"content":"one"}', "not json", '{"content":""}', '{"content":"four"}',
                            "[]", '{"content":"six","tags":5}', '{"content":"seven"'[:-1], "null",
                            '{"content":"nine"}'])
        self.assertEqual((3, 0, 6), (counts["imported"], counts["duplicates"], counts["failed"]))
        self.assertEqual([2, 3, 5, 6, 7, 8], [error["line"] for error in counts["errors"]])
        for error in counts["errors"]:
            self.assertTrue(error["detail"])
        self.assertIn("tags", counts["errors"][3]["detail"])
        self.assertEqual(3, len(self.listed(self.d)))

    def test_a_line_of_invalid_utf8_or_too_long_is_a_bad_line(self):
        big = '{"content":"' + "x" * (3 << 20) + '"}'
        counts = self.load(b'{"content":"\xff\xfe"}\n{"content":"good"}\n' + big.encode()
                           + b'\n{"content":"also good"}\n')
        self.assertEqual((2, 2), (counts["imported"], counts["failed"]), counts)
        self.assertEqual([1, 3], [error["line"] for error in counts["errors"]])

    def test_a_flood_of_bad_lines_has_a_bounded_answer(self):
        counts = self.load("bad\n" * 20000)
        self.assertEqual(20000, counts["failed"])
        self.assertTrue(0 < len(counts["errors"]) <= 20000)
        self.assertEqual(1, counts["errors"][0]["line"])

    def test_what_export_gives_import_takes(self):
        self.store(self.d, "full \u2603 text", user_id="ada", agent_id="a", session_id="s",
                   tags=["x", "ü"], metadata={"deep": [1, {"k": None}]}, priority="high",
                   memory_type="fact", timestamp="2020-02-03T04:05:06Z", colour="red",
                   big=9007199254740993)
        self.store(self.d, "plain")
        archived = self.store(self.d, "archived")
        self.d.ask("PATCH", f"/api/v1/memory/{archived}", {"archived": True})
        self.d.post("/api/v1/memory/sync", {"local_memory_id": "a/b ☃", "content": "synced"})
        exported = self.export()
        self.assertEqual(4, len(exported))

        other = self.daemon()
        text = self.d.get(EXPORT).body
        self.assertEqual({"imported": 4, "duplicates": 0, "failed": 0, "errors": []},
                         self.load(text, other))
        self.assertEqual(exported, self.export(other))
        self.assertEqual({"imported": 0, "duplicates": 4, "failed": 0, "errors": []},
                         self.load(text, other))
        self.assertEqual(exported, self.export(other))
        self.assertEqual([], self.contents(other, "archived"))

    def test_a_duplicate_leaves_what_is_there(self):
        memory_id = self.store(self.d, "first")
        counts = self.load([{"memory_id": memory_id, "content": "second"}])
        self.assertEqual((0, 1), (counts["imported"], counts["duplicates"]))
        self.assertEqual("first", self.d.memory(memory_id).json["content"])

    def test_exports_more_than_fits_one_buffer(self):
        self.load([{"content": f"{number} " + "x" * 2000} for number in range(2000)])
        self.assertEqual(2000, len({memory["memory_id"] for memory in self.export()}))

    def test_an_export_while_others_store_and_delete_is_whole(self):
        self.load([{"content": f"{number} " + "x" * 200} for number in range(3000)])
        before = self.d.get("/api/v1/memory?limit=1000").json["memories"]
        gone = {memory["memory_id"] for memory in before[::10]}
        done = threading.Event()

        def disturb():
            connection, left = self.d.connect(), list(gone)
            while not done.is_set():
                connection.ask("POST", "/api/v1/memory/store", {"content": "a later one"})
                if left:
                    connection.ask("DELETE", harness.memory_path(left.pop()))
            connection.close()

        thread = threading.Thread(target=disturb)
        thread.start()
        try:
            for _ in range(5):
                ids = [memory["memory_id"] for memory in self.export()]
                self.assertEqual(len(ids), len(set(ids)))
                stay = {memory["memory_id"] for memory in before} - gone
                self.assertEqual(set(), stay - set(ids))
        finally:
            done.set()
            thread.join(harness.DEADLINE)

    def test_an_empty_export_is_empty(self):
        self.assertEqual([], self.export())

    def test_imports_a_chunked_stream_line_by_line(self):
        """Lines split anywhere by the chunks; more than any single buffer."""
        text = "".join(json.dumps({"content": f"ü{number}"}, ensure_ascii=False) + "\n"
                       for number in range(3000)).encode()
        with self.d.raw() as raw:
            raw.send(f"POST {IMPORT} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
                     "Transfer-Encoding: chunked\r\n\r\n")
            for start in range(0, len(text), 777):
                piece = text[start:start + 777]
                raw.send(b"%x\r\n%b\r\n" % (len(piece), piece))
            raw.send("0\r\n\r\n")
            answer = raw.answer()
        self.assertEqual((200, 3000), (answer.status, answer.json["imported"]), answer)

    def test_what_was_read_before_a_client_went_away_does_no_harm(self):
        with self.d.raw() as raw:
            raw.send(f"POST {IMPORT} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
                     'Content-Length: 100000\r\n\r\n{"content":"half')
        self.assertEqual(200, self.d.get("/readyz").status)
        self.assertEqual([], self.contents(self.d, "half"))

    def test_refuses_another_content_type(self):
        answer = self.d.ask("POST", IMPORT, "{}", {"Content-Type": "image/png"})
        self.assert_problem(answer, 415)

    def test_a_client_that_leaves_an_export_does_no_harm(self):
        self.load([{"content": f"{number} " + "x" * 5000} for number in range(2000)])
        with self.d.raw() as raw:
            raw.send(f"GET {EXPORT} HTTP/1.1\r\nHost: x\r\n\r\n")
            raw.sock.recv(1000)
        self.assertEqual(2000, self.d.get("/api/v1/status").json["store"]["memories"])

    def test_export_takes_no_filter(self):
        answer = self.d.get(EXPORT + "?user_id=x")
        self.assert_problem(answer, 422, field="user_id")

    HEAD = f"POST {IMPORT} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"

    def test_room_is_not_made_for_what_a_client_only_announces(self):
        pid, lines = self.d.process.pid, '{"content":"x"}\n' * 2000
        before = address_space(pid)
        with self.d.raw() as raw:
            raw.send(self.HEAD + f"Content-Length: {5 << 30}\r\n\r\n" + lines)

            def all_are_stored():
                raw.send("\n")
                return self.stored() == 2000

            harness.until(all_are_stored, "the import is at work")
            self.assertLess(address_space(pid) - before, 1 << 30)
        self.assertEqual(2000, self.stored())

    def test_lines_that_came_whole_are_stored_at_once_or_when_the_client_breaks_off(self):
        head = self.HEAD + "Content-Length: 100000\r\n"
        with self.d.raw() as raw:
            raw.send(head + "Expect: 100-continue\r\n\r\n")
            self.assertEqual(100, raw.answer().status)
            raw.send('{"content":"x"}\n' * 600 + '{"content":"half')
            harness.until(lambda: self.stored() > 0, "a full batch is stored, not kept waiting")
        harness.until(lambda: self.stored() == 600, "all that came whole is stored", 10)

    def stored(self):
        return self.d.get("/api/v1/status").json["store"]["memories"]

    def test_eight_imports_work_at_once_and_a_ninth_is_told_to_wait(self):
        head = self.HEAD + "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
        at_work = []
        for _ in range(8):
            raw = self.d.raw()
            self.addCleanup(raw.close)
            raw.send(head)
            self.assertEqual(100, raw.answer().status)
            at_work.append(raw)
        answer = self.d.ask("POST", IMPORT, '{"content":"ninth"}', NDJSON)
        self.assert_problem(answer, 503)
        self.assertGreater(int(answer.headers["retry-after"]), 0)
        at_work[0].send("0\r\n\r\n")
        self.assertEqual(200, at_work[0].answer().status)
        self.assertEqual(1, self.load('{"content":"ninth"}')["imported"])
        # One that broke off leaves its place as well.
        at_work[1].close()
        at_work[2].close()
        head_again = self.d.raw()
        self.addCleanup(head_again.close)
        head_again.send(head)
        self.assertEqual(100, head_again.answer().status)
        harness.until(lambda: self.d.ask("POST", IMPORT, "", NDJSON).status == 200,
                      "a place is free again")


if __name__ == "__main__":
    harness.main()
