"""PATCH and DELETE of what waits and of what the cloud has; copies kept for an outage."""
import harness
from cloud_case import CloudCase
from harness import memory_path


class Delete(CloudCase):
    def setUp(self):
        self.c = self.cloud()

    def delete(self, d, memory_id):
        answer = d.ask("DELETE", memory_path(memory_id))
        self.assertEqual(200, answer.status, answer)
        return answer.json["cloud_copy"]

    def test_of_a_memory_of_the_cloud_hides_it_from_every_recall(self):
        d = self.linked(self.c)
        gone, kept = (self.put(d, f"green tea {n}", "synced") for n in range(2))
        self.assertEqual("retained", self.delete(d, gone))
        self.assertEqual([kept], [hit["memory_id"] for hit in self.recall(d, "green tea")])
        self.assert_problem(d.ask("DELETE", memory_path(gone)), 404)
        self.assertEqual(0, d.stop())
        d.start()
        self.assertEqual([kept], [hit["memory_id"] for hit in self.recall(d, "green tea")])
        self.assertEqual(2, len(self.c.memories()))

    def test_under_its_local_id_after_the_copy_went(self):
        d = self.linked(self.c)
        self.c.fault("down")
        memory_id = self.put(d, "green tea", "queued")
        self.c.clear_faults()
        self.flush(d)
        self.assertEqual(404, d.memory(memory_id).status)
        self.assertEqual("retained", self.delete(d, memory_id))
        self.assertEqual([], self.recall(d, "green tea"))
        self.assert_problem(d.ask("DELETE", memory_path(memory_id)), 404)

    def test_of_a_synced_copy_takes_the_copy_and_hides_the_clouds(self):
        d = self.hybrid(self.c)
        memory_id = self.put(d, "green tea", "queued")
        self.until_drained(d)
        cloud_id = self.c.memories()[0]["memory_id"]
        self.assertEqual("retained", self.delete(d, cloud_id))
        self.assertEqual((404, 0), (d.memory(memory_id).status, self.total(d)))
        self.assertEqual([], self.recall(d, "green tea"))

    def test_of_what_was_never_sent_keeps_it_from_the_cloud(self):
        d = self.hybrid(self.c)
        self.c.kill()
        ids = [self.put(d, f"green tea {n}", "queued") for n in range(3)]
        self.delete(d, ids[1])
        self.assertEqual(2, self.waiting(d))
        self.assertEqual({ids[0], ids[2]}, {hit["memory_id"] for hit in self.recall(d, "tea")})
        self.c.start()
        self.flush(d)
        self.assert_once(self.c, ["green tea 0", "green tea 2"])

    def test_while_it_is_on_its_way_hides_what_arrives(self):
        d = self.hybrid(self.c)
        self.c.fault("slow", delay_ms=1000, count=1, path="memory/sync")
        memory_id = self.put(d, "green tea", "queued")
        harness.until(lambda: [item["state"] for item in self.items(d)] == ["in_flight"],
                      "it is being sent")
        self.assertEqual("retained", self.delete(d, memory_id))
        harness.until(self.c.memories, "it arrives")
        self.until_drained(d)
        harness.until(lambda: not self.recall(d, "green tea"), "it is hidden")
        self.put(d, "green tea again", "queued")
        self.until_drained(d)
        self.assertEqual(["green tea again"], self.contents(d, "green tea"))

    def test_after_the_clouds_answer_was_lost_hides_what_arrived(self):
        for link in (self.linked, self.hybrid):
            with self.subTest(link.__name__):
                d = link(self.c)
                self.c.fault("reset_after_accept")
                memory_id = self.put(d, "green tea", "queued", user_id=link.__name__)
                harness.until(lambda: [m for m in self.c.memories()
                                       if m["user_id"] == link.__name__], "the cloud has it")
                self.assertEqual("retained", self.delete(d, memory_id))
                self.c.clear_faults()
                self.put(d, "black tea", "queued" if link == self.hybrid else "synced",
                         user_id=link.__name__)
                self.until_drained(d)
                answer = self.answered(d, "tea", user_id=link.__name__)
                self.assertFalse(answer["degraded"])
                self.assertEqual(["black tea"], [hit["content"] for hit in answer["memories"]])
                self.assertEqual(0, d.stop())

    def test_of_an_id_that_nobody_knows_is_404_in_local_mode(self):
        self.assert_problem(self.daemon().ask("DELETE", memory_path("mem_1")), 404)


class Patch(CloudCase):
    def setUp(self):
        self.c = self.cloud()

    def patch(self, d, memory_id, **fields):
        answer = d.ask("PATCH", memory_path(memory_id), fields)
        self.assertEqual(200, answer.status, answer)
        return answer.json

    def test_of_what_waits_reaches_the_cloud_in_its_new_shape_once(self):
        for link in (self.linked, self.hybrid):
            with self.subTest(link.__name__):
                d = link(self.c)
                self.c.fault("down")
                memory_id = self.put(d, "green tea", "queued", user_id=link.__name__)
                changed = self.patch(d, memory_id, content=f"black tea {link.__name__}",
                                     tags=["late"], metadata={"n": 2}, priority="high")
                self.assertEqual("queued", changed["sync_state"])
                self.patch(d, memory_id, priority="urgent")
                self.c.clear_faults()
                self.flush(d)
                [there] = [memory for memory in self.c.memories()
                           if memory["user_id"] == link.__name__]
                self.assertEqual((f"black tea {link.__name__}", ["late"], {"n": 2}, "urgent"),
                                 tuple(there[key] for key in
                                       ("content", "tags", "metadata", "priority")))

    def test_while_it_is_on_its_way_still_arrives(self):
        d = self.hybrid(self.c)
        self.c.fault("slow", delay_ms=1000, count=1, path="memory/sync")
        memory_id = self.put(d, "green tea", "queued")
        harness.until(lambda: [item["state"] for item in self.items(d)] == ["in_flight"],
                      "it is being sent")
        self.patch(d, memory_id, content="black tea")
        harness.until(lambda: ["black tea"] == [m["content"] for m in self.c.memories()],
                      "the cloud has the new content, and one memory")
        self.until_drained(d)
        self.assertEqual("synced", d.memory(memory_id).json["sync_state"])

    def test_after_an_attempt_whose_outcome_is_unknown_leaves_one_memory(self):
        d = self.hybrid(self.c)
        self.c.fault("reset_after_accept", path="memory/sync")
        memory_id = self.put(d, "green tea", "queued")
        harness.until(self.c.memories, "the cloud has stored it")
        self.patch(d, memory_id, content="black tea")
        self.c.clear_faults()
        self.flush(d)
        self.assertEqual(["black tea"], [memory["content"] for memory in self.c.memories()])

    def test_after_a_first_store_whose_answer_was_lost_hides_what_it_was(self):
        d = self.linked(self.c)
        self.c.fault("reset_after_accept", path="memory/store", count=1)
        memory_id = self.put(d, "green tea", "queued")
        self.c.fault("error", path="memory/store")
        self.patch(d, memory_id, content="black tea")
        self.c.clear_faults()
        self.flush(d)
        self.assertEqual(["black tea", "green tea"],
                         sorted(memory["content"] for memory in self.c.memories()))
        self.assertEqual(["black tea"], self.contents(d, "tea"))

    def test_of_a_synced_copy_is_found_by_what_it_says_now(self):
        d = self.hybrid(self.c)
        memory_id = self.put(d, "zebras eat grass", "queued", user_id="ada")
        self.until_drained(d)
        self.patch(d, memory_id, content="giraffes eat leaves", tags=["critical"])
        self.assertEqual(["zebras eat grass"], [m["content"] for m in self.c.memories()])
        for query, filters in (("giraffes", {}), ("leaves", {"user_id": "ada", "tags": ["critical"]}),
                               ("zebras", {})):
            answer = self.answered(d, query, **filters)
            self.assertFalse(answer["degraded"])
            self.assertEqual([(memory_id, "giraffes eat leaves", "synced")],
                             [(hit["memory_id"], hit["content"], hit["sync_state"])
                              for hit in answer["memories"]], query)
        self.assertEqual([], self.recall(d, "leaves", user_id="bob"))

    def test_of_a_memory_that_only_the_cloud_has_is_404(self):
        d = self.linked(self.c)
        memory_id = self.put(d, "green tea", "synced")
        self.assert_problem(d.ask("PATCH", memory_path(memory_id), {"content": "x"}), 404)


class Cache(CloudCase):
    def setUp(self):
        self.c = self.cloud()

    def test_keeps_the_newest_for_a_recall_without_the_cloud(self):
        d = self.linked(self.c, MEMORYPRO_CACHE_MAX_BYTES=5000)
        for number in range(30):
            last = self.put(d, f"tea number{number} " + "x" * 480, "synced")
        harness.until(lambda: d.memory(last).status == 200, "the copy is kept")
        harness.until(lambda: self.total(d) <= 10, "the oldest copies are trimmed")
        self.assertGreaterEqual(self.total(d), 5)
        self.c.fault("down")
        answer = self.answered(d, "tea", recall_count=100)
        self.assertEqual(("local", True), (answer["source"], answer["degraded"]))
        found = {hit["content"].split()[1]: hit for hit in answer["memories"]}
        self.assertIn("number29", found)
        self.assertNotIn("number0", found)
        self.assertEqual({"synced"}, {hit["sync_state"] for hit in found.values()})

    def test_takes_what_was_queued_and_shows_it_once_when_the_cloud_is_back(self):
        d = self.linked(self.c, MEMORYPRO_CACHE_MAX_BYTES="1M")
        self.c.fault("down")
        queued = self.put(d, "green tea queued", "queued")
        self.c.clear_faults()
        self.flush(d)
        self.assertEqual("synced", d.memory(queued).json["sync_state"])
        direct = self.put(d, "green tea direct", "synced")
        harness.until(lambda: d.memory(direct).status == 200, "the copy is kept")
        hits = self.recall(d, "green tea")
        self.assertEqual([direct, queued], sorted((hit["memory_id"] for hit in hits),
                                                  key=[direct, queued].index))
        self.c.fault("down")
        self.assertEqual({direct, queued}, {h["memory_id"] for h in self.recall(d, "green tea")})

    def test_never_takes_what_waits(self):
        d = self.linked(self.c, MEMORYPRO_CACHE_MAX_BYTES=1)
        self.c.fault("down")
        ids = {self.put(d, f"green tea {n} " + "x" * 500, "queued") for n in range(10)}
        self.assertEqual(ids, {hit["memory_id"] for hit in self.recall(d, "tea", recall_count=50)})
        self.c.clear_faults()
        self.flush(d)
        self.assertEqual(10, len(self.c.memories()))
        harness.until(lambda: self.total(d) <= 1, "the copies are trimmed")


if __name__ == "__main__":
    harness.main()
