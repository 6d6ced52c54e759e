"""The emulated cloud itself: its contract, and each way to break it, over real sockets."""
import concurrent.futures
import hashlib
import hmac
import http.client
import http.server
import json
import socket
import ssl
import subprocess
import threading
import time
import unittest

import emulator
import harness
from emulator import EMULATOR


class TestCase(unittest.TestCase):
    maxDiff = None

    def run(self, result=None):
        self.emulators = []
        bad = len(result.failures) + len(result.errors) if result else 0
        outcome = super().run(result)
        if result and len(result.failures) + len(result.errors) > bad:
            for each in self.emulators:
                print(f"\n-- {self.id()}: the emulator's log\n{each.log_kept}")
        return outcome

    def emulator(self, *arguments, tls=False):
        made = emulator.emulator(self, *arguments, tls=tls)
        self.emulators.append(made)
        return made

    def store(self, cloud, content, **fields):
        answer = cloud.call("memory/store", {"content": content, **fields})
        self.assertEqual(201, answer.status, answer)
        return answer.json["memory_id"]

    def recall(self, cloud, query, **fields):
        answer = cloud.call("memory/recall", {"query": query, **fields})
        self.assertEqual(200, answer.status, answer)
        return answer.json["memories"]

    def assert_refused(self, answer, status, word=""):
        self.assertEqual(status, answer.status, answer)
        self.assertIn(word, answer.json["detail"])


class Contract(TestCase):
    def test_a_stored_memory_gets_an_id_and_an_analysis_and_is_recalled(self):
        cloud = self.emulator()
        body = {"content": "Lena eats no peanuts", "metadata": {"a": 1}, "session_id": "s",
                "agent_id": "g", "user_id": "u", "memory_type": "fact", "tags": ["food"],
                "priority": "high", "timestamp": "2025-01-08T12:00:00Z", "mood": "fine"}
        answer = cloud.call("memory/store", body)
        self.assertEqual(201, answer.status, answer)
        self.assertEqual("success", answer.json["status"])
        self.assertTrue(answer.json["memory_id"].startswith("mem_"))
        self.assertEqual({"words": 4, "characters": 20, "estimated_tokens": 5},
                         answer.json["analysis"])
        [found] = self.recall(cloud, "peanuts?")
        self.assertEqual(answer.json["memory_id"], found["memory_id"])
        for name, value in body.items():
            if name != "timestamp":
                self.assertEqual(value, found[name])
        self.assertGreater(found["relevance_score"], 0)

    def test_recall_ranks_and_honours_each_filter(self):
        cloud = self.emulator()
        self.store(cloud, "tea with lemon and lemon tea", user_id="a", session_id="1")
        self.store(cloud, "a long story in which somebody once drank tea", user_id="a",
                   session_id="2", tags=["story"], metadata={"n": 1})
        self.store(cloud, "lemon", user_id="b", session_id="1")
        everything = self.recall(cloud, "lemon tea")
        scores = [memory["relevance_score"] for memory in everything]
        self.assertEqual(sorted(scores, reverse=True), scores)
        self.assertEqual("tea with lemon and lemon tea", everything[0]["content"])
        for filters, expected in (({"user_id": "b"}, 1), ({"user_id": "a"}, 2),
                                  ({"session_id": "2"}, 1), ({"tags": ["story"]}, 1),
                                  ({"metadata": {"n": 1}}, 1), ({"recall_count": 1}, 1),
                                  ({"since": "2999-01-01T00:00:00Z"}, 0)):
            self.assertEqual(expected, len(self.recall(cloud, "lemon tea", **filters)), filters)
        answer = cloud.call("memory/recall", {"query": "lemon", "weight_recent": True,
                                              "weight_responsibilities": True,
                                              "auto_queue_actions": True,
                                              "evolution_enabled": True})
        self.assertEqual([], answer.json["discovered_actions"])
        self.assertEqual(["lemon"], answer.json["analysis"]["query_words"])

    def test_the_same_local_id_is_the_same_memory(self):
        cloud = self.emulator()
        first = cloud.call("memory/sync", {"local_memory_id": "one", "content": "before"})
        other = cloud.call("memory/sync", {"local_memory_id": "two", "content": "other"})
        again = cloud.call("memory/sync", {"local_memory_id": "one", "content": "after"})
        self.assertEqual([200, 200, 200], [first.status, other.status, again.status])
        self.assertEqual(first.json["memory_id"], again.json["memory_id"])
        self.assertNotEqual(first.json["memory_id"], other.json["memory_id"])
        self.assertEqual([("one", "after"), ("two", "other")],
                         [(m["local_memory_id"], m["content"]) for m in cloud.memories()])

    def test_bodies_that_break_the_contract_are_refused_with_words(self):
        cloud = self.emulator()
        for path, body, word in (("memory/store", {}, "content"),
                                 ("memory/store", {"content": ""}, "content"),
                                 ("memory/store", {"content": 5}, "content"),
                                 ("memory/store", {"content": "x", "metadata": []}, "metadata"),
                                 ("memory/sync", {"content": "x"}, "local_memory_id"),
                                 ("memory/recall", {"recall_count": 3}, "query"),
                                 ("memory/recall", {"query": "x", "usr_id": "y"}, "usr_id"),
                                 ("webhooks/register", {"webhook_url": "x"}, "webhook_url"),
                                 ("webhooks/register", {"webhook_url": "http://h/"},
                                  "webhook_secret")):
            self.assert_refused(cloud.call(path, body), 422, word)
        is_json = {"Content-Type": "application/json"}
        self.assertEqual(400, cloud.call("memory/store", "{", **is_json).status)
        self.assertEqual(415, cloud.call("memory/store", "{}").status)
        self.assertEqual([], cloud.memories())

    def test_other_credentials_are_401(self):
        cloud = self.emulator()
        for headers in ({"Authorization": "Bearer other"}, {"X-API-Secret": "other"},
                        {"Authorization": emulator.KEY}):
            self.assert_refused(cloud.call("memory/store", {"content": "x"}, **headers), 401)
        self.assertEqual(401, cloud.ask("GET", "/api/v1/memory/insights").status)
        self.assertEqual([], cloud.memories())

    def test_a_key_makes_a_store_happen_once_also_after_a_restart(self):
        cloud = self.emulator()
        first = cloud.call("memory/store", {"content": "once"}, key="k")
        self.assertNotIn("idempotency-replayed", first.headers)
        for _ in range(2):
            again = cloud.call("memory/store", {"content": "once"}, key="k")
            self.assertEqual((201, first.json), (again.status, again.json))
            self.assertEqual("true", again.headers["idempotency-replayed"])
            cloud.kill()
            cloud.start()
        self.assert_refused(cloud.call("memory/store", {"content": "twice"}, key="k"), 422, "Idempotency-Key")
        self.assertEqual(["once"], cloud.contents())

    def test_a_key_makes_a_sync_happen_once_also_when_a_newer_one_came_between(self):
        cloud = self.emulator()
        body = {"local_memory_id": "l", "content": "first"}
        first = cloud.call("memory/sync", body, key="l:1")
        second = cloud.call("memory/sync", {**body, "content": "second"}, key="l:2")
        self.assertNotIn("idempotency-replayed", second.headers)
        cloud.kill()
        cloud.start()
        late = cloud.call("memory/sync", body, key="l:1")
        self.assertEqual((200, first.json), (late.status, late.json))
        self.assertEqual("true", late.headers["idempotency-replayed"])
        self.assert_refused(cloud.call("memory/sync", {**body, "content": "x"}, key="l:1"), 422)
        self.assert_refused(cloud.call("memory/store", {"content": "x"}, key="l:1"), 422)
        self.assertEqual(["second"], cloud.contents())

    def test_insights_count_the_memories_and_have_a_tag(self):
        cloud = self.emulator()
        empty = cloud.call("memory/insights")
        self.assertEqual({"evolution_updates", "lifecycle_recommendations", "memory_insights"},
                         set(empty.json))
        self.assertEqual(0, empty.json["memory_insights"]["total_memories"])
        same = cloud.call("memory/insights", **{"If-None-Match": empty.headers["etag"]})
        self.assertEqual((304, b""), (same.status, same.body))
        self.store(cloud, "news")
        news = cloud.call("memory/insights", **{"If-None-Match": empty.headers["etag"]})
        self.assertEqual(1, news.json["memory_insights"]["total_memories"])

    def test_a_registered_webhook_is_kept_without_showing_its_secret(self):
        cloud = self.emulator()
        self.assertEqual({"registered": False}, cloud.state()["webhook"])
        body = {"webhook_url": "http://127.0.0.1:1/hook", "webhook_secret": "hush",
                "events": ["memory_insights"]}
        answer = cloud.call("webhooks/register", body)
        self.assertEqual(200, answer.status, answer)
        cloud.restart()
        self.assertEqual({"registered": True, "url": body["webhook_url"],
                          "events": body["events"]}, cloud.state()["webhook"])
        self.assertNotIn("hush", str(answer) + str(cloud.state()) + cloud.log)


class Receiver(http.server.BaseHTTPRequestHandler):
    """Keeps what is delivered; answers 202, or first what the server is told to."""

    def do_POST(self):  # pylint: disable=invalid-name
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.deliveries.append((self.path, dict(self.headers), body))
        self.send_response(self.server.refusals.pop(0) if self.server.refusals else 202)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"taken")

    def log_message(self, *_):
        pass


class Webhooks(TestCase):
    def receiver(self, context=None):
        server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
        server.deliveries, server.refusals = [], []
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(server.shutdown)
        return server

    def register(self, cloud, server, scheme="http"):
        url = f"{scheme}://127.0.0.1:{server.server_port}/hook?x=1"
        answer = cloud.call("webhooks/register", {"webhook_url": url, "webhook_secret": "hush",
                                                  "events": ["memory_insights"]})
        self.assertEqual(200, answer.status, answer)

    def test_an_event_is_delivered_in_its_envelope_and_signed(self):
        cloud, server = self.emulator(), self.receiver()
        self.register(cloud, server)
        data = {"insights": {"memory_health_score": 0.85}}
        self.assertEqual({"status": 202, "body": "taken"},
                         cloud.send_webhook("memory_insights", data, delivery="d-1"))
        [(path, headers, body)] = server.deliveries
        self.assertEqual("/hook?x=1", path)
        self.assertEqual("application/json", headers["Content-Type"])
        signature = hmac.new(b"hush", body, hashlib.sha256).hexdigest()
        self.assertEqual(f"sha256={signature}", headers["X-MemoryPro-Signature"])
        envelope = json.loads(body)
        self.assertEqual(("memory_insights", data, "d-1"),
                         (envelope["event_type"], envelope["data"], envelope["delivery"]))
        self.assertEqual({"user_id", "timestamp"},
                         set(envelope) - {"event_type", "data", "delivery"})

    def test_the_receiver_is_trusted_by_its_authority(self):
        shown = self.emulator(tls=True)  # its certificate serves the receiver
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(shown.place / "data/certificate.pem", shown.place / "data/key.pem")
        server = self.receiver(context)
        for arguments, status in (([], 502), (["--webhook-ca", str(shown.ca)], 200)):
            cloud = self.emulator(*arguments)
            self.register(cloud, server, "https")
            answer = cloud.ask("POST", "/emulator/webhooks/send", {"event_type": "x", "data": {}})
            self.assertEqual(status, answer.status, answer)
        self.assertEqual(1, len(server.deliveries))

    def test_an_event_that_is_refused_is_sent_again_as_it_was(self):
        cloud, server = self.emulator(), self.receiver()
        self.register(cloud, server)
        server.refusals = [503, 401]
        told = cloud.control("POST", "events", {"event_type": "x", "data": {}}).json
        self.assertEqual({"attempts": 3, "status": 202, "body": "taken"}, told["delivery"])
        self.assertEqual(3, len(server.deliveries))
        [body] = {body for _, _, body in server.deliveries}
        self.assertEqual(told["event"], json.loads(body))

    def test_a_stop_does_not_wait_for_a_receiver(self):
        cloud = self.emulator("--send", "memory_insights@0.1")
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            cloud.call("webhooks/register", {
                "webhook_url": f"http://127.0.0.1:{silent.getsockname()[1]}/", "events": ["x"],
                "webhook_secret": "hush"})
            peer, _ = silent.accept()
            with peer, peer.makefile("rb") as stream:
                self.assertEqual(0, cloud.stop())
                self.assertTrue(stream.read().startswith(b"POST / HTTP/1.1"))

    def test_without_a_receiver_the_answer_says_so(self):
        cloud, event = self.emulator(), {"event_type": "x", "data": {}}
        self.assert_refused(cloud.ask("POST", "/emulator/webhooks/send", event), 404, "register")
        cloud.call("webhooks/register", {"webhook_url": "http://127.0.0.1:1/", "events": ["x"],
                                         "webhook_secret": "hush"})
        self.assert_refused(cloud.ask("POST", "/emulator/webhooks/send", event), 502, "answer")
        self.assert_refused(cloud.ask("POST", "/emulator/webhooks/send", {"data": {}}), 422,
                            "event_type")


class Control(TestCase):
    def test_the_state_counts_requests_connections_and_replays(self):
        cloud = self.emulator()
        connection = cloud.connect()
        self.addCleanup(connection.close)
        connection.ask("GET", "/emulator/state")
        for key in ("a", "a", "b"):
            cloud.call("memory/store", {"content": "x"}, key=key)
        cloud.call("memory/recall", {"query": "x"})
        state = connection.ask("GET", "/emulator/state").json
        self.assertEqual(2, state["memories"])
        self.assertEqual({"memory/insights": 0, "memory/recall": 1, "memory/store": 3,
                          "memory/sync": 0, "webhooks/register": 0}, state["requests"])
        self.assertEqual((1, 1), (state["idempotent_replays"], state["connections"]))

    def test_memories_come_in_the_order_of_arrival_however_many(self):
        cloud = self.emulator()
        connection = cloud.connect()
        self.addCleanup(connection.close)
        headers = {"Authorization": f"Bearer {emulator.KEY}", "X-API-Secret": emulator.SECRET}
        for i in range(1201):
            connection.ask("POST", "/api/v1/memory/store", {"content": str(i)}, headers)
        self.assertEqual([str(i) for i in range(1201)], cloud.contents())

    def test_credentials_are_revoked_and_restored(self):
        cloud = self.emulator()
        cloud.revoke()
        self.assertEqual(401, cloud.call("memory/store", {"content": "x"}).status)
        cloud.restore("new", "pair")
        self.assertEqual(401, cloud.call("memory/store", {"content": "x"}).status)
        cloud.restore()
        self.assertEqual(201, cloud.call("memory/store", {"content": "x"}).status)

    def test_faults_are_shown_replaced_and_cleared(self):
        cloud = self.emulator("--fault", "error:count=9,path=memory/sync", "--fault", "hang")
        shown = cloud.control("GET", "faults").json["faults"]
        self.assertEqual([{"fault": "error", "count": 9, "path": "memory/sync", "status": 503},
                          {"fault": "hang"}], shown)
        self.assertEqual([{"fault": "rate_limit", "retry_after": 7}],
                         cloud.faults({"fault": "rate_limit", "retry_after": 7}))
        refused = cloud.ask("POST", "/emulator/faults", {"faults": ["down", "nonsense"]})
        self.assert_refused(refused, 422, "nonsense")
        self.assertEqual(429, cloud.call("memory/recall", {"query": "x"}).status)
        cloud.clear_faults()
        self.assertEqual(200, cloud.call("memory/recall", {"query": "x"}).status)

    def test_control_answers_whatever_the_faults_and_the_credentials(self):
        cloud = self.emulator("--fault", "down")
        cloud.revoke()
        self.assertEqual(0, cloud.state()["memories"])


class Faults(TestCase):
    def assert_cut(self, cloud, path="memory/store", body=None, **options):
        with self.assertRaises((http.client.RemoteDisconnected, ConnectionResetError)):
            cloud.call(path, body or {"content": "x"}, **options)

    def test_down_closes_as_soon_as_the_head_came(self):
        cloud = self.emulator("--fault", "down")
        sock = cloud.socket()
        self.addCleanup(sock.close)
        sock.sendall(b"POST /api/v1/memory/store HTTP/1.1\r\nHost: x\r\n"
                     b"Content-Length: 1000\r\n\r\n")
        self.assertEqual(b"", sock.recv(100))
        self.assert_cut(cloud)
        cloud.clear_faults()
        self.assertEqual([], cloud.memories())

    def test_hang_lasts_until_it_is_cleared(self):
        cloud = self.emulator("--fault", "hang:path=memory/store")
        with self.assertRaises(TimeoutError):
            cloud.call("memory/store", {"content": "lost"}, timeout=0.3)
        self.assertEqual(200, cloud.call("memory/recall", {"query": "x"}).status)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            waiting = pool.submit(cloud.call, "memory/store", {"content": "late"})
            harness.until(lambda: cloud.state()["requests"]["memory/store"] == 2, "it came")
            self.assertFalse(waiting.done())
            cloud.clear_faults()
            self.assertEqual(201, waiting.result(harness.DEADLINE).status)
        self.assertEqual(["late"], cloud.contents())

    def test_hang_notices_that_the_client_went_and_does_not_hold_up_the_stop(self):
        for tls in (False, True):
            cloud = self.emulator("--fault", "hang", tls=tls)
            with self.assertRaises(TimeoutError):
                cloud.call("memory/store", {"content": "x"}, timeout=0.3)
            harness.until(lambda: cloud.state()["connections"] == 1, "the client's end was seen")
            client = threading.Thread(target=self.assert_cut, args=(cloud,))
            client.start()
            harness.until(lambda: cloud.state()["requests"]["memory/store"] == 2, "it came")
            began = time.monotonic()
            self.assertEqual(0, cloud.stop())
            self.assertLess(time.monotonic() - began, 3)
            client.join()

    def test_slow_answers_late(self):
        cloud = self.emulator("--fault", "slow:delay_ms=300")
        began = time.monotonic()
        self.assertEqual(201, cloud.call("memory/store", {"content": "x"}).status)
        self.assertGreater(time.monotonic() - began, 0.29)

    def test_drip_answers_a_byte_at_a_time(self):
        cloud = self.emulator("--fault", "drip:delay_ms=1")
        sock = cloud.socket()
        self.addCleanup(sock.close)
        sock.sendall(b"GET /api/v1/memory/insights HTTP/1.1\r\nHost: x\r\n\r\n")
        pieces = []
        while piece := sock.recv(4096):
            pieces.append(piece)
        self.assertGreater(len(pieces), 50)
        self.assertTrue(b"".join(pieces).startswith(b"HTTP/1.1 401 "))
        self.assertEqual(201, cloud.call("memory/store", {"content": "x"}).status)

    def test_reset_after_accept_has_stored(self):
        for tls in (False, True):
            cloud = self.emulator("--fault", "reset_after_accept:count=1", tls=tls)
            with self.assertRaises((http.client.RemoteDisconnected, ConnectionResetError,
                                    ssl.SSLEOFError)):
                cloud.call("memory/store", {"content": "x"}, key="k")
            self.assertEqual(["x"], cloud.contents())
            again = cloud.call("memory/store", {"content": "x"}, key="k")
            self.assertEqual("true", again.headers["idempotency-replayed"])
            self.assertEqual(["x"], cloud.contents())

    def test_refusals_have_their_status_and_words(self):
        cloud = self.emulator()
        for spec, status, word in (("unauthorized", 401, "credentials"),
                                   ("forbidden", 403, "account"),
                                   ("reject:detail=no, thanks", 422, "no, thanks"),
                                   ("rate_limit:retry_after=42", 429, "too many"),
                                   ("error", 503, "problem"),
                                   ("error:status=500", 500, "problem")):
            cloud.faults(spec)
            answer = cloud.call("memory/store", {"content": "x"})
            self.assert_refused(answer, status, word)
            self.assertEqual("42" if status == 429 else None, answer.headers.get("retry-after"))
        self.assertEqual([], cloud.memories())

    def test_matching_picks_by_the_content(self):
        cloud = self.emulator("--fault", "reject:matching=poison \u00fc")
        self.assertEqual(201, cloud.call("memory/store", {"content": "good"}).status)
        self.assertEqual(422, cloud.call("memory/store", {"content": "a poison \u00fc x"}).status)
        self.assertEqual(422, cloud.call("memory/recall", {"query": "poison \u00fc"}).status)

    def test_a_count_is_used_up(self):
        cloud = self.emulator("--fault", "error:count=2,path=memory/store")
        statuses = [cloud.call("memory/recall", {"query": "x"}).status]
        statuses += [cloud.call("memory/store", {"content": "x"}).status for _ in range(3)]
        self.assertEqual([200, 503, 503, 201], statuses)
        self.assertEqual([], cloud.control("GET", "faults").json["faults"])

    def test_garbage_is_not_http(self):
        cloud = self.emulator("--fault", "garbage")
        with self.assertRaises(http.client.BadStatusLine):
            cloud.call("memory/store", {"content": "x"})

    def test_not_json_is_a_page_with_200(self):
        cloud = self.emulator("--fault", "not_json")
        answer = cloud.call("memory/store", {"content": "x"})
        self.assertEqual(200, answer.status)
        with self.assertRaises(json.JSONDecodeError):
            answer.json

    def test_truncated_stops_within_the_body_of_work_that_was_done(self):
        cloud = self.emulator("--fault", "truncated")
        with self.assertRaises(http.client.IncompleteRead):
            cloud.call("memory/store", {"content": "x"})
        self.assertEqual(["x"], cloud.contents())

    def test_oversized_does_not_end(self):
        cloud = self.emulator("--fault", "oversized")
        connection = cloud.connect()
        self.addCleanup(connection.close)
        connection.request("GET", "/api/v1/memory/insights")
        response = connection.getresponse()
        self.assertEqual(200, response.status)
        self.assertEqual(17 << 20, len(response.read(17 << 20)))


class Program(TestCase):
    def run_emulator(self, *arguments):
        return subprocess.run([EMULATOR, *arguments], env=harness.environment(), text=True,
                              capture_output=True, timeout=harness.DEADLINE, check=False)

    def test_help_and_version_say_that_it_is_for_development(self):
        for flag, text in (("--help", "FOR DEVELOPMENT ONLY"), ("--version", "emulator")):
            done = self.run_emulator(flag)
            self.assertEqual((0, ""), (done.returncode, done.stderr))
            self.assertIn(text, done.stdout)

    def test_so_does_the_start(self):
        cloud = self.emulator()
        self.assertIn(f"for development only, listens on {cloud.url}\n", cloud.log)

    def test_wrong_usage_is_64(self):
        for arguments, word in ((["--nonsense"], "nonsense"), (["extra"], "extra"),
                                (["--cert", "x"], "--tls"), (["--tls", "--cert", "x"], "--key"),
                                (["--cert-out", "x"], "--tls"), (["--tls-name", "x"], "--tls"),
                                (["--tls", "--tls-name", "a,b"], "a,b"), (["--log-level", "loud"], "loud"),
                                (["--fault", "nonsense"], "nonsense"),
                                (["--fault", "slow:retry_after=1"], "retry_after")):
            done = self.run_emulator(*arguments)
            self.assertEqual((64, ""), (done.returncode, done.stdout), arguments)
            self.assertIn(word, done.stderr)

    def test_an_address_or_a_directory_in_use_is_75(self):
        cloud = self.emulator()
        for arguments in (["--listen", f"{cloud.host}:{cloud.port}"],
                          ["--listen", "127.0.0.1:0", "--data-dir", str(cloud.place / "data")]):
            self.assertEqual(75, self.run_emulator(*arguments).returncode, arguments)

    def test_what_cannot_be_used_is_78(self):
        cloud = self.emulator()
        text = cloud.place / "text"
        text.write_text("not a certificate")
        for arguments in (["--listen", "nonsense"],
                          ["--tls", "--cert", str(text), "--key", str(text)],
                          ["--tls", "--cert", "/nonexistent", "--key", str(text)]):
            done = self.run_emulator("--listen", "127.0.0.1:0", *arguments)
            self.assertEqual(78, done.returncode, done.stderr)

    def test_a_generated_certificate_is_trusted_under_each_name_also_after_a_restart(self):
        cloud = self.emulator(tls=True)
        context = ssl.create_default_context(cafile=str(cloud.ca))
        for _ in range(2):
            for name in ("localhost", "127.0.0.1", "::1"):
                with socket.create_connection((cloud.host, cloud.port)) as plain, \
                        context.wrap_socket(plain, server_hostname=name) as secure:
                    self.assertIn(secure.version(), ("TLSv1.2", "TLSv1.3"))
            cloud.restart()
        with socket.create_connection((cloud.host, cloud.port)) as plain, \
                self.assertRaises(ssl.SSLCertVerificationError):
            context.wrap_socket(plain, server_hostname="example.com")
        self.store(cloud, "over TLS")

    def test_a_certificate_that_lacks_a_name_is_made_anew(self):
        cloud = self.emulator(tls=True)
        def shown():
            return ssl.get_server_certificate((cloud.host, cloud.port))
        first = shown()
        cloud.arguments += ["--tls-name", "cloud.example"]
        cloud.restart()
        named = shown()
        self.assertNotEqual(first, named)
        context = ssl.create_default_context(cafile=str(cloud.ca))
        for name in ("cloud.example", "localhost"):
            with socket.create_connection((cloud.host, cloud.port)) as plain, \
                    context.wrap_socket(plain, server_hostname=name):
                pass
        cloud.restart()
        self.assertEqual(named, shown())

    def test_without_a_data_directory_nothing_stays(self):
        with subprocess.Popen([EMULATOR, "--listen", "127.0.0.1:0"], env=harness.environment(),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            self.assertIn("listens on http://127.0.0.1:", process.stdout.readline())
            process.terminate()
            log = process.stderr.read()
        self.assertEqual(0, process.returncode)
        [place] = [line.rpartition("data in ")[2] for line in log.splitlines() if "data in" in line]
        self.assertTrue(place)
        self.assertFalse(emulator.Path(place).exists())


if __name__ == "__main__":
    unittest.main()
