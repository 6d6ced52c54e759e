"""SIGTERM while the cloud is busy: who waits gets an answer, nothing is lost or sent twice."""
import threading
import time

import harness
from cloud_case import CloudCase, STORE, SYNC, scaled

SHUTDOWN_DEADLINE = 10.0


class Shutdown(CloudCase):
    def call_in_thread(self, d, path, body, **headers):
        answers = []

        def call():
            connection = d.connect()
            answers.append(connection.ask("POST", path, body, headers))
            connection.close()

        thread = threading.Thread(target=call)
        thread.start()
        return thread, answers

    def stop_in_time(self, d):
        before = time.monotonic()
        self.assertEqual(0, d.stop())
        self.assertLess(time.monotonic() - before, SHUTDOWN_DEADLINE)

    def test_stores_that_hang_at_the_cloud_are_queued_and_sent_after_a_restart(self):
        c = self.cloud()
        d = self.linked(c, MEMORYPRO_TIMEOUT=60)
        c.fault("hang")
        calls = [self.call_in_thread(d, STORE, {"content": f"m{n}"}, **{"Idempotency-Key": f"k{n}"})
                 for n in range(5)]
        calls.append(self.call_in_thread(d, SYNC, {"content": "m5", "local_memory_id": "mine"}))
        harness.until(lambda: c.requests("memory/store") + c.requests("memory/sync") == 6,
                      "all hang at the cloud")
        self.stop_in_time(d)
        for number, (thread, answers) in enumerate(calls):
            thread.join(harness.DEADLINE)
            self.assertEqual(1, len(answers))
            self.assertEqual((200 if number == 5 else 201, "queued"),
                             (answers[0].status, answers[0].json["sync_state"]), answers)
        self.assertEqual([], c.memories())
        c.clear_faults()
        d.start()
        self.until_drained(d)
        self.assert_once(c, [f"m{n}" for n in range(6)])
        # A client that was not sure asks again.
        again = d.post(STORE, {"content": "m0"}, **{"Idempotency-Key": "k0"})
        self.assertEqual("true", again.headers.get("idempotency-replayed"), again)
        self.assert_once(c, [f"m{n}" for n in range(6)])

    def test_without_fallback_who_waits_is_told_that_it_was_not_stored(self):
        c = self.cloud()
        d = self.linked(c, MEMORYPRO_TIMEOUT=60, MEMORYPRO_LOCAL_FALLBACK="false")
        c.fault("hang")
        thread, answers = self.call_in_thread(d, STORE, {"content": "m"})
        harness.until(lambda: c.requests("memory/store") == 1, "it hangs at the cloud")
        self.stop_in_time(d)
        thread.join(harness.DEADLINE)
        self.assertEqual([503], [answer.status for answer in answers])

    def test_a_recall_that_hangs_is_answered_from_here(self):
        c = self.cloud()
        d = self.hybrid(c, MEMORYPRO_TIMEOUT=60)
        self.put(d, "green tea", "queued")
        self.until_drained(d)
        c.fault("hang", path="memory/recall")
        thread, answers = self.call_in_thread(d, "/api/v1/memory/recall", {"query": "tea"})
        harness.until(lambda: c.requests("memory/recall") == 1, "it hangs at the cloud")
        self.stop_in_time(d)
        thread.join(harness.DEADLINE)
        [answer] = answers
        self.assertEqual((200, True, "local"),
                         (answer.status, answer.json["degraded"], answer.json["source"]), answer)
        self.assertEqual(["green tea"], [hit["content"] for hit in answer.json["memories"]])

    def test_a_flush_that_waits_is_answered(self):
        c = self.cloud()
        d = self.hybrid(c, MEMORYPRO_TIMEOUT=60)
        c.fault("hang")
        self.put(d, "green tea", "queued")
        thread, answers = self.call_in_thread(d, "/api/v1/queue/flush?timeout=300", None)
        harness.until(lambda: c.requests("memory/sync") == 1, "it hangs at the cloud")
        self.stop_in_time(d)
        thread.join(harness.DEADLINE)
        self.assertIn([answer.status for answer in answers], ([200], [503]))

    def test_while_draining_loses_and_doubles_nothing(self):
        c = self.cloud()
        d = self.hybrid(c)
        rows = scaled(600)
        c.fault("slow", delay_ms=10)
        self.load(d, [{"content": f"row {n}", "user_id": f"u{n % 6}"} for n in range(rows)])
        stops = 4
        for turn in range(1, stops + 1):
            here = rows * turn // (stops + 2)
            harness.until(lambda: len(c.memories()) >= here, f"{here} have gone")
            self.stop_in_time(d)
            self.assertLess(len(c.memories()), rows, "the stop met a drain")
            d.start()
        c.clear_faults()
        self.until_drained(d)
        self.assert_once(c, [f"row {n}" for n in range(rows)])
        self.assert_order(c, lambda m: m["user_id"], lambda m: int(m["content"].split()[1]))
        self.assertNotIn('"level":"error"', d.log)

    def test_while_the_cloud_hangs_a_drain_ends_at_once(self):
        c = self.cloud()
        d = self.hybrid(c, MEMORYPRO_TIMEOUT=60)
        c.fault("hang")
        self.load(d, [{"content": f"row {n}", "user_id": f"u{n}"} for n in range(20)])
        harness.until(lambda: c.requests("memory/sync"), "it drains")
        self.stop_in_time(d)
        c.clear_faults()
        d.start()
        self.assertEqual(0, self.status(d)["queue"]["dead"])
        self.until_drained(d)
        self.assert_once(c, [f"row {n}" for n in range(20)])


if __name__ == "__main__":
    harness.main()
