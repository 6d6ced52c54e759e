"""GET /api/v1/memory: order, pages, and filters that never leak."""
import threading
from urllib.parse import quote, urlencode

import harness

LIST = "/api/v1/memory"


class Listing(harness.TestCase):
    def setUp(self):
        self.d = self.daemon()

    def page(self, **query):
        answer = self.d.get(LIST + "?" + urlencode(query, doseq=True))
        self.assertEqual(200, answer.status, answer)
        self.assertEqual({"memories", "next_cursor", "total"}, set(answer.json))
        return answer.json

    def pages(self, between=lambda: None, **query):
        """All ids, page by page; `between` runs after each page."""
        ids, cursor = [], None
        for _ in range(1000):
            page = self.page(**query, **({"cursor": cursor} if cursor else {}))
            self.assertLessEqual(len(page["memories"]), query.get("limit", 1000))
            ids += [memory["memory_id"] for memory in page["memories"]]
            cursor = page["next_cursor"]
            if cursor is None:
                return ids
            between()
        self.fail("the pages do not end")

    def test_an_empty_store_is_an_empty_page(self):
        self.assertEqual({"memories": [], "next_cursor": None, "total": 0}, self.page())

    def test_lists_newest_first(self):
        ids = [self.store(self.d, f"m{number}") for number in range(5)]
        self.assertEqual(ids[::-1], self.pages())

    def test_gives_whole_memories_and_the_total(self):
        memory_id = self.store(self.d, "whole", colour="red", user_id="ada")
        self.store(self.d, "another")
        page = self.page(user_id="ada")
        self.assertEqual(1, page["total"])
        self.assertEqual([self.d.memory(memory_id).json], page["memories"])

    def test_limit_bounds_a_page(self):
        for number in range(5):
            self.store(self.d, f"m{number}")
        page = self.page(limit=2)
        self.assertEqual((2, 5), (len(page["memories"]), page["total"]))
        self.assertIsInstance(page["next_cursor"], str)
        self.assertEqual(5, len(self.page(limit=1000)["memories"]))

    def test_pages_neither_skip_nor_repeat(self):
        ids = [self.store(self.d, f"m{number}", timestamp="2025-01-01T00:00:00Z")
               for number in range(23)]
        for limit in (1, 2, 7, 22, 23, 24):
            with self.subTest(limit=limit):
                self.assertEqual(ids[::-1], self.pages(limit=limit))

    def test_pages_neither_skip_nor_repeat_while_others_insert_and_delete(self):
        ids = [self.store(self.d, f"m{number}") for number in range(40)]
        done = threading.Event()

        def insert():
            connection = self.d.connect()
            while not done.is_set():
                connection.ask("POST", LIST + "/store", {"content": "a later one"})
            connection.close()

        writers = [threading.Thread(target=insert) for _ in range(4)]
        for writer in writers:
            writer.start()
        try:
            seen = self.pages(limit=3)
        finally:
            done.set()
            for writer in writers:
                writer.join(harness.DEADLINE)
        self.assertEqual(len(set(seen)), len(seen))
        self.assertEqual(ids[::-1], [memory_id for memory_id in seen if memory_id in set(ids)])

        gone = ids[30]
        self.assertEqual(200, self.d.ask("DELETE", f"{LIST}/{gone}").status)
        remaining = [i for i in ids if i != gone]
        seen = self.pages(limit=5)
        self.assertEqual(remaining[::-1], [i for i in seen if i in set(remaining)])

    def test_a_page_whose_cursor_memory_is_deleted_meanwhile_goes_on(self):
        ids = [self.store(self.d, f"m{number}") for number in range(6)]
        first = self.page(limit=2)
        for memory in first["memories"]:
            self.d.ask("DELETE", f"{LIST}/{memory['memory_id']}")
        second = self.page(limit=2, cursor=first["next_cursor"])
        self.assertEqual([ids[3], ids[2]], [m["memory_id"] for m in second["memories"]])

    def test_refuses_a_bad_limit_cursor_time_or_flag(self):
        self.store(self.d, "x")
        for name, values in {"limit": ["0", "-1", "1001", "ten", "", "5x", "99999999999999999999"],
                             "cursor": ["nonsense", "-5", "☃"], "since": ["yesterday", ""],
                             "until": ["2025-99-99"], "include_archived": ["maybe"]}.items():
            for value in values:
                with self.subTest(name=name, value=value):
                    answer = self.d.get(f"{LIST}?{name}={quote(value)}")
                    self.assert_problem(answer, 422, 400, field=name)

    def test_a_bad_percent_encoding_is_refused(self):
        self.assert_problem(self.d.get(LIST + "?user_id=%zz"), 400, 422)


class Filters(harness.TestCase):
    """Every filter on list and on recall: only what it lets through, and never nothing dropped."""

    def setUp(self):
        self.d = self.daemon()
        self.ids = {}
        for name, fields in {
            "plain": {},
            "ada": {"user_id": "ada", "agent_id": "planner", "session_id": "s1"},
            "bob": {"user_id": "bob", "agent_id": "planner", "session_id": "s1"},
            "ADA": {"user_id": "ADA", "session_id": "s2"},
            "fact": {"user_id": "ada", "memory_type": "fact"},
            "tagged": {"tags": ["red", "blue"], "metadata": {"role": "user", "n": 5, "ok": True}},
            "red": {"tags": ["red"], "metadata": {"role": "assistant", "n": "5", "a.b": "x"}},
            "old": {"timestamp": "2001-01-01T00:00:00Z", "metadata": {"nested": {"k": 1}}},
        }.items():
            self.ids[name] = self.store(self.d, f"word {name}", **fields)

    def assert_both(self, expected, query, body):
        names = {memory_id: name for name, memory_id in self.ids.items()}
        listed = self.listed(self.d, "?" + query)
        self.assertEqual(set(expected), {names[i] for i in listed}, "list")
        hits = self.recall(self.d, "word", recall_count=100, **body)
        self.assertEqual(set(expected), {names[hit["memory_id"]] for hit in hits}, "recall")

    def test_by_scope(self):
        self.assert_both(["ada", "fact"], "user_id=ada", {"user_id": "ada"})
        self.assert_both(["bob"], "user_id=bob", {"user_id": "bob"})
        self.assert_both(["ada", "bob"], "agent_id=planner", {"agent_id": "planner"})
        self.assert_both(["ada", "bob"], "session_id=s1", {"session_id": "s1"})
        self.assert_both(["ada"], "user_id=ada&session_id=s1",
                         {"user_id": "ada", "session_id": "s1"})

    def test_a_scope_that_nobody_has_is_empty(self):
        for value in ("nobody", "ad", "ada ", "%", "*", "ada' OR '1'='1", "☃"):
            with self.subTest(value):
                self.assert_both([], "user_id=" + quote(value), {"user_id": value})

    def test_an_empty_scope_never_means_everyone(self):
        listed = self.d.get(LIST + "?user_id=")
        if listed.status == 200:
            self.assertEqual([], listed.json["memories"])
        recalled = self.d.post(LIST + "/recall", {"query": "word", "user_id": ""})
        if recalled.status == 200:
            self.assertEqual([], recalled.json["memories"])

    def test_by_type(self):
        self.assert_both(["fact"], "memory_type=fact", {"memory_type": "fact"})
        self.assert_both([], "memory_type=FACT", {"memory_type": "FACT"})

    def test_by_tags_all_of_them(self):
        self.assert_both(["tagged", "red"], "tags=red", {"tags": ["red"]})
        self.assert_both(["tagged"], "tags=red&tags=blue", {"tags": ["red", "blue"]})
        self.assert_both([], "tags=red&tags=green", {"tags": ["red", "green"]})
        self.assert_both([], "tags=re", {"tags": ["re"]})

    def test_by_metadata(self):
        self.assert_both(["tagged"], "metadata.role=user", {"metadata": {"role": "user"}})
        self.assert_both([], "metadata.role=user&metadata.n=6",
                         {"metadata": {"role": "user", "n": 6}})
        self.assert_both(["red"], "metadata.a.b=x", {"metadata": {"a.b": "x"}})
        self.assert_both([], "metadata.none=x", {"metadata": {"none": "x"}})
        self.assertEqual([self.ids["tagged"]], [
            hit["memory_id"] for hit in self.recall(self.d, "word", metadata={"n": 5})])
        self.assertEqual([self.ids["tagged"]], [
            hit["memory_id"] for hit in self.recall(self.d, "word", metadata={"ok": True})])

    def test_by_time(self):
        self.assert_both(["old"], "until=2002-01-01T00:00:00Z", {"until": "2002-01-01T00:00:00Z"})
        self.assert_both(set(self.ids) - {"old"}, "since=2002-01-01T00:00:00",
                         {"since": "2002-01-01T00:00:00"})
        self.assert_both(["old"], "since=2001-01-01T00:00:00Z&until=2001-01-02T00:00:00Z",
                         {"since": "2001-01-01T00:00:00Z", "until": "2001-01-02T00:00:00Z"})
        self.assert_both([], "since=2003-01-01T00:00:00Z&until=2002-01-01T00:00:00Z",
                         {"since": "2003-01-01T00:00:00Z", "until": "2002-01-01T00:00:00Z"})

    def test_null_in_a_recall_body_means_not_given(self):
        hits = self.recall(self.d, "word", recall_count=100, user_id=None, session_id=None,
                           agent_id=None, memory_type=None, tags=None, metadata=None, since=None,
                           until=None)
        self.assertEqual(len(self.ids), len(hits))

    def test_a_filter_in_the_options_of_a_recall_is_refused_not_dropped(self):
        answer = self.d.post(LIST + "/recall", {"query": "word", "options": {"user_id": "ada"}})
        self.assert_problem(answer, 422, field="options.user_id")

    def test_a_filter_with_nul_is_refused_or_matches_nothing(self):
        for query in ("user_id=ada%00", "tags=red%00", "metadata.role=user%00",
                      "metadata.role%00=user"):
            with self.subTest(query):
                answer = self.d.get(f"{LIST}?{query}")
                if answer.status != 200 or answer.json["total"]:
                    self.assert_problem(answer, 422)
        for body in ({"user_id": "ada\0"}, {"tags": ["red\0"]}, {"metadata": {"role": "user\0"}},
                     {"metadata": {"role\0": "user"}}):
            with self.subTest(body):
                answer = self.d.post(LIST + "/recall", {"query": "word", **body})
                if answer.status != 200 or answer.json["memories"]:
                    self.assert_problem(answer, 422)

    def test_a_filter_of_a_wrong_type_is_refused_not_dropped(self):
        for field, values in {"user_id": [1, [], {}], "agent_id": [True], "session_id": [5],
                              "memory_type": [[]], "tags": ["red", [1], {}],
                              "metadata": [[], "role", 1], "since": [1, "soon"],
                              "until": ["later"], "include_archived": ["yes", 1],
                              "min_score": ["high", [], 2, -1]}.items():
            for value in values:
                with self.subTest(field=field, value=value):
                    answer = self.d.post(LIST + "/recall", {"query": "word", field: value})
                    self.assert_problem(answer, 422, field=field)


if __name__ == "__main__":
    harness.main()
