"""Status, capabilities, probes, metrics, the API's description, and the queue without a cloud."""
import signal
import socket

import harness


class Service(harness.TestCase):
    def setUp(self):
        self.d = self.daemon()

    def test_status_has_the_documented_shape(self):
        self.store(self.d, "one")
        archived = self.store(self.d, "two")
        self.d.ask("PATCH", harness.memory_path(archived), {"archived": True})
        status = self.d.get("/api/v1/status").json
        self.assertEqual({
            "": {"version", "mode", "uptime_seconds", "cloud", "queue", "push", "poll", "store",
                 "index"},
            "cloud": {"state", "circuit", "last_success", "last_error"},
            "queue": {"pending", "in_flight", "dead", "oldest_age_seconds", "bytes"},
            "push": {"enabled", "registered", "last_delivery", "accepted", "rejected",
                     "duplicates"},
            "poll": {"enabled", "interval_seconds", "last_success", "next"},
            "store": {"backend", "memories", "archived", "bytes"},
            "index": {"indexed", "behind"},
        }, {"": set(status), **{key: set(part) for key, part in status.items()
                                if isinstance(part, dict)}})
        self.assertEqual(("local", "disabled", "closed"), (
            status["mode"], status["cloud"]["state"], status["cloud"]["circuit"]))
        self.assertGreaterEqual(status["uptime_seconds"], 0)
        self.assertEqual((0, 0, 0), tuple(
            status["queue"][key] for key in ("pending", "in_flight", "dead")))
        self.assertEqual((2, 1), (status["store"]["memories"], status["store"]["archived"]))
        self.assertGreater(status["store"]["bytes"], 0)
        self.assertIs(False, status["push"]["registered"])

    def test_capabilities_are_the_truth_for_local_mode(self):
        capabilities = self.d.get("/api/v1/capabilities").json
        self.assertEqual({"semantic_search", "metadata_filtering", "memory_evolution",
                          "lifecycle_management", "ai_analysis", "push_notifications",
                          "cloud_storage"}, set(capabilities))
        self.assertTrue(all(isinstance(value, bool) for value in capabilities.values()))
        self.assertIs(True, capabilities["metadata_filtering"])
        self.assertIs(False, capabilities["cloud_storage"])

    def test_probes_say_yes(self):
        for path in ("/livez", "/readyz"):
            self.assertEqual(200, self.d.get(path).status)

    def test_the_description_is_of_this_version(self):
        answer = self.d.get("/openapi.json")
        self.assertEqual("application/json", answer.headers["content-type"].split(";")[0])
        document = answer.json
        self.assertTrue(document["openapi"].startswith("3.1"))
        self.assertEqual(self.d.get("/api/v1/status").json["version"], document["info"]["version"])


class Metrics(harness.TestCase):
    def values(self, text):
        lines = (line.rpartition(" ") for line in text.splitlines()
                 if line and not line.startswith("#"))
        return {name: float(value) for name, _, value in lines}

    def test_count_what_happened_and_name_no_scope(self):
        d = self.daemon()
        for _ in range(3):
            self.store(d, "x", user_id="ada-lovelace", agent_id="agent-7", session_id="sess-9")
        for _ in range(2):
            self.recall(d, "x", user_id="ada-lovelace")
        answer = d.get("/metrics")
        self.assertEqual("text/plain", answer.headers["content-type"].split(";")[0])
        text = answer.body.decode()
        values = self.values(text)
        self.assertEqual(3, values["memorypro_store_seconds_count"])
        self.assertEqual(2, values['memorypro_recall_seconds_count{source="local"}'])
        self.assertEqual(0, values["memorypro_outbox_pending"])
        self.assertEqual(0, values["memorypro_dead_letters"])
        for name in ("ada-lovelace", "agent-7", "sess-9"):
            self.assertNotIn(name, text)

    def test_listen_on_tcp_when_told_to_and_serve_only_probes_and_metrics(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.daemon(MEMORYPRO_METRICS_LISTEN=f"127.0.0.1:{port}")
        for path, expected in (("/livez", 200), ("/readyz", 200), ("/metrics", 200),
                               ("/api/v1/status", 404), ("/api/v1/memory", 404),
                               ("/api/v1/memory/export", 404)):
            connection = harness.http.client.HTTPConnection("127.0.0.1", port,
                                                            timeout=harness.DEADLINE)
            connection.request("GET", path)
            self.assertEqual(expected, connection.getresponse().status, path)
            connection.close()


class Queue(harness.TestCase):
    def setUp(self):
        self.d = self.daemon()

    def test_is_empty_without_a_cloud(self):
        self.store(self.d, "never queued")
        answer = self.d.get("/api/v1/queue")
        self.assertEqual((200, {"items": [], "next_cursor": None, "total": 0}),
                         (answer.status, answer.json))

    def test_flush_has_nothing_to_do(self):
        for path in ("/api/v1/queue/flush", "/api/v1/queue/flush?timeout=0",
                     "/api/v1/queue/flush?timeout=5"):
            answer = self.d.ask("POST", path)
            self.assertEqual((200, {"drained": True, "pending": 0, "dead": 0}),
                             (answer.status, answer.json))

    def test_a_bad_timeout_is_refused(self):
        for value in ("soon", "-1", ""):
            answer = self.d.ask("POST", f"/api/v1/queue/flush?timeout={value}")
            self.assert_problem(answer, 422, field="timeout")

    def test_an_unknown_item_is_404(self):
        for item in ("1", "none", "a%2Fb", "99999999999999999999999"):
            self.assert_problem(self.d.ask("POST", f"/api/v1/queue/{item}/retry"), 404)
            self.assert_problem(self.d.ask("DELETE", f"/api/v1/queue/{item}"), 404)


class Log(harness.TestCase):
    SECRET = "the-content-is-private"

    def test_names_the_peer_of_a_change_and_never_the_content(self):
        for kind in ("text", "json"):
            d = self.daemon(MEMORYPRO_LOG_LEVEL="trace", MEMORYPRO_LOG_FORMAT=kind)
            memory_id = self.store(d, self.SECRET, metadata={"k": self.SECRET})
            self.recall(d, self.SECRET)
            d.post("/api/v1/memory/store", {"content": self.SECRET, "tags": self.SECRET})
            d.ask("PATCH", harness.memory_path(memory_id), {"content": self.SECRET + "2"})
            d.ask("DELETE", harness.memory_path(memory_id))
            self.assertEqual(0, d.stop())
            self.assertNotIn(self.SECRET, d.log)
            self.assertIn(str(harness.os.getpid()), d.log)
            if kind == "json":
                for line in d.log.splitlines():
                    self.assertIsInstance(harness.json.loads(line), dict)

    def test_warnings_and_what_is_wrong_at_a_reload_have_its_form_too(self):
        d = self.new_daemon(MEMORYPRO_LOG_FORMAT="json")
        secret = d.place / "secret"
        secret.write_text("x")
        secret.chmod(0o644)
        d.start(MEMORYPRO_WEBHOOK_SECRET_FILE=secret, MEMORYPRO_WEBHOOK_LISTEN="127.0.0.1:0")
        (d.place / "empty.env").write_text("MEMORYPRO_TIMEOUT=never\n")
        d.signal(signal.SIGHUP)
        harness.until(lambda: "not reloaded" in d.log, "the reload failed")
        lines = [harness.json.loads(line) for line in d.log.splitlines()]
        said = [(line["level"], line["message"]) for line in lines]
        self.assertTrue(any(level == "warning" and "others can read" in text for level, text in said), said)
        self.assertTrue(any(level == "error" and "MEMORYPRO_TIMEOUT" in text for level, text in said), said)


if __name__ == "__main__":
    harness.main()
