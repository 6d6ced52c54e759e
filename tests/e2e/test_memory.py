"""One memory: store, sync, get, update, delete."""
from datetime import datetime, timezone

import harness
from harness import memory_path

STORE, SYNC = "/api/v1/memory/store", "/api/v1/memory/sync"


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


class Store(harness.TestCase):
    def setUp(self):
        self.d = self.daemon()

    def test_answers_201_with_the_id_and_the_state(self):
        answer = self.d.post(STORE, {"content": "Ada prefers tea"})
        self.assertEqual(201, answer.status)
        self.assertEqual("application/json", answer.headers["content-type"].split(";")[0])
        self.assertEqual({"status", "memory_id", "sync_state"}, set(answer.json))
        self.assertEqual("success", answer.json["status"])
        self.assertEqual("local", answer.json["sync_state"])
        self.assertTrue(answer.json["memory_id"])

    def test_fills_in_the_documented_defaults(self):
        before = datetime.now(timezone.utc)
        memory = self.d.memory(self.store(self.d, "plain")).json
        self.assertEqual("plain", memory["content"])
        self.assertEqual({}, memory["metadata"])
        self.assertEqual("conversation", memory["memory_type"])
        self.assertEqual([], memory["tags"])
        self.assertEqual("medium", memory["priority"])
        self.assertIs(False, memory["archived"])
        self.assertEqual("local", memory["sync_state"])
        for field in ("session_id", "agent_id", "user_id"):
            self.assertIsNone(memory.get(field))
        for field in ("timestamp", "created_at"):
            self.assertTrue(memory[field].endswith("Z"), memory[field])
            self.assertLess(abs((moment(memory[field]) - before).total_seconds()), 120)

    def test_gives_back_every_field_as_it_was_stored(self):
        body = {"content": "line one\nline two \u2603 \U0001f600 \"quoted\" \\ /",
                "metadata": {"n": 1, "deep": {"list": [1, 2.5, None, True]}, "ключ": "слово"},
                "session_id": "s/1", "agent_id": "agent", "user_id": "ada", "memory_type": "note",
                "tags": ["a", "b c", "ü"], "priority": "urgent"}
        memory = self.d.memory(self.store(self.d, **body)).json
        self.assertEqual(body, {key: memory[key] for key in body})

    def test_keeps_unknown_fields(self):
        unknown = {"confidence": 0.25, "source_url": "https://example.org/x?y=1",
                   "nested": {"a": [1, {"b": None}]}, "big": 9007199254740993, "": "empty name"}
        memory = self.d.memory(self.store(self.d, "with more", **unknown)).json
        self.assertEqual(unknown, {key: memory.get(key) for key in unknown})

    def test_an_unknown_field_never_overrides_one_of_ours(self):
        memory_id = self.store(self.d, "mine", created_at="1999-01-01T00:00:00Z",
                               sync_state="synced", relevance_score=9)
        answer = self.d.memory(memory_id)
        self.assertEqual("local", answer.json["sync_state"])
        self.assertNotEqual(1999, moment(answer.json["created_at"]).year)
        for name in (b'"sync_state"', b'"created_at"', b'"memory_id"'):
            self.assertEqual(1, answer.body.count(name), answer)

    def test_null_means_not_given(self):
        # The cloud's own client sends null for what it does not know.
        memory = self.d.memory(self.store(
            self.d, "nulls", metadata=None, session_id=None, agent_id=None, user_id=None,
            memory_type=None, timestamp=None, tags=None, priority=None)).json
        self.assertEqual("conversation", memory["memory_type"])
        self.assertEqual("medium", memory["priority"])
        self.assertEqual({}, memory["metadata"])

    def test_type_is_an_alias_of_memory_type(self):
        memory = self.d.memory(self.store(self.d, "typed", type="fact")).json
        self.assertEqual("fact", memory["memory_type"])

    def test_a_time_without_a_zone_is_utc_and_every_time_comes_back_in_utc(self):
        for given, expected in [("2025-01-02T03:04:05", "2025-01-02T03:04:05+00:00"),
                                ("2025-01-02T03:04:05.250000", "2025-01-02T03:04:05.250+00:00"),
                                ("2025-01-02T03:04:05+02:00", "2025-01-02T01:04:05+00:00"),
                                ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59+00:00")]:
            with self.subTest(given):
                memory = self.d.memory(self.store(self.d, "timed", timestamp=given)).json
                self.assertTrue(memory["timestamp"].endswith("Z"))
                self.assertEqual(moment(expected), moment(memory["timestamp"]))

    def test_ids_are_never_given_twice(self):
        ids = {self.store(self.d, "the same content") for _ in range(50)}
        self.assertEqual(50, len(ids))

    def test_takes_a_charset_in_the_content_type(self):
        answer = self.d.ask("POST", STORE, '{"content":"x"}',
                            {"Content-Type": "application/json; charset=utf-8"})
        self.assertEqual(201, answer.status)

    def test_names_each_field_that_is_wrong(self):
        wrong = {"content": [None, "", 1, [], {}], "metadata": [1, "x", []], "session_id": [1, {}],
                 "agent_id": [True], "user_id": [[]], "memory_type": [3, {}],
                 "timestamp": ["yesterday", 5, "2025-13-01T00:00:00Z", "2025-02-30T00:00:00Z"],
                 "tags": ["x", {}, [1], ["a", None]], "priority": ["highest", 1, "HIGH "]}
        for field, values in wrong.items():
            for value in values:
                with self.subTest(field=field, value=value):
                    body = {"content": "good", field: value}
                    self.assert_problem(self.d.post(STORE, body), 422, field=field)
        self.assertEqual([], self.listed(self.d))

    def test_reports_several_wrong_fields_at_once(self):
        problem = self.assert_problem(
            self.d.post(STORE, {"content": 1, "tags": 2, "priority": 3}), 422)
        named = " ".join(error["field"] for error in problem["errors"])
        for field in ("content", "tags", "priority"):
            self.assertIn(field, named)

    def test_a_missing_content_is_named(self):
        self.assert_problem(self.d.post(STORE, {"user_id": "ada"}), 422, field="content")


class Sync(harness.TestCase):
    def setUp(self):
        self.d = self.daemon()

    def sync(self, local_id, content, **fields):
        return self.d.post(SYNC, {"local_memory_id": local_id, "content": content, **fields})

    def test_stores_under_the_callers_id(self):
        answer = self.sync("mine-1", "first")
        self.assertEqual(200, answer.status, answer)
        self.assertEqual({"status": "success", "memory_id": "mine-1", "sync_state": "local"},
                         answer.json)
        self.assertEqual("first", self.d.memory("mine-1").json["content"])

    def test_the_same_id_again_is_the_same_memory(self):
        self.sync("mine-1", "first words", user_id="ada", tags=["old"])
        self.assertEqual(200, self.sync("mine-1", "second words", user_id="ada").status)
        self.assertEqual(["mine-1"], self.listed(self.d))
        self.assertEqual("second words", self.d.memory("mine-1").json["content"])
        self.assertEqual(["second words"], self.contents(self.d, "words"))
        self.assertEqual([], self.contents(self.d, "first"))

    def test_an_id_is_opaque(self):
        ids = ["a/b", "ü ☃ 😀", "50%", "%2F", "a?b#c&d=e+f", "..", ".",
               "with space", "x" * 200, "quote\"'", "line\nbreak", "a//b/", "store "]
        for number, memory_id in enumerate(ids):
            with self.subTest(memory_id):
                answer = self.sync(memory_id, f"number {number}")
                self.assertEqual(200, answer.status, answer)
                self.assertEqual(memory_id, answer.json["memory_id"])
                got = self.d.memory(memory_id)
                self.assertEqual(200, got.status, got)
                self.assertEqual((memory_id, f"number {number}"),
                                 (got.json["memory_id"], got.json["content"]))
        self.assertEqual(set(ids), set(self.listed(self.d)))
        for memory_id in ids:
            self.assertEqual(200, self.d.ask("DELETE", memory_path(memory_id)).status, memory_id)
        self.assertEqual([], self.listed(self.d))

    def test_names_a_bad_id(self):
        for bad in (None, "", 5, [], {}):
            with self.subTest(bad=bad):
                self.assert_problem(self.sync(bad, "x"), 422, field="local_memory_id")
        self.assert_problem(self.d.post(SYNC, {"content": "x"}), 422, field="local_memory_id")

    def test_checks_the_other_fields_as_store_does(self):
        self.assert_problem(self.sync("a", ""), 422, field="content")
        self.assert_problem(self.sync("a", "x", tags=1), 422, field="tags")


class Patch(harness.TestCase):
    def setUp(self):
        self.d = self.daemon()
        self.memory_id = self.store(self.d, "the old wording", user_id="ada", metadata={"a": 1},
                             tags=["t"], colour="red")

    def patch(self, body):
        return self.d.ask("PATCH", memory_path(self.memory_id), body)

    def test_answers_the_memory_as_it_is_now(self):
        change = {"content": "a new phrase", "metadata": {"b": 2}, "tags": ["x", "y"],
                  "priority": "high", "memory_type": "fact", "archived": False}
        answer = self.patch({**change, "timestamp": "2020-01-01T00:00:00Z"})
        self.assertEqual(200, answer.status, answer)
        self.assertEqual(answer.json, self.d.memory(self.memory_id).json)
        self.assertEqual(change, {key: answer.json[key] for key in change})
        self.assertEqual(2020, moment(answer.json["timestamp"]).year)
        self.assertEqual(("ada", "red"), (answer.json["user_id"], answer.json["colour"]))

    def test_changes_only_what_is_given(self):
        before = self.d.memory(self.memory_id).json
        after = self.patch({"priority": "low"}).json
        self.assertEqual({**before, "priority": "low"}, after)

    def test_recall_follows_the_new_content(self):
        self.patch({"content": "something fresh"})
        self.assertEqual([], self.contents(self.d, "wording"))
        self.assertEqual(["something fresh"], self.contents(self.d, "fresh"))

    def test_archived_hides_from_recall_and_list_until_it_is_asked_for(self):
        self.assertIs(True, self.patch({"archived": True}).json["archived"])
        self.assertEqual([], self.contents(self.d, "wording"))
        self.assertEqual([], self.listed(self.d))
        self.assertEqual(["the old wording"],
                         self.contents(self.d, "wording", include_archived=True))
        self.assertEqual([self.memory_id], self.listed(self.d, "?include_archived=true"))
        self.assertIs(True, self.d.memory(self.memory_id).json["archived"])
        self.patch({"archived": False})
        self.assertEqual(["the old wording"], self.contents(self.d, "wording"))

    def test_names_a_wrong_field_and_changes_nothing(self):
        before = self.d.memory(self.memory_id).json
        for field, value in [("content", ""), ("content", 1), ("metadata", []), ("tags", "x"),
                             ("priority", "max"), ("timestamp", "soon"), ("archived", "yes")]:
            with self.subTest(field=field, value=value):
                self.assert_problem(self.patch({field: value, "memory_type": "changed"}), 422,
                                    field=field)
        self.assertEqual(before, self.d.memory(self.memory_id).json)

    def test_never_moves_a_memory_to_another_scope(self):
        for field in ("user_id", "agent_id", "session_id", "memory_id"):
            before = self.d.memory(self.memory_id).json
            self.patch({field: "mallory", "priority": "low"})
            after = self.d.memory(self.memory_id)
            self.assertEqual(200, after.status)
            self.assertEqual(before.get(field), after.json.get(field))

    def test_an_unknown_id_is_404(self):
        self.assert_problem(self.d.ask("PATCH", "/api/v1/memory/none", {"priority": "low"}), 404)


class Delete(harness.TestCase):
    def setUp(self):
        self.d = self.daemon()

    def test_forgets(self):
        memory_id = self.store(self.d, "forget me")
        answer = self.d.ask("DELETE", memory_path(memory_id))
        self.assertEqual(200, answer.status, answer)
        self.assertEqual({"status": "success", "memory_id": memory_id, "cloud_copy": "none"},
                         answer.json)
        self.assert_problem(self.d.memory(memory_id), 404)
        self.assert_problem(self.d.ask("DELETE", memory_path(memory_id)), 404)
        self.assertEqual([], self.listed(self.d, "?include_archived=true"))
        self.assertEqual([], self.contents(self.d, "forget"))

    def test_an_unknown_id_is_404(self):
        for path in ("/api/v1/memory/none", "/api/v1/memory/%F0%9F%98%80", "/api/v1/memory/a%2Fb"):
            self.assert_problem(self.d.get(path), 404)
            self.assert_problem(self.d.ask("DELETE", path), 404)


if __name__ == "__main__":
    harness.main()
