"""kill -9 of the daemon and of the cloud, and cut connections: everything once, nothing lost."""
import collections
import http.client
import random
import threading
import time

import harness
from cloud_case import CloudCase, STORE, scaled


class Draining(CloudCase):
    ROUNDS, ROWS_A_ROUND, USERS = 20, scaled(40, at_least=20), 6

    def test_20_kills_of_the_daemon_at_any_moment_lose_and_double_nothing(self):
        for link in (self.linked, self.hybrid):
            with self.subTest(link.__name__):
                self.kill_while_draining(link)

    def kill_while_draining(self, link):
        chance = random.Random(20)  # the same moments each time, as far as a machine allows
        c = self.cloud()
        d = link(c)
        c.fault("slow", delay_ms=20)
        contents, midway = [], 0
        for turn in range(self.ROUNDS):
            first = turn * self.ROWS_A_ROUND
            rows = [{"content": f"row {first + n}", "user_id": f"u{n % self.USERS}"}
                    for n in range(self.ROWS_A_ROUND)]
            contents += [row["content"] for row in rows]
            self.load(d, rows)
            # Rows of a scope go one after another: that is how long this round's take.
            time.sleep(chance.uniform(0, 0.020 * self.ROWS_A_ROUND / self.USERS * 1.2))
            d.kill()
            here = len(c.memories())
            midway += 0 < len(contents) - here
            d.start()
        self.assertGreater(midway, self.ROUNDS // 2, "too few of the kills met a drain")
        c.clear_faults()
        self.until_drained(d)
        self.assert_once(c, contents)
        self.assert_order(c, lambda m: m["user_id"], lambda m: int(m["content"].split()[1]))
        self.assertEqual(0, self.status(d)["queue"]["dead"])

    def test_kills_of_the_cloud_lose_and_double_nothing(self):
        chance = random.Random(5)
        c = self.cloud()
        d = self.hybrid(c)
        contents = []
        for turn in range(5):
            c.fault("slow", delay_ms=10)
            rows = [{"content": f"row {turn * 60 + n}", "user_id": f"u{n % self.USERS}"}
                    for n in range(60)]
            contents += [row["content"] for row in rows]
            self.load(d, rows)
            harness.until(lambda: len(c.memories()) > (turn * 60), "it drains")
            time.sleep(chance.uniform(0, 0.08))
            c.kill()
            c.start()
            self.flush(d)
        self.assert_once(c, contents)
        self.assert_order(c, lambda m: m["user_id"], lambda m: int(m["content"].split()[1]))


class Cut(CloudCase):
    """The connection ends after the cloud has stored and before it has answered."""

    def test_rows_of_the_queue_are_sent_again_and_stored_once(self):
        for link, path in ((self.linked, "memory/store"), (self.hybrid, "memory/sync")):
            with self.subTest(path):
                c = self.cloud()
                d = link(c)
                c.fault("reset_after_accept", count=30, path=path)
                contents = [f"row {n}" for n in range(120)]
                self.load(d, [{"content": content, "user_id": f"u{n % 4}"}
                              for n, content in enumerate(contents)])
                harness.until(lambda: not c.cuts_left() or self.try_once(d), "the cuts are over")
                self.flush(d)
                self.assert_once(c, contents)
                self.assert_order(c, lambda m: m["user_id"],
                                  lambda m: int(m["content"].split()[1]))

    def test_a_foreground_store_is_queued_under_its_key_when_retries_do_not_help(self):
        c = self.cloud()
        d = self.linked(c, MEMORYPRO_MAX_RETRIES=1, MEMORYPRO_TIMEOUT=5)
        c.fault("reset_after_accept", path="memory/store")
        memory_id = self.put(d, "green tea", "queued")
        self.assert_once(c, ["green tea"])
        # The cloud has it and it waits here: it is found once nevertheless when it has been sent.
        c.clear_faults()
        self.flush(d)
        self.assert_once(c, ["green tea"])
        self.assertEqual([memory_id], [hit["memory_id"] for hit in self.recall(d, "tea")])

    def test_a_cut_in_a_pooled_connection_between_calls_is_not_noticed(self):
        c = self.cloud()
        d = self.linked(c)
        self.put(d, "before", "synced")
        c.kill()
        c.start()
        self.put(d, "after", "synced")
        self.assert_once(c, ["before", "after"])


class Foreground(CloudCase):
    """Stores that somebody waits for while the daemon is killed."""
    ROUNDS, WRITERS, STORES_A_ROUND = 5, 8, scaled(60, at_least=30)

    def write(self, d, name, answered, tried, enough):
        connection, number = d.connect(), 0
        try:
            while True:
                content = f"{name} {number}"
                tried.append(content)
                answer = connection.ask("POST", STORE, {"content": content, "user_id": name})
                self.assertEqual(201, answer.status, answer)
                answered.append(content)
                if len(answered) >= enough[0]:
                    enough[1].set()
                number += 1
        except (OSError, http.client.HTTPException):
            pass  # the daemon was killed
        finally:
            connection.close()

    def test_what_was_answered_is_in_the_cloud_or_here_and_nothing_is_twice(self):
        c = self.cloud()
        d = self.linked(c, MEMORYPRO_MAX_RETRIES=1)
        answered, tried = [], []
        for turn in range(self.ROUNDS):
            c.faults({"fault": "reset_after_accept", "count": 6, "path": "memory/store"},
                         {"fault": "slow", "delay_ms": 5})
            enough = (len(answered) + self.STORES_A_ROUND, threading.Event())
            writers = [threading.Thread(target=self.write,
                                        args=(d, f"r{turn}w{n}", answered, tried, enough))
                       for n in range(self.WRITERS)]
            for writer in writers:
                writer.start()
            self.assertTrue(enough[1].wait(harness.DEADLINE), "the writers came too slowly")
            d.kill()
            for writer in writers:
                writer.join(harness.DEADLINE)
            c.clear_faults()
            d.start()
        self.flush(d)
        # Behind everything that the cloud was asked.
        tried.append("last")
        self.put(d, "last", "synced")
        there = collections.Counter(memory["content"] for memory in c.memories())
        self.assertEqual([], [content for content in answered if content not in there])
        self.assertEqual([], [content for content, times in there.items() if times > 1])
        self.assertEqual(set(), set(there) - set(tried))
        self.assertEqual((0, 0), (self.waiting(d), self.status(d)["queue"]["dead"]))


if __name__ == "__main__":
    harness.main()
