"""Who keeps a memory and who answers for it, in each mode: the table of the modes, cell by cell."""
import harness
from cloud_case import CloudCase, SYNC
from harness import memory_path


class Local(CloudCase):
    def test_without_key_or_secret_everything_stays_here(self):
        cloud = self.cloud()
        for missing in ("MEMORYPRO_API_KEY", "MEMORYPRO_API_SECRET"):
            account = self.account(cloud)
            del account[missing]
            d = self.daemon(**account)
            memory_id = self.put(d, "green tea", "local")
            self.assertEqual("local", d.memory(memory_id).json["sync_state"])
            answer = d.post(SYNC, {"local_memory_id": "mine", "content": "black tea"})
            self.assertEqual((200, "mine", "local"), (
                answer.status, answer.json["memory_id"], answer.json["sync_state"]))
            found = self.answered(d, "tea")
            self.assertEqual(("local", False, 2), (
                found["source"], found["degraded"], len(found["memories"])))
            status = self.status(d)
            self.assertEqual(("local", "disabled"), (status["mode"], status["cloud"]["state"]))
            self.assertEqual(0, d.get("/api/v1/queue").json["total"])
        self.assertEqual([], cloud.memories())
        self.assertEqual(0, cloud.requests())


class CloudFirst(CloudCase):
    def setUp(self):
        self.c = self.cloud()
        self.d = self.linked(self.c)

    def test_a_store_goes_to_the_cloud_and_nothing_is_kept_here(self):
        fields = {"metadata": {"nested": {"n": 1}}, "session_id": "s", "agent_id": "a",
                  "user_id": "ada", "memory_type": "fact", "tags": ["x", "y"], "priority": "high",
                  "timestamp": "2026-01-02T03:04:05.000000Z", "colour": "red ☃"}
        memory_id = self.put(self.d, "green tea", "synced", **fields)
        [there] = self.c.memories()
        self.assertEqual(there["memory_id"], memory_id)
        self.assertEqual({"content": "green tea", **fields},
                         {key: there.get(key) for key in ("content", *fields)})
        self.assertEqual(0, self.total(self.d))
        self.assertEqual(b"", self.d.get("/api/v1/memory/export").body)
        self.assertEqual([], self.items(self.d))
        status = self.status(self.d)
        self.assertEqual(("cloud_first", "online", "closed", None), (
            status["mode"], status["cloud"]["state"], status["cloud"]["circuit"],
            status["cloud"]["last_error"]))
        self.assertIsNotNone(status["cloud"]["last_success"])

    def test_sync_answers_the_callers_id_and_replaces(self):
        for content in ("first", "second"):
            answer = self.d.post(SYNC, {"local_memory_id": "mine/1", "content": content})
            self.assertEqual((200, "mine/1", "synced"), (
                answer.status, answer.json["memory_id"], answer.json["sync_state"]), answer)
        self.assertEqual(["second"], [memory["content"] for memory in self.c.memories()])
        self.assertEqual(0, self.total(self.d))
        self.assertEqual(["mine/1"],
                         [hit["memory_id"] for hit in self.recall(self.d, "second")])

    def test_sync_in_an_outage_waits_as_one_memory_with_its_last_content(self):
        self.c.fault("down")
        for content in ("first", "second"):
            answer = self.d.post(SYNC, {"local_memory_id": "mine", "content": content})
            self.assertEqual((200, "queued"), (answer.status, answer.json["sync_state"]), answer)
        self.c.clear_faults()
        self.flush(self.d)
        self.assertEqual(["second"], [memory["content"] for memory in self.c.memories()])
        answer = self.d.post(SYNC, {"local_memory_id": "mine", "content": "third"})
        self.assertEqual((200, "synced"), (answer.status, answer.json["sync_state"]), answer)
        self.assertEqual(["third"], [memory["content"] for memory in self.c.memories()])

    def test_the_cloud_answers_a_recall(self):
        ids = [self.put(self.d, f"green tea {n}", "synced", user_id="ada") for n in range(3)]
        self.put(self.d, "green grass", "synced", user_id="bob")
        answer = self.answered(self.d, "green tea", user_id="ada", recall_count=10)
        self.assertEqual(("cloud", False), (answer["source"], answer["degraded"]))
        self.assertEqual(set(ids), {hit["memory_id"] for hit in answer["memories"]})
        self.assertEqual({"synced"}, {hit["sync_state"] for hit in answer["memories"]})
        scores = [hit["relevance_score"] for hit in answer["memories"]]
        self.assertEqual(sorted(scores, reverse=True), scores)
        self.assertTrue(all(0 <= score <= 1 for score in scores), scores)
        self.assertEqual(2, len(self.recall(self.d, "green tea", recall_count=2)))

    def test_in_an_outage_a_store_is_queued_recalled_and_sent_later(self):
        events = self.events(self.d)
        self.c.fault("down")
        memory_id = self.put(self.d, "green tea", "queued", user_id="ada")
        self.assertEqual("queued", self.d.memory(memory_id).json["sync_state"])
        self.assertEqual(1, self.total(self.d))
        [item] = self.items(self.d)
        self.assertEqual(memory_id, item["memory_id"])
        self.assertEqual("store", item["operation"])
        answer = self.answered(self.d, "tea", user_id="ada")
        self.assertEqual(("local", True, [memory_id]), (
            answer["source"], answer["degraded"], [hit["memory_id"] for hit in answer["memories"]]))
        self.assertEqual([], self.recall(self.d, "tea", user_id="bob"))

        self.c.clear_faults()
        self.flush(self.d)
        self.assert_once(self.c, ["green tea"])
        self.assertEqual([memory_id], [data["memory_id"] for data in events.until("memory.synced")])
        # The copy went, the mapping stays.
        self.assertEqual((0, []), (self.total(self.d), self.items(self.d)))
        answer = self.answered(self.d, "tea", user_id="ada")
        self.assertEqual(("cloud", False, [(memory_id, "synced")]), (
            answer["source"], answer["degraded"],
            [(hit["memory_id"], hit["sync_state"]) for hit in answer["memories"]]))
        problem = self.assert_problem(self.d.memory(memory_id), 404)
        self.assertIn(self.c.memories()[0]["memory_id"], problem["detail"])

    def test_what_waits_is_found_beside_what_the_cloud_has(self):
        there = self.put(self.d, "green tea is in the cloud", "synced")
        self.c.fault("error", path="memory/store", matching="waits")
        waits = self.put(self.d, "green tea waits here", "queued")
        answer = self.answered(self.d, "green tea")
        self.assertEqual(("merged", False), (answer["source"], answer["degraded"]))
        self.assertEqual({there: "synced", waits: "queued"},
                         {hit["memory_id"]: hit["sync_state"] for hit in answer["memories"]})
        scores = [hit["relevance_score"] for hit in answer["memories"]]
        self.assertEqual(sorted(scores, reverse=True), scores)

    def test_every_filter_restricts_what_the_cloud_gave_and_what_waits(self):
        def fields(**more):
            return {"user_id": "ada", "agent_id": "a", "session_id": "s", "memory_type": "fact",
                    "tags": ["t", "u"], "metadata": {"n": 1}, "timestamp": "2026-01-02T00:00:00Z",
                    **more}

        others = [fields(user_id="bob"), fields(agent_id="b"), fields(session_id="r"),
                  fields(memory_type="note"), fields(tags=["u"]), fields(metadata={"n": 2}),
                  fields(timestamp="2025-01-02T00:00:00Z"),
                  fields(timestamp="2027-01-02T00:00:00Z")]
        query = {"user_id": "ada", "agent_id": "a", "session_id": "s", "memory_type": "fact",
                 "tags": ["t"], "metadata": {"n": 1}, "since": "2025-06-01T00:00:00Z",
                 "until": "2026-06-01T00:00:00Z", "recall_count": 100}

        def store_all(state):
            for other in others:
                self.put(self.d, "green tea", state, **other)
            return self.put(self.d, "green tea", state, **fields())

        def found():
            answer = self.answered(self.d, "green tea", **query)
            return answer["source"], [hit["memory_id"] for hit in answer["memories"]]

        there = store_all("synced")
        self.assertEqual(("cloud", [there]), found())
        self.c.fault("down", path="memory/store")
        waits = store_all("queued")
        self.assertEqual(("local", [waits]), found())
        self.c.clear_faults()
        self.flush(self.d)
        source, ids = found()
        self.assertEqual(("cloud", {there, waits}), (source, set(ids)))

    def test_without_fallback_an_outage_is_503_and_nothing_is_kept(self):
        d = self.linked(self.c, MEMORYPRO_LOCAL_FALLBACK="false")
        self.put(d, "green tea", "synced")
        for fault in ("down", "error", "unauthorized"):
            with self.subTest(fault):
                self.c.fault(fault)
                for path, body in (("/api/v1/memory/store", {"content": "lost"}),
                                   (SYNC, {"content": "lost", "local_memory_id": "mine"})):
                    answer = d.post(path, body)
                    self.assert_problem(answer, 503)
                    self.assertGreater(int(answer.headers["retry-after"]), 0)
                self.c.clear_faults()
        self.assertEqual((0, []), (self.total(d), self.items(d)))
        self.assert_once(self.c, ["green tea"])

    def test_a_refusal_is_422_with_the_clouds_words_and_nothing_is_kept(self):
        self.c.fault("reject", matching="poison", detail="content violates the policy")
        for path, body in (("/api/v1/memory/store", {"content": "poison"}),
                           (SYNC, {"content": "poison", "local_memory_id": "mine"})):
            answer = self.d.post(path, body)
            problem = self.assert_problem(answer, 422)
            self.assertIn("policy", problem["detail"])
        self.assertEqual((0, []), (self.total(self.d), self.items(self.d)))
        self.put(self.d, "good", "synced")
        self.assert_once(self.c, ["good"])
        self.assertEqual("online", self.status(self.d)["cloud"]["state"])

    def test_a_cut_connection_is_retried_within_the_call_and_stored_once(self):
        d = self.linked(self.c, MEMORYPRO_MAX_RETRIES=3)
        self.c.fault("reset_after_accept", count=1, path="memory/store")
        self.put(d, "green tea", "synced")
        self.assert_once(self.c, ["green tea"])


class Hybrid(CloudCase):
    def setUp(self):
        self.c = self.cloud()
        self.d = self.hybrid(self.c)

    def test_a_store_is_answered_at_once_and_follows_and_the_copy_stays(self):
        events = self.events(self.d)
        memory_id = self.put(self.d, "green tea", "queued", user_id="ada", colour="red")
        events.until("memory.synced")
        self.until_drained(self.d)
        [there] = self.c.memories()
        self.assertEqual(("green tea", "ada", "red"), (
            there["content"], there["user_id"], there["colour"]))
        copy = self.d.memory(memory_id).json
        self.assertEqual(("synced", "green tea"), (copy["sync_state"], copy["content"]))
        self.assertEqual(copy, self.d.memory(there["memory_id"]).json)
        self.assertEqual("hybrid", self.status(self.d)["mode"])
        self.assertEqual([memory_id],
                         [data["memory_id"] for data in events.named("memory.synced")])

    def test_a_store_does_not_wait_for_the_cloud(self):
        self.c.fault("hang")
        for number in range(20):
            self.put(self.d, f"m{number}", "queued")
        self.c.clear_faults()

    def test_a_recall_shows_each_memory_once_under_its_id_here(self):
        memory_id = self.put(self.d, "green tea", "queued")
        self.until_drained(self.d)
        answer = self.answered(self.d, "tea")
        self.assertEqual(([memory_id], False), (
            [hit["memory_id"] for hit in answer["memories"]], answer["degraded"]))
        self.assertIn(answer["source"], ("cloud", "merged"))

    def test_in_an_outage_everything_is_recalled_here(self):
        synced = self.put(self.d, "green tea", "queued")
        self.until_drained(self.d)
        self.c.fault("down")
        queued = self.put(self.d, "black tea", "queued")
        answer = self.answered(self.d, "tea")
        self.assertEqual(("local", True, {synced: "synced", queued: "queued"}), (
            answer["source"], answer["degraded"],
            {hit["memory_id"]: hit["sync_state"] for hit in answer["memories"]}))

    def test_sync_again_replaces_in_the_cloud_too(self):
        for content in ("first", "second"):
            answer = self.d.post(SYNC, {"local_memory_id": "mine", "content": content})
            self.assertEqual((200, "mine", "queued"), (
                answer.status, answer.json["memory_id"], answer.json["sync_state"]), answer)
            self.until_drained(self.d)
        self.assertEqual(["second"], [memory["content"] for memory in self.c.memories()])
        self.assertEqual(("second", "synced"), tuple(
            self.d.memory("mine").json[key] for key in ("content", "sync_state")))

    def test_what_was_changed_here_after_the_sync_is_what_a_recall_shows(self):
        changed = self.put(self.d, "green tea", "queued")
        hidden = self.put(self.d, "green grass", "queued")
        self.until_drained(self.d)
        self.assertEqual(200, self.d.ask("PATCH", memory_path(changed),
                                         {"content": "green coffee", "tags": ["t"]}).status)
        self.assertEqual(200, self.d.ask("PATCH", memory_path(hidden), {"archived": True}).status)
        hits = self.recall(self.d, "green")
        self.assertEqual([(changed, "green coffee", ["t"])],
                         [(hit["memory_id"], hit["content"], hit["tags"]) for hit in hits])
        self.assertEqual({changed, hidden}, {
            hit["memory_id"] for hit in self.recall(self.d, "green", include_archived=True)})


if __name__ == "__main__":
    harness.main()
