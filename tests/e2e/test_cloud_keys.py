"""Idempotency keys and imports with a cloud; credentials that appear later."""
import signal

import harness
from cloud_case import CloudCase, IMPORT, STORE


class Keys(CloudCase):
    def setUp(self):
        self.c = self.cloud()

    def send(self, d, key, content="once"):
        return d.post(STORE, {"content": content}, **{"Idempotency-Key": key})

    def assert_replay(self, first, again):
        self.assertEqual("true", again.headers.get("idempotency-replayed"), again)
        self.assertEqual((first.status, first.json), (again.status, again.json))

    def test_a_repeat_gets_the_first_answer_and_stores_nothing(self):
        for link, state in ((self.linked, "synced"), (self.hybrid, "queued")):
            with self.subTest(state):
                d, content = link(self.c), f"once {state}"
                first = self.send(d, "k", content)
                self.assertEqual((201, state), (first.status, first.json["sync_state"]), first)
                self.assertNotIn("idempotency-replayed", first.headers)
                self.assert_replay(first, self.send(d, "k", content))
                self.assert_problem(self.send(d, "k", "other"), 422)
                self.until_drained(d)
                self.assert_replay(first, self.send(d, "k", content))
                for end in (d.stop, d.kill):
                    end()
                    d.start()
                    self.assert_replay(first, self.send(d, "k", content))
                    self.assert_problem(self.send(d, "k", "other"), 422)
        self.assert_once(self.c, ["once synced", "once queued"])

    def test_of_a_store_in_an_outage_is_kept_across_its_end(self):
        d = self.linked(self.c)
        self.c.fault("down")
        first = self.send(d, "k")
        self.assertEqual("queued", first.json["sync_state"])
        self.assert_replay(first, self.send(d, "k"))
        self.c.clear_faults()
        self.flush(d)
        self.assert_replay(first, self.send(d, "k"))
        self.assertEqual("synced", self.send(d, "k2").json["sync_state"])
        self.assertEqual(2, len(self.c.memories()))

    def test_a_refused_store_leaves_no_answer_behind(self):
        d = self.linked(self.c)
        self.c.fault("reject", matching="once")
        self.assert_problem(self.send(d, "k"), 422)
        self.c.clear_faults()
        again = self.send(d, "k")
        self.assertEqual((201, "synced"), (again.status, again.json["sync_state"]), again)
        self.assert_once(self.c, ["once"])

    def test_a_client_that_comes_again_after_a_crash_has_stored_once(self):
        d = self.linked(self.c)
        # The answer is late, not the work.
        self.c.fault("slow", delay_ms=60_000, count=1, path="memory/store")
        connection = d.connect()
        connection.request("POST", STORE, b'{"content": "once"}',
                           {"Content-Type": "application/json", "Idempotency-Key": "k"})
        harness.until(self.c.memories, "the cloud has stored it")
        d.kill()
        connection.close()
        d.start()
        again = self.send(d, "k")
        self.assertEqual((201, "synced"), (again.status, again.json["sync_state"]), again)
        self.assert_once(self.c, ["once"])

    def test_a_client_that_was_told_503_and_comes_again_has_stored_once(self):
        d = self.linked(self.c, MEMORYPRO_LOCAL_FALLBACK="false")
        self.c.fault("reset_after_accept", path="memory/store")
        for _ in range(2):
            self.assert_problem(self.send(d, "k"), 503)
        self.c.clear_faults()
        again = self.send(d, "k")
        self.assertEqual((201, "synced"), (again.status, again.json["sync_state"]), again)
        self.assert_replay(again, self.send(d, "k"))
        self.assert_once(self.c, ["once"])


class Import(CloudCase):
    def setUp(self):
        self.c = self.cloud()

    def rows(self, name):
        return [{"content": f"{name} {n}", "user_id": f"u{n % 5}", "memory_id": f"{name}/{n}"}
                for n in range(50)]

    def test_is_sent_to_the_cloud_and_kept_only_in_hybrid_mode(self):
        for link, kept in ((self.linked, 0), (self.hybrid, 50)):
            with self.subTest(link.__name__):
                d, rows = link(self.c), self.rows(link.__name__)
                self.load(d, rows)
                self.until_drained(d)
                self.assertEqual(kept, self.total(d))
                text = "".join(harness.json.dumps(row) + "\n" for row in rows)
                again = d.ask("POST", IMPORT, text, {"Content-Type": "application/x-ndjson"})
                self.assertEqual((0, 50), (again.json["imported"], again.json["duplicates"]))
                self.until_drained(d)
        self.assert_once(self.c, [f"{name} {n}" for name in ("linked", "hybrid")
                                  for n in range(50)])

    def test_in_an_outage_waits_and_arrives_in_order(self):
        d = self.linked(self.c)
        self.c.kill()
        self.load(d, self.rows("r"))
        self.assertEqual(50, self.waiting(d))
        self.c.start()
        self.flush(d)
        self.assert_once(self.c, [f"r {n}" for n in range(50)])
        self.assert_order(self.c, lambda m: m["user_id"], lambda m: int(m["content"].split()[1]))


class LaterCredentials(CloudCase):
    def start_local(self, cloud):
        """A daemon whose settings stand in its file, so that SIGHUP can change them."""
        account = self.account(cloud)
        self.secrets = {key: account.pop(key)
                        for key in ("MEMORYPRO_API_KEY", "MEMORYPRO_API_SECRET")}
        return self.daemon(**account)

    def reload(self, d, **settings):
        (d.place / "empty.env").write_text("".join(f"{k}={v}\n" for k, v in settings.items()))
        d.signal(signal.SIGHUP)

    def until_mode(self, d, mode):
        harness.until(lambda: self.status(d)["mode"] == mode, f"mode {mode}")

    def test_what_was_only_local_is_found_and_sync_all_sends_it(self):
        c = self.cloud()
        d = self.start_local(c)
        ids = [self.put(d, f"green tea {n}", "local", user_id=f"u{n % 3}") for n in range(40)]
        self.reload(d, **self.secrets)
        self.until_mode(d, "cloud_first")
        there = self.put(d, "green tea in the cloud", "synced")
        answer = self.answered(d, "green tea", recall_count=100)
        self.assertEqual(("merged", False, {*ids, there}), (
            answer["source"], answer["degraded"],
            {hit["memory_id"] for hit in answer["memories"]}))
        self.assertEqual((0, 40), (self.waiting(d), self.total(d)))
        self.assertIn("40", self.cli(d, "sync", "--all"))
        self.until_drained(d)
        self.assertEqual(0, self.total(d))
        self.assert_once(c, [f"green tea {n}" for n in range(40)] + ["green tea in the cloud"])
        for user in ("u0", "u1", "u2"):
            numbers = [int(memory["content"].split()[-1]) for memory in c.memories()
                       if memory.get("user_id") == user]
            self.assertEqual(sorted(numbers), numbers)
        answer = self.answered(d, "green tea", recall_count=100)
        self.assertEqual(("cloud", {*ids, there}), (
            answer["source"], {hit["memory_id"] for hit in answer["memories"]}))
        self.cli(d, "sync", "--all")
        self.until_drained(d)
        self.assertEqual(41, len(c.memories()))

    def test_in_local_mode_sync_all_says_that_there_is_no_cloud(self):
        d = self.daemon()
        self.put(d, "green tea", "local")
        answer = d.ask("POST", "/api/v1/queue")
        self.assert_problem(answer, 409, 422)
        self.assertEqual(0, self.waiting(d))

    def test_modes_change_back_and_forth_without_a_loss(self):
        c = self.cloud()
        d = self.start_local(c)
        self.reload(d, **self.secrets, MEMORYPRO_CLOUD_FIRST="false")
        self.until_mode(d, "hybrid")
        c.fault("down")
        queued = self.put(d, "green tea queued", "queued")
        self.reload(d)
        self.until_mode(d, "local")
        local = self.put(d, "green tea local", "local")
        self.assertEqual({queued, local}, {hit["memory_id"] for hit in self.recall(d, "tea")})
        c.clear_faults()
        self.reload(d, **self.secrets)
        self.until_mode(d, "cloud_first")
        self.flush(d)
        self.assert_once(c, ["green tea queued"])
        self.assertEqual({queued, local}, {hit["memory_id"] for hit in self.recall(d, "tea")})


if __name__ == "__main__":
    harness.main()
