"""HTTP/1.1 as clients speak it, well and badly."""
import json

import harness

STORE = "/api/v1/memory/store"


def request(method, path, body=None, *headers):
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines) + "\r\n\r\n" + (body or "")


class Routes(harness.TestCase):
    PATHS = {
        "/api/v1/memory/store": {"POST"}, "/api/v1/memory/sync": {"POST"},
        "/api/v1/memory/recall": {"POST"}, "/api/v1/memory": {"GET"},
        "/api/v1/memory/import": {"POST"}, "/api/v1/memory/export": {"GET"},
        "/api/v1/memory/some-id": {"GET", "PATCH", "DELETE"}, "/api/v1/events": {"GET"},
        "/api/v1/queue": {"GET", "POST"}, "/api/v1/queue/flush": {"POST"},
        "/api/v1/queue/1/retry": {"POST"}, "/api/v1/queue/1": {"GET", "DELETE"},
        "/api/v1/index/rebuild": {"POST"}, "/api/v1/status": {"GET"}, "/api/v1/capabilities": {"GET"}, "/livez": {"GET"},
        "/readyz": {"GET"}, "/metrics": {"GET"}, "/openapi.json": {"GET"},
        "/api/v1/backup": {"GET"},
    }

    def test_a_method_that_a_path_does_not_take_is_405_with_allow(self):
        d = self.daemon()
        for path, methods in self.PATHS.items():
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "BREW"):
                # Where an id may stand, `store` and its like are ids for the other methods.
                if method in methods or (path.count("/") == 4 and path.startswith("/api/v1/memory")
                                         and method in {"GET", "PATCH", "DELETE"}):
                    continue
                if path == "/api/v1/queue/flush" and method == "DELETE":
                    continue
                with self.subTest(path=path, method=method):
                    answer = d.ask(method, path, {"content": "x"})
                    if method == "BREW" and answer.status in (400, 501):
                        continue  # a method that HTTP does not know may be refused as such
                    self.assert_problem(answer, 405)
                    allowed = {name.strip() for name in answer.headers["allow"].split(",")}
                    self.assertLessEqual(methods, allowed, answer)
                    self.assertNotIn(method, allowed)

    def test_an_unknown_path_is_404(self):
        d = self.daemon()
        for path in ("/", "/api", "/api/v1", "/api/v2/memory", "/api/v1/memory/a/b", "/LIVEZ",
                     "/api/v1/nothing", "//", "/api/v1/memory/store/x", "/api/v1/../v1/status",
                     "/api/v1/memory/"):
            with self.subTest(path):
                self.assert_problem(d.get(path), 404, 400)

    def test_a_body_of_another_type_is_415(self):
        d = self.daemon()
        for path in (STORE, "/api/v1/memory/sync", "/api/v1/memory/recall"):
            for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml",
                         "application/jsonp", "nonsense"):
                with self.subTest(path=path, kind=kind):
                    body = '{"content":"x","query":"x","local_memory_id":"x"}'
                    answer = d.ask("POST", path, body, {"Content-Type": kind})
                    self.assert_problem(answer, 415)
        self.assertEqual([], self.listed(d))

    def test_every_answer_names_its_request(self):
        d = self.daemon()
        first, second = d.get("/livez"), d.get("/livez")
        self.assertNotEqual(first.headers["x-request-id"], second.headers["x-request-id"])
        problem = d.get("/api/v1/memory/none")
        self.assertEqual(problem.headers["x-request-id"], problem.json["request_id"])

    def test_the_queue_takes_no_filter_of_memories(self):
        d = self.daemon()
        self.assertEqual(200, d.get("/api/v1/queue?limit=5").status)
        self.assert_problem(d.get("/api/v1/queue?user_id=x"), 422, field="user_id")


class Exchanges(harness.TestCase):
    def setUp(self):
        self.d = self.daemon()

    def test_a_connection_serves_many_requests(self):
        connection = self.d.connect()
        for number in range(200):
            self.assertEqual(201, connection.ask("POST", STORE, {"content": f"m{number}"}).status)
            if number == 0:
                first = connection.sock
        self.assertIs(first, connection.sock)
        connection.close()

    def test_a_target_may_name_the_scheme_and_the_host(self):
        self.store(self.d, "mine", user_id="ada")
        with self.d.raw() as raw:
            raw.send(request("GET", "http://localhost/livez")
                     + request("GET", "http://localhost/api/v1/memory?user_id=bob"))
            self.assertEqual(200, raw.answer().status)
            self.assertEqual(0, raw.answer().json["total"])

    def test_an_error_leaves_the_connection_usable(self):
        connection = self.d.connect()
        connection.connect()
        first = connection.sock
        for method, path, body, status in [
                ("POST", STORE, "{", 400), ("GET", "/nowhere", None, 404),
                ("POST", "/livez", None, 405), ("POST", STORE, {"content": ""}, 422)]:
            headers = {"Content-Type": "application/json"}
            self.assertEqual(status, connection.ask(method, path, body, headers).status)
        self.assertEqual(200, connection.ask("GET", "/livez").status)
        self.assertIs(first, connection.sock)
        connection.close()

    def test_connection_close_is_obeyed(self):
        with self.d.raw() as raw:
            raw.send(request("GET", "/livez", None, "Connection: close"))
            self.assertEqual(200, raw.answer().status)
            self.assertTrue(raw.closed())

    def test_http_1_0_closes(self):
        with self.d.raw() as raw:
            raw.send("GET /livez HTTP/1.0\r\n\r\n")
            self.assertEqual(200, raw.answer().status)
            self.assertTrue(raw.closed())

    def test_pipelined_requests_are_answered_in_order(self):
        with self.d.raw() as raw:
            raw.send("".join(request("POST", STORE, json.dumps({"content": f"p{number}"}))
                             + request("GET", f"/api/v1/memory/none-{number}")
                             for number in range(60)))
            ids = []
            for number in range(60):
                stored, missing = raw.answer(), raw.answer()
                self.assertEqual((201, 404), (stored.status, missing.status))
                ids.append(stored.json["memory_id"])
        for number, memory_id in enumerate(ids):
            self.assertEqual(f"p{number}", self.d.memory(memory_id).json["content"])

    def test_a_pipelined_recall_finds_the_store_before_it(self):
        with self.d.raw() as raw:
            raw.send(request("POST", STORE, '{"content":"needle"}')
                     + request("POST", "/api/v1/memory/recall", '{"query":"needle"}'))
            self.assertEqual(201, raw.answer().status)
            self.assertEqual(1, len(raw.answer().json["memories"]))

    def test_a_request_may_come_a_byte_at_a_time(self):
        with self.d.raw() as raw:
            for byte in request("POST", STORE, '{"content":"slowly"}').encode():
                raw.send(bytes([byte]))
            self.assertEqual(201, raw.answer().status)

    def test_head_is_get_without_the_body(self):
        self.store(self.d, "x")
        for path in ("/livez", "/readyz", "/metrics", "/openapi.json", "/api/v1/status",
                     "/api/v1/memory", "/api/v1/capabilities", "/api/v1/memory/none"):
            with self.subTest(path), self.d.raw() as raw:
                raw.send(request("HEAD", path) + request("GET", "/livez"))
                head, after = raw.answer("HEAD"), raw.answer()
                got = self.d.get(path)
                self.assertEqual(got.status, head.status)
                self.assertEqual(got.headers["content-type"], head.headers["content-type"])
                self.assertEqual(200, after.status)

    def test_head_of_a_stream_ends(self):
        for path in ("/api/v1/memory/export", "/api/v1/backup", "/api/v1/events"):
            with self.subTest(path), self.d.raw() as raw:
                raw.send(request("HEAD", path, None, "Connection: close"))
                self.assertIn(raw.answer("HEAD").status, (200, 405))
                self.assertTrue(raw.closed())

    def test_a_chunked_body(self):
        with self.d.raw() as raw:
            raw.send(f"POST {STORE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                     "Transfer-Encoding: chunked\r\n\r\n")
            for piece in ('{"con', 'tent":"in ', "chunk", 's"}'):
                raw.send(f"{len(piece):X};ext=1\r\n{piece}\r\n")
            raw.send("0\r\nTrailer: x\r\n\r\n" + request("GET", "/livez"))
            answer = raw.answer()
            self.assertEqual(201, answer.status, answer)
            self.assertEqual(200, raw.answer().status)
        self.assertEqual("in chunks", self.d.memory(answer.json["memory_id"]).json["content"])

    def test_expect_100_continue_is_answered_before_the_body(self):
        body = '{"content":"expected"}'
        with self.d.raw() as raw:
            raw.send(f"POST {STORE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                     f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n")
            self.assertEqual(100, raw.answer().status)
            raw.send(body)
            self.assertEqual(201, raw.answer().status)

    def test_a_body_over_the_limit_is_413_and_not_read_through(self):
        with self.d.raw() as raw:
            raw.send(f"POST {STORE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                     f"Content-Length: {1 << 40}\r\n\r\n" + '{"content":"')
            self.assert_problem(raw.answer(), 413)
        with self.d.raw() as raw:
            raw.send(f"POST {STORE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                     f"Content-Length: {1 << 40}\r\nExpect: 100-continue\r\n\r\n")
            self.assertEqual(413, raw.answer().status)
        with self.d.raw() as raw:
            raw.send(f"POST {STORE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                     "Transfer-Encoding: chunked\r\n\r\n")
            piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
            try:
                for _ in range(2000):
                    raw.send(piece)
            except (BrokenPipeError, ConnectionResetError):
                pass  # it answered and closed while we were still sending
            else:
                self.fail("125 MiB of body were read")

    def test_malformed_requests_are_refused_and_closed(self):
        for text in ("NONSENSE\r\n\r\n", "GET\r\n\r\n", "GET /livez\r\n\r\n",
                     "\x00\x01\x02\r\n\r\n",
                     "GET /livez HTTP/9.9\r\n\r\n", "GET /livez HTTP/1.1\r\nno colon\r\n\r\n",
                     "GET /livez HTTP/1.1\r\nBad Name: x\r\n\r\n",
                     "GET /liv ez HTTP/1.1\r\nHost: x\r\n\r\n",
                     f"POST {STORE} HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
                     f"POST {STORE} HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n"
                     "\r\n12345",
                     f"POST {STORE} HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
                     f"POST {STORE} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                     f"POST {STORE} HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n"
                     "\r\nzz\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"):
            with self.subTest(text[:60]), self.d.raw() as raw:
                raw.send(text)
                answer = raw.answer()
                if answer is not None:
                    self.assertIn(answer.status, (400, 413, 415, 501, 505), answer)
                self.assertTrue(raw.closed())
            self.assertEqual(200, self.d.get("/livez").status)

    def test_oversized_headers_and_targets_are_refused(self):
        for text in ("GET /livez HTTP/1.1\r\nX-Big: " + "x" * 200000 + "\r\n\r\n",
                     "GET /livez HTTP/1.1\r\n" + "X-Many: x\r\n" * 30000 + "\r\n",
                     "GET /" + "x" * 200000 + " HTTP/1.1\r\n\r\n"):
            with self.subTest(text[:30]), self.d.raw() as raw:
                try:
                    raw.send(text)
                    answer = raw.answer()
                    if answer is not None:
                        self.assertIn(answer.status, (400, 413, 414, 431), answer)
                except (BrokenPipeError, ConnectionResetError):
                    pass
            self.assertEqual(200, self.d.get("/livez").status)

    def test_clients_that_vanish_do_no_harm(self):
        for text in ("", "GET /li", request("GET", "/livez"),
                     f"POST {STORE} HTTP/1.1\r\nContent-Length: 50\r\n\r\nhalf",
                     request("POST", STORE, '{"content":"and gone"}')):
            for _ in range(20):
                with self.d.raw() as raw:
                    raw.send(text)
        self.assertEqual(200, self.d.get("/readyz").status)


if __name__ == "__main__":
    harness.main()
