"""JSON and text that should not be, or only just should."""
import json

import harness
from harness import memory_path

STORE = "/api/v1/memory/store"
JSON = {"Content-Type": "application/json"}


class BadInput(harness.TestCase):
    def setUp(self):
        self.d = self.daemon()

    def send(self, body, path=STORE, method="POST"):
        answer = self.d.ask(method, path, body, JSON)
        self.assertEqual(200, self.d.get("/readyz").status)
        return answer

    def test_not_json_is_400(self):
        for body in (b"", b"{", b"nonsense", b'{"content":"x"', b'{"content":"x"} trailing',
                     b"{'content':'x'}", b'{"content":x}', b'{"content":"x",}', b'\xef\xbb\xbf',
                     b'{"content":"tab\tin text"}', b'{"content":"new\nline"}',
                     b'{"content":"\\x"}', b'{"content": NaN}', b"\x00", b'{"content":"x"}\x00'):
            for path in (STORE, "/api/v1/memory/sync", "/api/v1/memory/recall"):
                with self.subTest(body=body, path=path):
                    self.assert_problem(self.send(body, path), 400)
        self.assertEqual([], self.listed(self.d))

    def test_json_that_is_not_an_object_is_refused(self):
        for body in (b"[]", b"null", b"5", b'"text"', b"true", b'[{"content":"x"}]'):
            for path in (STORE, "/api/v1/memory/sync", "/api/v1/memory/recall"):
                with self.subTest(body=body, path=path):
                    self.assert_problem(self.send(body, path), 400, 422)

    def test_invalid_utf8_names_the_field(self):
        for bad in (b"\xff", b"\xc3", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"a\x80b"):
            for field in ("content", "user_id", "session_id", "agent_id", "memory_type"):
                with self.subTest(bad=bad, field=field):
                    body = b'{"content":"good","%b":"%b"}' % (field.encode(), bad)
                    if field == "content":
                        body = b'{"content":"%b"}' % bad
                    self.assert_problem(self.send(body), 400, 422, field=field)
        self.assert_problem(self.send(b'{"content":"x","tags":["a","\xff"]}'), 400, 422)
        self.assert_problem(self.send(b'{"content":"x","metadata":{"k":"\xff"}}'), 400, 422)
        self.assert_problem(self.send(b'{"content":"x","metadata":{"\xff":1}}'), 400, 422)
        self.assert_problem(self.send(b'{"content":"x","unknown":"\xff"}'), 400, 422)
        self.assert_problem(self.send(b'{"query":"\xff"}', "/api/v1/memory/recall"), 400, 422,
                            field="query")
        self.assertEqual([], self.listed(self.d))

    def test_a_lone_surrogate_is_refused_or_kept_as_valid_text(self):
        answer = self.send(rb'{"content":"a\ud800b"}')
        if answer.status == 201:
            self.d.memory(answer.json["memory_id"]).body.decode("utf-8")
        else:
            self.assert_problem(answer, 400, 422)

    def test_a_nul_in_a_content_is_kept(self):
        text = "before\0after"
        memory_id = self.store(self.d, text)
        export = json.loads(self.d.get("/api/v1/memory/export").body)
        for memory in (self.d.memory(memory_id).json, export, self.recall(self.d, "before")[0],
                       self.d.get("/api/v1/memory").json["memories"][0]):
            self.assertEqual(text, memory["content"])

    def test_a_nul_in_a_name_or_in_metadata_is_refused_with_the_fields_name(self):
        bad = "a\0b"
        for field, value in (("user_id", bad), ("session_id", bad), ("agent_id", bad),
                             ("memory_type", bad), ("tags", ["x", bad]), ("metadata", {"k": bad}),
                             ("metadata", {bad: 1}), ("metadata", {"k": [{bad: [bad]}]})):
            with self.subTest(field=field, value=value):
                answer = self.send(json.dumps({"content": "x", field: value}))
                self.assert_problem(answer, 422, field="tags[1]" if field == "tags" else field)
        answer = self.send(json.dumps({"content": "x", "local_memory_id": bad}),
                           "/api/v1/memory/sync")
        self.assert_problem(answer, 422, field="local_memory_id")
        self.assertEqual([], self.listed(self.d))

    def test_deep_nesting_is_refused_or_kept_and_never_breaks_the_daemon(self):
        for depth in (10, 30, 1000, 100000):
            for opening, closing in ((b"[", b"]"), (b'{"a":', b"}")):
                with self.subTest(depth=depth, opening=opening):
                    value = opening * depth + b"1" + closing * depth
                    answer = self.send(b'{"content":"deep","metadata":{"v":%b}}' % value)
                    if answer.status == 201:
                        got = self.d.memory(answer.json["memory_id"])
                        self.assertIn(value, got.body)
                    else:
                        self.assertGreater(depth, 10)
                        self.assert_problem(answer, 400, 422)

    def test_numbers_are_kept_exactly_or_refused(self):
        exact = ["0", "-1", "9007199254740993", "9223372036854775807", "-9223372036854775808",
                 "18446744073709551615", "0.1", "1.5e10"]
        for text in exact:
            with self.subTest(text):
                answer = self.send(f'{{"content":"n","metadata":{{"n":{text}}},"extra":{text}}}')
                self.assertEqual(201, answer.status, answer)
                memory = self.d.memory(answer.json["memory_id"]).json
                self.assertEqual(json.loads(text), memory["metadata"]["n"])
                self.assertEqual(json.loads(text), memory["extra"])
        for text in ("1e400", "-1e400", "1" * 400, "1e-400", "0." + "1" * 1000):
            with self.subTest(text[:10]):
                answer = self.send(f'{{"content":"n","metadata":{{"n":{text}}}}}')
                if answer.status == 201:
                    got = json.loads(self.d.memory(answer.json["memory_id"]).body,
                                     parse_constant=lambda name: self.fail(name))
                    self.assertIn("n", got["metadata"])
                else:
                    self.assert_problem(answer, 400, 422)

    def test_duplicate_keys_are_refused_or_one_of_them_counts(self):
        answer = self.send(b'{"content":"first","content":"second","user_id":"a","user_id":"b"}')
        if answer.status == 201:
            got = self.d.memory(answer.json["memory_id"])
            self.assertIn(got.json["content"], ("first", "second"))
            self.assertEqual(1, got.body.count(b'"content"'))
        else:
            self.assert_problem(answer, 400, 422)

    def test_content_up_to_the_limit_in_bytes(self):
        d = self.daemon(MEMORYPRO_MAX_CONTENT_BYTES=1000)
        for content, good in [("x" * 1000, True), ("x" * 1001, False), ("ü" * 500, True),
                              ("ü" * 501, False)]:
            answer = d.post(STORE, {"content": content})
            if good:
                self.assertEqual(201, answer.status, answer)
                self.assertEqual(content, d.memory(answer.json["memory_id"]).json["content"])
            else:
                self.assert_problem(answer, 413, 422, field="content")
        memory_id = self.store(d, "short")
        answer = d.ask("PATCH", memory_path(memory_id), {"content": "x" * 1001})
        self.assert_problem(answer, 413, 422, field="content")
        self.assertEqual("short", d.memory(memory_id).json["content"])

    def test_a_full_mebibyte_of_content_by_default(self):
        content = "ab\u2603\n" * ((1 << 20) // 6)
        memory_id = self.store(self.d, content)
        self.assertEqual(content, self.d.memory(memory_id).json["content"])
        self.assert_problem(self.send(json.dumps({"content": "x" * ((1 << 20) + 1)})), 413, 422,
                            field="content")
        # Escapes make six bytes of one: the limit is the text's, not the transport's.
        self.assertEqual(201, self.send(b'{"content":"' + rb"\u0041" * 500000 + b'"}').status)

    def test_white_space_alone_is_text(self):
        answer = self.send(b'{"content":" "}')
        self.assertIn(answer.status, (201, 422), answer)

    def test_many_fields_tags_and_metadata_keys_do_no_harm(self):
        for body in ({"content": "x", "tags": [f"t{n}" for n in range(20000)]},
                     {"content": "x", "metadata": {f"k{n}": n for n in range(20000)}},
                     {"content": "x", **{f"f{n}": n for n in range(20000)}}):
            answer = self.send(json.dumps(body))
            if answer.status == 201:
                got = self.d.memory(answer.json["memory_id"]).json
                for key, value in body.items():
                    self.assertEqual(value, got[key])
            else:
                self.assert_problem(answer, 400, 413, 422)


if __name__ == "__main__":
    harness.main()
