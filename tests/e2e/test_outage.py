"""The cloud goes away and comes back: everything that was stored meanwhile arrives, once."""
import threading
import time

import harness
from cloud_case import CloudCase, STORE, resident, scaled, SCALE


def user_and_session(memory):
    return memory["user_id"], memory["session_id"]


def number(memory):
    return int(memory["content"].split()[1])


class Away(CloudCase):
    ROWS, USERS, SESSIONS = scaled(10_000), 20, 5

    def test_10000_queued_rows_arrive_once_and_in_order_when_it_is_back(self):
        c = self.cloud()
        d = self.hybrid(c)
        events = self.events(d)
        c.kill()
        rows = [{"content": f"row {n} " + "x" * 480, "user_id": f"u{n % self.USERS}",
                 "session_id": f"s{n // self.USERS % self.SESSIONS}"} for n in range(self.ROWS)]
        self.load(d, rows[:-100])
        for row in rows[-100:]:
            self.put(d, state="queued", **row)
        self.until_state(d, "offline")
        status = self.status(d)["queue"]
        self.assertEqual((self.ROWS, 0), (status["pending"] + status["in_flight"], status["dead"]))
        self.assertGreaterEqual(status["bytes"], self.ROWS * 480)
        c.start()
        # By itself: neither a flush nor a store says that the cloud is back.
        self.until_drained(d, deadline=harness.DEADLINE * 2)
        self.assert_once(c, [row["content"] for row in rows])
        self.assert_order(c, user_and_session, number)
        self.assertEqual({"pending": 0, "in_flight": 0, "dead": 0, "oldest_age_seconds": 0,
                          "bytes": 0}, self.status(d)["queue"])
        # A reader that is too slow may lose events; the hub keeps some, so ask for those.
        synced = [data["memory_id"] for data in events.until("memory.synced", min(self.ROWS, 100))]
        self.assertEqual(len(set(synced)), len(synced))
        self.assertEqual(self.ROWS, self.total(d))

    def test_offline_and_online_are_announced_once_each(self):
        c = self.cloud()
        d = self.linked(c)
        events = self.events(d)
        self.put(d, "before", "synced")
        c.kill()
        for n in range(20):
            self.put(d, f"away {n}", "queued")
        events.until("cloud.offline")
        c.start()
        self.until_drained(d)
        events.until("cloud.online")
        for n in range(5):
            self.put(d, f"after {n}", "synced")
        events.until("memory.stored", 26)
        self.assertEqual((1, 1), (len(events.named("cloud.offline")),
                                  len(events.named("cloud.online"))))
        self.assertEqual(20, len(events.until("memory.synced", 20)))
        self.assert_once(c, ["before", *(f"away {n}" for n in range(20)),
                             *(f"after {n}" for n in range(5))])

    def test_a_daemon_that_starts_in_the_outage_drains_when_it_ends(self):
        c = self.cloud()
        d = self.hybrid(c)
        c.kill()
        self.load(d, [{"content": f"row {n}", "user_id": f"u{n % 3}"} for n in range(60)])
        self.assertEqual(0, d.stop())
        d.start()
        self.until_state(d, "offline")
        self.assertEqual(60, self.waiting(d))
        c.start()
        self.until_drained(d)
        self.assert_once(c, [f"row {n}" for n in range(60)])


class Hanging(CloudCase):
    TIMEOUT = 2.0

    def timed(self, connection, content):
        before = time.monotonic()
        answer = connection.ask("POST", STORE, {"content": content})
        self.assertEqual((201, "queued"), (answer.status, answer.json["sync_state"]), answer)
        return time.monotonic() - before

    def test_only_the_first_store_waits_and_never_beyond_the_deadline(self):
        c = self.cloud()
        d = self.linked(c, MEMORYPRO_TIMEOUT=int(self.TIMEOUT))
        c.fault("hang")
        connection = d.connect()
        first = self.timed(connection, "first")
        self.assertLess(first, 2 * self.TIMEOUT)
        # Also while probes go out, and hang: for three deadlines.
        took, end = [], time.monotonic() + 3 * self.TIMEOUT
        while time.monotonic() < end:
            took.append(self.timed(connection, f"m{len(took)}"))
            time.sleep(0.01)  # so that there are hundreds and not ten thousands
        connection.close()
        self.assertGreater(len(took), 10)
        self.assertLess(max(took), self.TIMEOUT / 2, "a store has waited for a cloud known to hang")
        recalled = time.monotonic()
        self.assertTrue(self.answered(d, "first")["degraded"])
        self.assertLess(time.monotonic() - recalled, self.TIMEOUT / 2)

        c.clear_faults()
        self.until_drained(d)
        self.assert_once(c, ["first", *(f"m{n}" for n in range(len(took)))])

    def test_many_at_once_wait_for_one_deadline(self):
        c = self.cloud()
        d = self.linked(c, MEMORYPRO_TIMEOUT=int(self.TIMEOUT))
        c.fault("hang")
        took = []

        def send(n):
            connection = d.connect()
            took.append(self.timed(connection, f"m{n}"))
            connection.close()

        threads = [threading.Thread(target=send, args=(n,)) for n in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(harness.DEADLINE)
        self.assertEqual(50, len(took))
        self.assertLess(max(took), 2 * self.TIMEOUT)
        c.clear_faults()
        self.flush(d)
        self.assert_once(c, [f"m{n}" for n in range(50)])

    def test_an_open_circuit_is_seen_everywhere_and_closes_without_traffic(self):
        c = self.cloud()
        d = self.linked(c, MEMORYPRO_TIMEOUT=1)
        c.fault("hang")
        self.put(d, "green tea", "queued")
        cloud = self.status(d)["cloud"]
        self.assertEqual("offline", cloud["state"])
        self.assertIn(cloud["circuit"], ("open", "half_open"))
        self.assertTrue(cloud["last_error"])
        self.assertGreater(self.metric(d, "memorypro_circuit_state"), 0)
        self.assertEqual(1, self.metric(d, "memorypro_outbox_pending"))
        ready = d.get("/readyz?verbose")
        self.assertEqual(200, ready.status, "the daemon serves; only the cloud is away")
        self.assertIn(b"offline", ready.body)
        self.assertIn("offline", self.cli(d, "status"))
        harness.until(lambda: self.status(d)["queue"]["oldest_age_seconds"] >= 1, "the row ages")
        self.assertIn("offline", self.run_cli(d, "doctor").stdout)
        c.clear_faults()
        self.until_drained(d)
        status = self.status(d)["cloud"]
        self.assertEqual(("online", "closed", None), (
            status["state"], status["circuit"], status["last_error"]))
        self.assertEqual(0, self.metric(d, "memorypro_circuit_state"))
        self.assertEqual(0, self.metric(d, "memorypro_outbox_pending"))
        self.assertGreater(self.metric(d, "memorypro_last_sync_success_timestamp_seconds"), 0)
        self.assertGreater(self.metric(d, 'memorypro_sync_attempts_total{outcome="done"}'), 0)
        self.assertIn("green tea", [memory["content"] for memory in c.memories()])

    def test_it_closes_even_when_nothing_waits(self):
        c = self.cloud()
        d = self.linked(c, MEMORYPRO_TIMEOUT=1)
        c.fault("hang")
        self.assertTrue(self.answered(d, "anything")["degraded"])
        self.until_state(d, "offline")
        self.assertEqual(0, self.waiting(d))
        c.clear_faults()
        self.until_state(d, "online")


class Throttling(CloudCase):
    def test_retry_after_is_obeyed(self):
        c = self.cloud()
        d = self.hybrid(c)
        c.fault("rate_limit", retry_after=2, count=1, path="memory/sync")
        before = time.monotonic()
        self.put(d, "first", "queued", user_id="a")
        self.put(d, "second", "queued", user_id="a")
        harness.until(c.memories, "it arrives")
        self.assertGreaterEqual(time.monotonic() - before, 2.0)
        self.until_drained(d)
        self.assertEqual(["first", "second"], [memory["content"] for memory in c.memories()])

    def test_a_foreground_store_that_is_told_to_wait_longer_than_it_may_is_queued(self):
        c = self.cloud()
        d = self.linked(c, MEMORYPRO_TIMEOUT=3)
        c.fault("rate_limit", retry_after=30, count=1, path="memory/store")
        before = time.monotonic()
        self.put(d, "told to wait", "queued")
        self.assertLess(time.monotonic() - before, 6)
        self.flush(d)
        self.assert_once(c, ["told to wait"])


class BadAnswers(CloudCase):
    """What comes is no answer; the outcome of each call is unknown, so it is made again."""
    FAULTS = (("drip", {"delay_ms": 50}), ("oversized", {}), ("garbage", {}), ("not_json", {}),
              ("truncated", {}))
    ROWS = scaled(200, at_least=40)

    def test_stores_are_queued_memory_stays_bounded_and_all_arrive_once(self):
        for fault, options in self.FAULTS:
            with self.subTest(fault):
                c = self.cloud()
                d = self.linked(c, MEMORYPRO_TIMEOUT=1)
                before = resident(d.process.pid)
                c.fault(fault, **options)
                contents = [f"{fault} {n}" for n in range(self.ROWS)]
                for content in contents:
                    self.put(d, content, "queued", user_id=content[-1])
                self.assertEqual("local", self.answered(d, fault)["source"])
                until = time.monotonic() + 2  # of attempts that fail
                harness.until(lambda: time.monotonic() > until, "the attempts")
                self.assertEqual(self.ROWS, self.waiting(d))
                self.assertTrue(self.status(d)["cloud"]["last_error"])
                c.clear_faults()
                self.flush(d)
                self.assert_once(c, contents)
                if SCALE == 1:  # a sanitizer's own memory says nothing
                    self.assertLess(resident(d.process.pid) - before, 100 << 20)
                self.assertEqual(0, d.stop())


if __name__ == "__main__":
    harness.main()
