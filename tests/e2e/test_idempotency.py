"""Idempotency-Key on store."""
import threading

import harness

STORE = "/api/v1/memory/store"


class Idempotency(harness.TestCase):
    def setUp(self):
        self.d = self.daemon()

    def send(self, key, content="once", **fields):
        return self.d.post(STORE, {"content": content, **fields}, **{"Idempotency-Key": key})

    def assert_replay(self, first, again):
        self.assertEqual("true", again.headers.get("idempotency-replayed"), again)
        self.assertEqual((first.status, first.json), (again.status, again.json))

    def test_the_same_key_and_body_gives_the_first_answer_and_stores_nothing(self):
        first, second = self.send("k1"), self.send("k1")
        self.assertEqual((201, 201), (first.status, second.status), second)
        self.assertNotIn("idempotency-replayed", first.headers)
        self.assert_replay(first, second)
        self.assertEqual(1, len(self.listed(self.d)))

    def test_the_same_key_with_another_body_is_422(self):
        first = self.send("k1")
        self.assert_problem(self.send("k1", "other"), 422)
        self.assert_problem(self.send("k1", tags=["more"]), 422)
        self.assertEqual([first.json["memory_id"]], self.listed(self.d))
        self.assertEqual("true", self.send("k1").headers.get("idempotency-replayed"))

    def test_an_empty_key_is_422_for_it_would_protect_nothing(self):
        self.assert_problem(self.send(""), 422)
        self.assertEqual([], self.listed(self.d))

    def test_another_key_is_another_memory(self):
        self.assertNotEqual(self.send("k1").json["memory_id"], self.send("k2").json["memory_id"])
        self.assertNotEqual(self.send("K1").json["memory_id"], self.send("k1").json["memory_id"])

    def test_survives_a_restart_and_a_kill(self):
        first = self.send("k1")
        self.assertEqual(0, self.d.stop())
        self.d.start()
        self.assert_replay(first, self.send("k1"))
        second = self.send("k2", "two")
        self.d.kill()
        self.d.start()
        self.assert_replay(second, self.send("k2", "two"))
        self.assertEqual(2, len(self.listed(self.d)))

    def test_a_refused_store_leaves_the_key_free(self):
        self.assert_problem(self.send("k1", ""), 422, field="content")
        self.assertEqual(201, self.send("k1", "good").status)

    def test_racing_requests_store_once(self):
        answers, barrier = [], threading.Barrier(16)

        def race():
            connection = self.d.connect()
            connection.connect()
            barrier.wait(harness.DEADLINE)
            answers.append(connection.ask("POST", STORE, {"content": "race"},
                                          {"Idempotency-Key": "one"}))
            connection.close()

        threads = [threading.Thread(target=race) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(harness.DEADLINE)
        self.assertEqual([201] * 16, [answer.status for answer in answers])
        self.assertEqual(1, len({answer.json["memory_id"] for answer in answers}))
        self.assertEqual(15, sum("idempotency-replayed" in answer.headers for answer in answers))
        self.assertEqual(1, len(self.listed(self.d)))

    def test_a_key_goes_on_naming_a_memory_that_was_deleted(self):
        first = self.send("k1")
        self.d.ask("DELETE", harness.memory_path(first.json["memory_id"]))
        self.assert_replay(first, self.send("k1"))
        self.assertEqual([], self.listed(self.d))

    def test_a_key_of_unreasonable_length_is_refused(self):
        answer = self.send("x" * 5000)
        self.assertIn(answer.status, (400, 422, 431), answer)
        self.assertEqual([], self.listed(self.d))


if __name__ == "__main__":
    harness.main()
