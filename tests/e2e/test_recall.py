"""POST /api/v1/memory/recall."""
import harness

RECALL = "/api/v1/memory/recall"


class Recall(harness.TestCase):
    def setUp(self):
        self.d = self.daemon()

    def test_answers_in_the_documented_shape(self):
        self.store(self.d, "Ada drinks green tea", user_id="ada", colour="red")
        answer = self.d.post(RECALL, {"query": "tea"})
        self.assertEqual(200, answer.status, answer)
        self.assertEqual({"status", "memories", "source", "degraded", "discovered_actions",
                          "analysis"}, set(answer.json))
        self.assertEqual(("success", "local", False), (
            answer.json["status"], answer.json["source"], answer.json["degraded"]))
        self.assertEqual([], answer.json["discovered_actions"])
        self.assertIsInstance(answer.json["analysis"], dict)
        hit = answer.json["memories"][0]
        for field in ("memory_id", "content", "metadata", "session_id", "agent_id", "user_id",
                      "memory_type", "tags", "priority", "timestamp", "created_at", "archived",
                      "sync_state", "relevance_score"):
            self.assertIn(field, hit)
        self.assertEqual("red", hit["colour"])

    def test_nothing_found_is_an_empty_list(self):
        self.assertEqual([], self.recall(self.d, "anything"))
        self.store(self.d, "tea")
        self.assertEqual([], self.recall(self.d, "locomotive"))

    def test_a_stored_memory_is_found_by_the_next_request(self):
        for number in range(100):
            memory_id = self.store(self.d, f"the code word is zebra{number}")
            hits = self.recall(self.d, f"zebra{number}")
            self.assertEqual([memory_id], [hit["memory_id"] for hit in hits])

    def test_scores_are_between_0_and_1_and_descend(self):
        for words in ("tea", "tea and cake", "green tea leaves", "coffee", "tea tea tea",
                      "a long story about many things in which tea is named once"):
            self.store(self.d, words)
        hits = self.recall(self.d, "green tea", recall_count=9)
        scores = [hit["relevance_score"] for hit in hits]
        self.assertEqual(5, len(scores))
        self.assertEqual(sorted(scores, reverse=True), scores)
        self.assertTrue(all(0 <= score <= 1 for score in scores), scores)

    def test_the_best_match_comes_first(self):
        self.store(self.d, "Bob likes tea")
        best = self.store(self.d, "Ada is allergic to peanuts and likes tea")
        self.store(self.d, "Peanuts grow under ground")
        self.assertEqual(best, self.recall(self.d, "Is Ada allergic to peanuts?")[0]["memory_id"])

    def test_words_are_stemmed_and_unicode_is_folded(self):
        self.store(self.d, "She was running to the Café in ZÜRICH")
        for query in ("run", "runs", "cafe", "zürich", "Zurich", "CAFÉ"):
            with self.subTest(query):
                self.assertEqual(1, len(self.recall(self.d, query)))

    def test_gives_five_by_default_and_as_many_as_asked_for(self):
        for number in range(12):
            self.store(self.d, f"apple {number}")
        self.assertEqual(5, len(self.recall(self.d, "apple")))
        self.assertEqual(1, len(self.recall(self.d, "apple", recall_count=1)))
        self.assertEqual(12, len(self.recall(self.d, "apple", recall_count=1000)))

    def test_min_score_restricts(self):
        self.store(self.d, "apple")
        self.store(self.d, "a text of many other words that names an apple only in passing")

        def scores_of(**fields):
            # Without the weight of time, a score is the same a moment later.
            hits = self.recall(self.d, "apple pie", weight_recent=False, **fields)
            return [hit["relevance_score"] for hit in hits]

        scores = scores_of()
        self.assertEqual(2, len(set(scores)))
        middle = sum(scores) / 2
        kept = scores_of(min_score=middle)
        self.assertEqual([score for score in scores if score >= middle], kept)
        self.assertEqual([], self.recall(self.d, "locomotive", min_score=0))

    def test_explain_adds_the_signals_of_each_hit(self):
        self.store(self.d, "apple")
        plain = self.recall(self.d, "apple")[0]
        explained = self.recall(self.d, "apple", explain=True)[0]
        added = set(explained) - set(plain)
        self.assertEqual(1, len(added), added)
        signals = explained[added.pop()]
        self.assertIsInstance(signals, dict)
        self.assertTrue(signals)

    def test_weight_recent_prefers_the_newer_of_two_equal_texts(self):
        new = self.store(self.d, "the meeting is at noon", timestamp="2025-06-01T00:00:00Z")
        old = self.store(self.d, "the meeting is at noon", timestamp="2015-06-01T00:00:00Z")
        for fields in ({}, {"weight_recent": True}, {"options": {"weight_recent": True}}):
            hits = self.recall(self.d, "meeting", **fields)
            self.assertEqual([new, old], [hit["memory_id"] for hit in hits], fields)
        even = self.recall(self.d, "meeting", weight_recent=False)
        self.assertEqual(even[0]["relevance_score"], even[1]["relevance_score"])
        even = self.recall(self.d, "meeting", options={"weight_recent": False})
        self.assertEqual(even[0]["relevance_score"], even[1]["relevance_score"])

    def test_weight_responsibilities_prefers_the_higher_priority(self):
        when = "2025-06-01T00:00:00Z"
        high = self.store(self.d, "water the plants", timestamp=when, priority="urgent")
        low = self.store(self.d, "water the plants", timestamp=when, priority="low")
        hits = self.recall(self.d, "plants")
        self.assertEqual([high, low], [hit["memory_id"] for hit in hits])
        even = self.recall(self.d, "plants", weight_responsibilities=False)
        self.assertEqual(even[0]["relevance_score"], even[1]["relevance_score"])

    def test_takes_the_body_of_the_clouds_own_client(self):
        self.store(self.d, "apple")
        hits = self.recall(self.d, "apple", recall_count=5, weight_recent=True,
                           weight_responsibilities=True, auto_queue_actions=True, session_id=None,
                           evolution_enabled=True)
        self.assertEqual(1, len(hits))

    def test_names_each_field_that_is_wrong(self):
        for field, values in {"query": [None, 1, [], {}],
                              "recall_count": [0, -1, 1001, "5", 2.5, True, 10 ** 30],
                              "weight_recent": ["true", 1], "weight_responsibilities": [0],
                              "auto_queue_actions": ["no"], "evolution_enabled": [3],
                              "explain": ["yes"], "options": [1, []]}.items():
            for value in values:
                with self.subTest(field=field, value=value):
                    self.assert_problem(self.d.post(RECALL, {"query": "x", field: value}), 422,
                                        field=field)
        self.assert_problem(self.d.post(RECALL, {}), 422, field="query")
        self.assert_problem(self.d.post(RECALL, {"query": "x", "options": {"weight_recent": 1}}),
                            422, field="weight_recent")

    def test_words_are_never_read_as_query_syntax(self):
        self.store(self.d, "salt and pepper")
        self.store(self.d, "sugar")
        queries = ['"', "'", '"salt', "salt OR sugar", "NOT salt", "salt AND", "NEAR(salt pepper)",
                   "content:salt", "col : x", "-salt", "+salt", "salt*", "^salt", "(salt", "salt)",
                   "{a b}: salt", ";DROP TABLE memory;--", "\\", "%", "_", "*", "()", "salt\x00",
                   "a" * 10000, "salt " * 5000, "🧂", "\u202e", "\t\n", "AND OR NOT NEAR", "''''"]
        for query in queries:
            with self.subTest(query[:30]):
                answer = self.d.post(RECALL, {"query": query})
                self.assertIn(answer.status, (200, 422), answer)
                if answer.status == 422:
                    self.assert_problem(answer, 422, field="query")
        self.assertEqual(["salt and pepper"], self.contents(self.d, 'NOT "salt*'))
        self.assertEqual({"salt and pepper", "sugar"}, set(self.contents(self.d, "salt sugar")))


if __name__ == "__main__":
    harness.main()
