"""What the cloud refuses, and the queue in the hands of an operator."""
import json

import harness
from cloud_case import CloudCase, STORE, scaled
from harness import memory_path

WORDS = "content violates the policy"


class Refused(CloudCase):
    def setUp(self):
        self.c = self.cloud()

    def poisoned(self, d, **fields):
        """A memory that the cloud has refused: its id here and its item in the queue."""
        self.c.fault("reject", matching="poison", detail=WORDS)
        memory_id = self.put(d, "poison", "queued", **fields)
        [item] = harness.until(
            lambda: [i for i in self.items(d) if i["state"] == "dead"], "it is dead")
        self.assertEqual(memory_id, item["memory_id"])
        return memory_id, item

    def test_a_poison_row_holds_up_none_of_the_1000_behind_it(self):
        d = self.hybrid(self.c)
        events = self.events(d)
        self.c.fault("reject", matching="poison", detail=WORDS)
        good, scope = scaled(1000), {"user_id": "ada", "agent_id": "a", "session_id": "s"}
        contents = [f"good {n}" for n in range(good)]
        self.load(d, [{"content": content, **scope} for content in ["poison", *contents]])
        harness.until(lambda: self.waiting(d) == 0, "all have gone")
        self.assert_once(self.c, contents)
        self.assert_order(self.c, lambda m: m["user_id"], lambda m: int(m["content"].split()[1]))
        [item] = self.items(d)
        self.assertEqual(("dead", None), (item["state"], item["next_attempt_at"]))
        self.assertIn(WORDS, item["last_error"])
        [event] = events.until("memory.dead")
        self.assertEqual(item["memory_id"], event["memory_id"])
        memory = d.memory(item["memory_id"]).json
        self.assertEqual(("poison", "dead"), (memory["content"], memory["sync_state"]))
        self.assertEqual(1, self.status(d)["queue"]["dead"])
        self.assertEqual(1, self.metric(d, "memorypro_dead_letters"))
        self.assertEqual(1, self.metric(d, 'memorypro_sync_attempts_total{outcome="refused"}'))
        self.assertEqual(("online", "closed"), tuple(
            self.status(d)["cloud"][key] for key in ("state", "circuit")))
        self.assertEqual("poison", self.contents(d, "poison")[0])

    def test_it_is_found_by_a_recall_in_cloud_first_mode_too(self):
        d = self.linked(self.c)
        self.c.fault("down")
        self.put(d, "poison", "queued")
        self.c.fault("reject", path="memory/store", detail=WORDS)
        self.flush(d)
        answer = self.answered(d, "poison")
        self.assertEqual(("merged", ["dead"]), (
            answer["source"], [hit["sync_state"] for hit in answer["memories"]]))

    def test_is_shown_in_the_queue_with_the_clouds_words(self):
        d = self.hybrid(self.c)
        _, item = self.poisoned(d)
        self.assertEqual(item, d.get(f"/api/v1/queue/{item['id']}").json)
        for arguments in (("queue",), ("queue", "--dead"), ("queue", "--state", "dead"),
                          ("queue", "show", item["id"])):
            self.assertIn("policy", self.cli(d, *arguments), arguments)
        self.assertNotIn("policy", self.cli(d, "queue", "--state", "pending"))
        shown = json.loads(self.run_cli(d, "queue", "show", item["id"], "--json").stdout)
        self.assertEqual(item, shown)
        for nobody in ("99999", "nonsense", "-1"):
            self.assert_problem(d.get(f"/api/v1/queue/{nobody}"), 404)
            self.assert_problem(d.ask("POST", f"/api/v1/queue/{nobody}/retry"), 404)
            self.assert_problem(d.ask("DELETE", f"/api/v1/queue/{nobody}"), 404)

    def test_survives_a_restart_and_is_not_sent_again_by_itself(self):
        d = self.hybrid(self.c)
        _, item = self.poisoned(d)
        self.assertEqual(0, d.stop())
        d.start()
        self.c.clear_faults()
        self.flush(d)
        self.assertEqual([item], self.items(d))
        self.assertEqual([], self.c.memories())

    def test_goes_through_by_a_retry_when_the_cloud_has_changed_its_mind(self):
        d = self.hybrid(self.c)
        memory_id, item = self.poisoned(d)
        self.cli(d, "queue", "retry", item["id"])
        harness.until(lambda: [i for i in self.items(d)
                               if i["state"] == "dead" and i["attempts"] > item["attempts"]],
                      "it was refused again")
        self.c.clear_faults()
        self.cli(d, "queue", "retry", item["id"])
        self.until_drained(d)
        self.assert_once(self.c, ["poison"])
        self.assertEqual("synced", d.memory(memory_id).json["sync_state"])
        self.assertEqual(0, self.status(d)["queue"]["dead"])

    def test_goes_through_after_a_patch_and_a_retry(self):
        d = self.hybrid(self.c)
        memory_id, item = self.poisoned(d)
        self.assertEqual(200, d.ask("PATCH", memory_path(memory_id), {"content": "cure"}).status)
        if self.items(d):
            self.run_cli(d, "queue", "retry", item["id"])
        harness.until(lambda: not self.items(d), "it goes through")
        self.assert_once(self.c, ["cure"])
        self.assertEqual("synced", d.memory(memory_id).json["sync_state"])

    def test_an_item_that_is_deleted_is_never_sent_and_its_memory_stays(self):
        d = self.hybrid(self.c)
        memory_id, item = self.poisoned(d)
        self.cli(d, "queue", "delete", item["id"])
        self.c.clear_faults()
        self.flush(d)
        self.assertEqual(([], []), (self.items(d), self.c.memories()))
        self.assertEqual("local", d.memory(memory_id).json["sync_state"])
        self.assertEqual(["poison"], self.contents(d, "poison"))
        # It is only local now: sync --all queues it again.
        self.cli(d, "sync", "--all")
        self.until_drained(d)
        self.assert_once(self.c, ["poison"])


class Failing(CloudCase):
    def test_a_500_holds_back_only_its_own_scope(self):
        c = self.cloud()
        d = self.hybrid(c)
        c.fault("error", matching="stumble")
        rows = [{"content": "stumble 0", "user_id": "ada"}]
        rows += [{"content": f"behind {n}", "user_id": "ada"} for n in range(1, 20)]
        rows += [{"content": f"other {n}", "user_id": f"u{n % 5}"} for n in range(200)]
        self.load(d, rows)
        others = [row["content"] for row in rows if row["content"].startswith("other")]
        harness.until(lambda: len(c.memories()) == len(others), "the other scopes have gone")
        self.assert_once(c, others)
        # What the cloud has is settled here a moment later.
        harness.until(lambda: self.waiting(d) == 20, "only what is behind the failing one waits")
        c.clear_faults()
        self.flush(d)
        self.assert_once(c, [row["content"] for row in rows])
        self.assert_order(c, lambda m: m["user_id"], lambda m: int(m["content"].split()[1]))


class Full(CloudCase):
    def test_a_full_queue_refuses_with_507_and_takes_again_when_there_is_room(self):
        for link in (self.linked, self.hybrid):
            with self.subTest(link.__name__):
                c = self.cloud()
                d = link(c, MEMORYPRO_QUEUE_MAX_BYTES="20K")
                c.kill()
                stored, refused = [], None
                while refused is None and len(stored) < 1000:
                    answer = d.post(STORE, {"content": f"m{len(stored)} " + "x" * 500})
                    if answer.status == 201:
                        stored.append(f"m{len(stored)} " + "x" * 500)
                    else:
                        refused = answer
                self.assert_problem(refused, 507)
                self.assertIn(len(stored), range(10, 41))
                self.assertLessEqual(self.status(d)["queue"]["bytes"], 20 << 10)
                self.assertEqual(len(stored), self.total(d))
                # Neither an import nor a sync gets past the limit.
                big = {"content": "x" * 10000, "local_memory_id": "mine"}
                self.assert_problem(d.post("/api/v1/memory/sync", big), 507)
                text = (json.dumps({"content": "y" * 10000}) + "\n") * 3
                answer = d.ask("POST", "/api/v1/memory/import", text,
                               {"Content-Type": "application/x-ndjson"})
                self.assertTrue(answer.status == 507 or answer.json["imported"] == 0, answer)
                self.assertEqual(len(stored), self.total(d))
                c.start()
                self.flush(d)
                self.assert_once(c, stored)
                self.assertEqual(201, d.post(STORE, {"content": "room again"}).status)


class Flush(CloudCase):
    def test_says_how_it_goes_and_ends_with_0_when_all_has_gone(self):
        c = self.cloud()
        d = self.hybrid(c)
        c.kill()
        self.load(d, [{"content": f"row {n}", "user_id": f"u{n % 4}"} for n in range(100)])
        c.start()
        c.fault("slow", delay_ms=10)
        printed = self.cli(d, "queue", "flush", "--timeout", "30")
        self.assertIn("0 pending", printed)
        self.assert_once(c, [f"row {n}" for n in range(100)])
        self.assertTrue(d.ask("POST", "/api/v1/queue/flush").json["drained"])

    def test_ends_with_75_when_the_time_is_over(self):
        c = self.cloud()
        d = self.hybrid(c)
        c.kill()
        self.put(d, "green tea", "queued")
        printed = self.cli(d, "queue", "flush", "--timeout", "1", code=75)
        self.assertIn("1 pending", printed)
        answer = d.ask("POST", "/api/v1/queue/flush?timeout=1").json
        self.assertEqual((False, 1, 0), (answer["drained"], answer["pending"], answer["dead"]))

    def test_in_local_mode_there_is_nothing_to_flush(self):
        d = self.daemon()
        self.put(d, "green tea", "local")
        self.assertEqual({"drained": True, "pending": 0, "dead": 0},
                         d.ask("POST", "/api/v1/queue/flush").json)
        self.cli(d, "queue", "flush")


if __name__ == "__main__":
    harness.main()
