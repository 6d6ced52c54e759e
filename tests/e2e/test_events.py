"""GET /api/v1/events. (The heartbeat comes every 15 s; no test waits for it.)"""
import harness
from event_stream import Stream
from harness import memory_path


class Events(harness.TestCase):
    def setUp(self):
        self.d = self.daemon()

    def open(self, **options):
        stream = Stream(self.d, **options)
        self.addCleanup(stream.raw.close)
        return stream

    def test_announce_each_stored_memory_in_order(self):
        stream = self.open()
        self.assertEqual(200, stream.status)
        self.assertEqual("text/event-stream", stream.headers["content-type"].split(";")[0])
        self.assertIn("no-cache", stream.headers["cache-control"])
        ids = [self.store(self.d, f"m{number}") for number in range(20)]
        seen = [stream.next() for _ in ids]
        self.assertEqual(ids, [data["memory_id"] for _, _, data in seen])
        self.assertEqual({"memory.stored"}, {name for _, name, _ in seen})
        numbers = [number for number, _, _ in seen]
        self.assertEqual(sorted(set(numbers)), numbers)

    def test_an_event_comes_only_after_the_memory_is_there(self):
        stream = self.open()
        connection = self.d.connect()
        for number in range(20):
            connection.ask("POST", "/api/v1/memory/store", {"content": f"m{number}"})
            _, _, data = stream.next()
            self.assertEqual(200, self.d.memory(data["memory_id"]).status)
        connection.close()

    def test_every_reader_gets_every_event(self):
        streams = [self.open() for _ in range(10)]
        ids = [self.store(self.d, "x") for _ in range(5)]
        for stream in streams:
            self.assertEqual(ids, [stream.next()[2]["memory_id"] for _ in ids])

    def test_last_event_id_resumes_without_a_gap(self):
        stream = self.open()
        ids = [self.store(self.d, f"m{number}") for number in range(3)]
        first = stream.next()
        stream.raw.close()
        ids += [self.store(self.d, f"m{number}") for number in range(3, 6)]
        resumed = self.open(last_id=first[0])
        ids.append(self.store(self.d, "live"))
        seen = [resumed.next() for _ in range(6)]
        self.assertEqual(ids[1:], [data["memory_id"] for _, _, data in seen])
        self.assertEqual(sorted(number for number, _, _ in seen), [n for n, _, _ in seen])

    def test_without_last_event_id_only_new_events_come(self):
        self.store(self.d, "before")
        stream = self.open()
        after = self.store(self.d, "after")
        self.assertEqual(after, stream.next()[2]["memory_id"])

    def test_a_stream_says_where_it_begins(self):
        self.store(self.d, "before")
        stream = self.open()
        begin = stream.headers["last-event-id"]
        stream.raw.close()
        missed = self.store(self.d, "missed")
        resumed = self.open(last_id=begin)
        self.assertEqual(begin, resumed.headers["last-event-id"])
        self.assertEqual(missed, resumed.next()[2]["memory_id"])

    def test_a_last_event_id_of_the_future_or_of_nonsense_does_no_harm(self):
        for last in ("999999999", "99999999999999999999999", "nonsense", "-1"):
            with self.subTest(last):
                stream = self.open(last_id=last)
                self.assertIn(stream.status, (200, 400, 422))
        self.assertEqual(200, self.d.get("/readyz").status)

    def test_a_replayed_store_is_announced_once(self):
        stream = self.open()
        for _ in range(3):
            self.d.post("/api/v1/memory/store", {"content": "once"}, **{"Idempotency-Key": "k"})
        last = self.store(self.d, "last")
        seen = [stream.next()[2]["memory_id"] for _ in range(2)]
        self.assertEqual(last, seen[1])

    def test_sync_and_import_announce_too(self):
        stream = self.open()
        self.d.post("/api/v1/memory/sync", {"local_memory_id": "mine/1", "content": "synced"})
        self.assertEqual("mine/1", stream.next()[2]["memory_id"])
        self.d.ask("POST", "/api/v1/memory/import", '{"content":"a"}\n{"content":"b"}\n',
                   {"Content-Type": "application/x-ndjson"})
        imported = {stream.next()[2]["memory_id"] for _ in range(2)}
        self.assertEqual(imported, set(self.listed(self.d)) - {"mine/1"})

    def test_a_refused_store_is_not_announced(self):
        stream = self.open()
        self.d.post("/api/v1/memory/store", {"content": ""})
        good = self.store(self.d, "good")
        self.assertEqual(good, stream.next()[2]["memory_id"])

    def test_numbers_go_on_rising_after_a_restart(self):
        stream = self.open()
        self.store(self.d, "x")
        before, _, _ = stream.next()
        self.assertEqual(0, self.d.stop())
        self.d.start()
        stream = self.open(last_id=before)
        after_id = self.store(self.d, "y")
        number, _, data = stream.next()
        self.assertEqual(after_id, data["memory_id"])
        self.assertGreater(number, before)

    def test_a_reader_that_goes_away_does_no_harm(self):
        for _ in range(50):
            Stream(self.d).raw.close()
        stream = self.open()
        memory_id = self.store(self.d, "x")
        self.d.ask("DELETE", memory_path(memory_id))
        self.assertEqual(memory_id, stream.next()[2]["memory_id"])


if __name__ == "__main__":
    harness.main()
