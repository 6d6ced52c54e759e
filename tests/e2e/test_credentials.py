"""Credentials that the cloud refuses: nothing is dropped, and it resumes when they are good."""
import signal
import time

import harness
from cloud_case import CloudCase

PROBE_INTERVAL = 60  # seconds between two attempts while the credentials are refused


class Refused(CloudCase):
    def setUp(self):
        self.c = self.cloud()

    def test_stores_are_queued_and_status_says_auth_failed(self):
        for fault, code in (("unauthorized", "401"), ("forbidden", "403")):
            with self.subTest(fault):
                d = self.linked(self.c)
                events = self.events(d)
                before = self.c.requests()
                self.c.fault(fault)
                contents = [f"{fault} {n}" for n in range(20)]
                for content in contents:
                    self.put(d, content, "queued")
                cloud = self.status(d)["cloud"]
                self.assertEqual("auth_failed", cloud["state"])
                self.assertIn(code, cloud["last_error"])
                events.until("cloud.offline")
                self.assertIn(b"auth_failed", d.get("/readyz?verbose").body)
                answer = self.answered(d, fault, recall_count=100)
                self.assertEqual(("local", True, set(contents)), (
                    answer["source"], answer["degraded"],
                    {hit["content"] for hit in answer["memories"]}))
                # The rows wait: they are not dead, and the cloud is not asked again and again.
                self.assertLess(self.c.requests() - before, 10)
                self.assertEqual((20, 0), (self.waiting(d), self.status(d)["queue"]["dead"]))
                self.c.clear_faults()
                self.flush(d)
                self.assertEqual("online", self.status(d)["cloud"]["state"])
                events.until("cloud.online")
                there = [memory["content"] for memory in self.c.memories()]
                self.assertEqual(contents, [text for text in there if text in contents])
                self.assertEqual(0, d.stop())

    def test_a_row_in_the_queue_that_meets_401_stays_pending(self):
        d = self.hybrid(self.c)
        self.c.fault("unauthorized")
        self.load(d, [{"content": f"row {n}", "user_id": f"u{n % 4}"} for n in range(100)])
        self.until_state(d, "auth_failed")
        self.assertEqual({"pending"}, {item["state"] for item in harness.until(
            lambda: [] if self.status(d)["queue"]["in_flight"] else self.items(d), "all wait")})
        self.assertGreater(self.metric(d, 'memorypro_sync_attempts_total{outcome="paused"}'), 0)
        self.assertEqual(0, d.stop())
        d.start()
        self.c.clear_faults()
        self.flush(d)
        self.assert_once(self.c, [f"row {n}" for n in range(100)])

    def test_it_resumes_by_itself_within_the_probe_interval(self):
        d = self.hybrid(self.c)
        self.c.restore("another key", "another secret")
        self.put(d, "green tea", "queued")
        self.until_state(d, "auth_failed")
        asked = self.c.requests()
        self.c.restore(self.c.api_key, self.c.api_secret)
        before = time.monotonic()
        self.until_drained(d, deadline=PROBE_INTERVAL + 15)
        self.assertGreater(time.monotonic() - before, PROBE_INTERVAL / 3,
                           "it asks more often than once a minute")
        self.assertEqual(asked + 1, self.c.requests())
        self.assert_once(self.c, ["green tea"])


class Rotated(CloudCase):
    """SIGHUP brings the new key at once."""

    def setUp(self):
        self.c = self.cloud()

    def rotate(self, d, write):
        self.put(d, "before", "synced")
        self.c.restore("new key", "new secret")
        self.put(d, "meanwhile", "queued")
        self.until_state(d, "auth_failed")
        write("new key", "new secret")
        d.signal(signal.SIGHUP)
        self.until_drained(d, deadline=PROBE_INTERVAL / 3)
        self.put(d, "after", "synced")
        self.assertEqual("online", self.status(d)["cloud"]["state"])
        self.assert_once(self.c, ["before", "meanwhile", "after"])
        for secret in ("new key", "new secret", self.c.api_key, self.c.api_secret):
            self.assertNotIn(secret, d.log)

    def test_in_the_settings_file(self):
        account = self.account(self.c)
        secrets = [account.pop(f"MEMORYPRO_API_{name}") for name in ("KEY", "SECRET")]
        d = self.new_daemon(**account)

        def write(key, secret):
            (d.place / "empty.env").write_text(
                f'MEMORYPRO_API_KEY="{key}"\nMEMORYPRO_API_SECRET="{secret}"\n')

        write(*secrets)
        self.rotate(d.start(), write)

    def test_in_files_of_their_own(self):
        account = self.account(self.c)
        d = self.new_daemon(**account)
        secrets = [d.settings.pop(f"MEMORYPRO_API_{name}") for name in ("KEY", "SECRET")]
        files = [d.place / name for name in ("key", "secret")]
        for name, file in zip(("KEY", "SECRET"), files):
            d.settings[f"MEMORYPRO_API_{name}_FILE"] = file

        def write(*values):
            for file, value in zip(files, values):
                file.write_text(value + "\n")

        write(*secrets)
        self.rotate(d.start(), write)


if __name__ == "__main__":
    harness.main()
