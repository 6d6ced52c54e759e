"""Webhooks: verified, durable before they are answered, applied and announced once."""
import base64
import concurrent.futures
import contextlib
import hashlib
import hmac
import http.client
import shutil
import signal
import socket
import sqlite3
import ssl
import tempfile
import threading
import time

import harness
from certificates import Authority
from cloud_case import SCALE, resident, scaled
from webhook_case import PATH, SECRET, WebhookCase, event, sign, update


def several(texts):
    return event("evolution_updates", updates=[{"insight": text} for text in texts])


class Receiving(WebhookCase):
    def test_a_recommendation_archives_a_memory_and_a_subscriber_hears_of_it(self):
        d = self.receiver()
        events = self.events(d)
        memory = self.store(d, "green tea")
        self.received(d, event("lifecycle_recommendations", recommendations=[
            {"action": "archive", "memory_ids": [memory], "reason": "Low relevance"}]))
        [applied] = events.until("recommendation.applied")
        self.assertEqual([memory], applied["memory_ids"])
        self.assertEqual([], self.contents(d, "tea"))
        self.assertEqual(["green tea"], self.contents(d, "tea", include_archived=True))
        [insight] = self.insights(d, 1)
        self.assertEqual(("lifecycle_recommendation", "push"),
                         (insight["kind"], insight["source"]))
        push = self.push(d)
        self.assertEqual((True, False, 1, 0, 0), (
            push["enabled"], push["registered"], push["accepted"], push["rejected"],
            push["duplicates"]))
        self.assertIsNotNone(push["last_delivery"])

    def test_what_was_answered_and_not_processed_is_processed_after_a_kill(self):
        d = self.receiver()
        everything = []
        for attempt in range(20):  # until a kill has left something that waits
            deliveries = [[f"update {attempt}.{n}.{i}" for i in range(20)]
                          for n in range(scaled(40, 8))]
            everything += sum(deliveries, [])
            answered = self.answered_until_a_kill(d, deliveries)
            waiting = self.waiting(d)
            d.start()
            expected = set(sum(answered, []))
            harness.until(lambda: expected <= set(self.texts(d)), "what was answered is applied")
            for texts in deliveries:
                answer = self.send(d, several(texts))
                self.assertEqual(200, answer.status, answer)
                if texts in answered:
                    self.assertEqual({"status": "received", "duplicate": True}, answer.json)
            harness.until(lambda: len(self.texts(d)) >= len(everything), "all are applied")
            self.assertEqual(sorted(everything), sorted(self.texts(d)))
            if waiting > 0:
                return
        self.fail("nothing waited after any of the kills")

    def answered_until_a_kill(self, d, deliveries):
        """Sends all at once and kills at the first answers: those that were answered."""
        answered, some = [], threading.Event()

        def send(texts):
            try:
                if self.send(d, several(texts)).status == 200:
                    answered.append(texts)
                    some.set()
            except (OSError, http.client.HTTPException):
                pass  # it was killed

        with concurrent.futures.ThreadPoolExecutor(len(deliveries)) as pool:
            senders = [pool.submit(send, texts) for texts in deliveries]
            self.assertTrue(some.wait(harness.DEADLINE))
            d.kill()
        for sender in senders:
            sender.result()
        return answered

    def waiting(self, d):
        """Deliveries in the database of a daemon that does not run, which stays as it is."""
        with tempfile.TemporaryDirectory(prefix="mp-") as folder:
            copy = shutil.copytree(d.data, harness.Path(folder) / "data")
            database = sqlite3.connect(copy / d.database().relative_to(d.data))
            try:
                return database.execute("SELECT count(*) FROM inbox").fetchone()[0]
            finally:
                database.close()

    @staticmethod
    def texts(d):
        found, since = [], 0
        while page := d.get(f"/api/v1/insights?limit=1000&since={since}").json["insights"]:
            found += [one["payload"]["insight"] for one in page]
            since = page[-1]["id"]
        return found

    def test_one_delivery_a_hundred_times_at_once_is_one(self):
        d = self.receiver()
        events = self.events(d)
        answers = self.send_at_once(d, [update("the one")] * 100)
        self.assertEqual({200}, {answer.status for answer in answers})
        self.assertEqual(99, sum("duplicate" in answer.json for answer in answers))
        self.insights(d, 1)
        self.received(d, update("another"))
        self.insights(d, 2)
        self.assertEqual(2, len(events.until("insight.received", 2)))
        self.assertEqual((2, 99), (self.push(d)["accepted"], self.push(d)["duplicates"]))

    def test_what_is_not_understood_is_kept_and_logged_not_refused(self):
        d = self.receiver()
        odd = [b'{"event_type":"memory_merged","data":{"x":1}}', b"{}", b'{"data":[1,2]}',
               b'{"evolution_updates":"text"}']
        for body in odd:
            self.received(d, body)
        self.assertEqual({"unknown"}, {one["kind"] for one in self.insights(d, len(odd))})
        harness.until(lambda: "not understood" in d.log, "it is logged")

    def test_the_answers_to_what_is_not_a_signed_object(self):
        d = self.receiver()
        body = update("x")
        for signature in ("", "sha256=00", sign(body, "other"), sign(body + b" ")):
            problem = self.assert_problem(self.send(d, body, signature=signature), 401)
            self.assertEqual("Invalid signature", problem["detail"])
        self.assert_problem(self.send(d, b"not JSON"), 400)
        self.assert_problem(self.send(d, b"[1]"), 400)
        large = b'{"a":"' + b"x" * (1 << 20) + b'"}'
        self.assert_problem(self.send(d, large), 413)
        self.assert_problem(self.send(d, body, path="/other"), 404)
        self.assertEqual(6, self.push(d)["rejected"])
        self.assertEqual(0, d.get("/api/v1/insights").json["total"])
        self.assertNotIn(SECRET, d.log)

    def test_standard_webhooks_are_taken(self):
        key = b"a key of 24 bytes, or so"
        d = self.receiver(MEMORYPRO_WEBHOOK_SECRET="whsec_" + base64.b64encode(key).decode())
        body, now = update("x"), str(int(time.time()))
        signed = base64.b64encode(hmac.new(key, b"msg_1." + now.encode() + b"." + body,
                                           hashlib.sha256).digest()).decode()
        headers = {"webhook-id": "msg_1", "webhook-timestamp": now,
                   "webhook-signature": "v1," + signed}
        self.received(d, body, signature="", **headers)
        again = self.send(d, body, signature="", **headers)
        self.assertEqual({"status": "received", "duplicate": True}, again.json)
        headers["webhook-timestamp"] = str(int(time.time()) - 301)
        self.assertEqual(401, self.send(d, body, signature="", **headers).status)


class Settings(WebhookCase):
    def test_without_a_secret_or_with_push_off_nothing_listens(self):
        for off in (lambda s: s.pop("MEMORYPRO_WEBHOOK_SECRET"),
                    lambda s: s.update(MEMORYPRO_ENABLE_PUSH="false")):
            d = self.new_daemon(**self.webhook_settings())
            off(d.settings)
            d.start()
            self.assertRaises(ConnectionRefusedError, self.send, d, b"{}")
            self.assertFalse(self.push(d)["enabled"])
            self.assertFalse(d.get("/api/v1/capabilities").json["push_notifications"])

    def test_a_url_without_a_secret_is_a_configuration_error(self):
        d = self.new_daemon(MEMORYPRO_WEBHOOK_URL="https://agents.example/hook")
        d.spawn()
        self.assertEqual(78, d.wait())
        self.assertIn("MEMORYPRO_WEBHOOK_SECRET", d.log)

    def test_a_whsec_secret_without_a_key_is_a_configuration_error(self):
        for secret in ("whsec_", "whsec_not base64"):
            d = self.new_daemon(**self.webhook_settings(MEMORYPRO_WEBHOOK_SECRET=secret))
            d.spawn()
            self.assertEqual(78, d.wait())
            self.assertIn("MEMORYPRO_WEBHOOK_SECRET (environment): begins with whsec_", d.log)

    def test_a_reload_rotates_the_secret_and_moves_the_path(self):
        d = self.new_daemon(**self.webhook_settings())
        file = d.place / "secret"
        file.write_text(SECRET)
        config = d.place / "empty.env"
        del d.settings["MEMORYPRO_WEBHOOK_SECRET"]
        config.write_text(f"MEMORYPRO_WEBHOOK_SECRET_FILE={file}\n")
        d.start()
        self.received(d, update("1"))
        file.write_text("new secret")
        config.write_text(f"MEMORYPRO_WEBHOOK_SECRET_FILE={file}\n"
                          f"MEMORYPRO_WEBHOOK_SECRET_PREVIOUS={SECRET}\n"
                          "MEMORYPRO_WEBHOOK_URL=https://agents.example/hooks/mine\n")
        d.signal(signal.SIGHUP)
        harness.until(lambda: self.send(d, b"", path="/hooks/mine", signature="").status == 401,
                      "the path is the new one")
        self.received(d, update("2"), path="/hooks/mine/")
        self.received(d, update("3"), path="/hooks/mine", signature=sign(update("3"), "new secret"))
        self.assertEqual(404, self.send(d, update("4"), path=PATH).status)
        config.write_text(f"MEMORYPRO_WEBHOOK_SECRET_FILE={file}\n")
        d.signal(signal.SIGHUP)
        harness.until(lambda: self.send(d, update("5")).status == 401, "the former one is gone")
        self.insights(d, 3)

    def test_a_secret_that_comes_with_a_reload_opens_the_receiver(self):
        d = self.new_daemon(**self.webhook_settings())
        del d.settings["MEMORYPRO_WEBHOOK_SECRET"]
        d.start()
        self.assertFalse(self.push(d)["enabled"])
        (d.place / "empty.env").write_text(f"MEMORYPRO_WEBHOOK_SECRET={SECRET}\n")
        d.signal(signal.SIGHUP)
        harness.until(lambda: self.push(d)["enabled"], "it listens")
        self.received(d, update("1"))

    def test_a_port_that_is_taken_at_a_reload_is_waited_for(self):
        d = self.new_daemon(**self.webhook_settings())
        del d.settings["MEMORYPRO_WEBHOOK_SECRET"]
        with socket.create_server(("127.0.0.1", self.port(d))):
            d.start()
            (d.place / "empty.env").write_text(f"MEMORYPRO_WEBHOOK_SECRET={SECRET}\n")
            d.signal(signal.SIGHUP)
            harness.until(lambda: "cannot be received yet" in d.log, "it is told")
            self.assertFalse(self.push(d)["enabled"])
        harness.until(lambda: self.push(d)["enabled"], "it listens")
        self.received(d, update("1"))

    def test_a_port_that_is_taken_keeps_the_daemon_from_starting(self):
        first = self.receiver()
        second = self.new_daemon(**first.settings)
        second.settings.update(MEMORYPRO_SOCKET=second.socket, MEMORYPRO_DATA_DIR=second.data)
        second.spawn()
        self.assertEqual(75, second.wait())
        self.assertIn(str(self.port(first)), second.log)


class Tls(WebhookCase):
    def setUp(self):
        super().setUp()
        folder = harness.Path(tempfile.mkdtemp(prefix="mp-tls-"))
        self.addCleanup(shutil.rmtree, folder)
        self.authority = Authority(folder)

    @contextlib.contextmanager
    def connected(self, d):
        context = ssl.create_default_context(cafile=self.authority.certificate)
        with socket.create_connection(("127.0.0.1", self.port(d)), harness.DEADLINE) as plain, \
                context.wrap_socket(plain, server_hostname="127.0.0.1") as secure:
            yield secure

    def shown(self, d):
        with self.connected(d) as secure:
            return secure.getpeercert()["serialNumber"]

    def test_the_receiver_speaks_tls_with_its_own_certificate(self):
        certificate, key = self.authority.issue(["IP:127.0.0.1"])
        d = self.receiver(MEMORYPRO_WEBHOOK_TLS_CERT=certificate, MEMORYPRO_WEBHOOK_TLS_KEY=key)
        with self.connected(d) as secure:
            body = update("over TLS")
            secure.sendall(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
                           f"X-MemoryPro-Signature: {sign(body)}\r\n\r\n".encode() + body)
            self.assertIn(b" 200 ", secure.recv(4096))
        self.insights(d, 1)

    def test_a_reload_shows_a_renewed_certificate_and_keeps_the_former_of_a_bad_one(self):
        certificate, key = self.authority.issue(["IP:127.0.0.1"])
        d = self.receiver(MEMORYPRO_WEBHOOK_TLS_CERT=certificate, MEMORYPRO_WEBHOOK_TLS_KEY=key)
        before = self.shown(d)
        for file, renewed in zip((certificate, key), self.authority.issue(["IP:127.0.0.1"])):
            shutil.copy(renewed, file)
        self.assertEqual(before, self.shown(d))
        d.signal(signal.SIGHUP)
        after = harness.until(lambda: (now := self.shown(d)) != before and now, "it is renewed")
        certificate.write_text("not PEM")
        d.signal(signal.SIGHUP)
        harness.until(lambda: "keeps its former certificate" in d.log, "it is told")
        self.assertEqual(after, self.shown(d))

    def test_a_certificate_that_cannot_be_used_keeps_the_daemon_from_starting(self):
        d = self.new_daemon(**self.webhook_settings())
        for name in ("cert", "key"):
            (d.place / name).write_text("not PEM")
        d.settings.update(MEMORYPRO_WEBHOOK_TLS_CERT=d.place / "cert",
                          MEMORYPRO_WEBHOOK_TLS_KEY=d.place / "key")
        d.spawn()
        self.assertEqual(78, d.wait())
        self.assertIn("certificate", d.log)


class Floods(WebhookCase):
    def test_slow_senders_cost_little_and_hold_up_nobody_here(self):
        d = self.receiver()
        self.received(d, update("before"))
        before = resident(d.process.pid, "VmRSS")
        slow = []
        self.addCleanup(lambda: [one.close() for one in slow])
        for _ in range(scaled(800)):
            one = socket.create_connection(("127.0.0.1", self.port(d)), harness.DEADLINE)
            slow.append(one)
            try:
                one.sendall(f"POST {PATH} HTTP/1.1\r\nContent-Length: 1000000\r\n\r\nx".encode())
            except ConnectionError:
                pass  # beyond the bound it is refused at once
        start = time.monotonic()
        self.store(d, "green tea")
        self.assertLess(time.monotonic() - start, 2)
        if SCALE == 1:
            self.assertLess(resident(d.process.pid, "VmRSS") - before, 32 << 20)
        # They are cut off, and then there is room again.
        harness.until(lambda: self.is_received(d), "a sender is heard again")

    def is_received(self, d):
        try:
            return self.send(d, update("after")).status == 200
        except (ConnectionError, http.client.HTTPException):
            return False

    def test_a_flood_without_a_signature_is_refused_and_not_written_out(self):
        d = self.receiver()
        sender = self.sender(d)
        body = b'{"a":"' + b"x" * 1000 + b'"}'
        count = scaled(2000)
        for _ in range(count):
            self.assertEqual(401, sender.send_body(body, signature="00").status)
        self.assertEqual(count, self.push(d)["rejected"])
        self.assertLess(d.log.count(" 401 "), 100)
        self.received(d, update("and still"))


class WithACloud(WebhookCase):
    def hooked(self, cloud, **settings):
        made = {**self.webhook_settings(), **self.account(cloud), "MEMORYPRO_ENABLE_PUSH": "true",
                **settings}
        made["MEMORYPRO_WEBHOOK_URL"] = f"http://{made['MEMORYPRO_WEBHOOK_LISTEN']}/hook"
        return self.daemon(**made)

    def until_registered(self, d):
        harness.until(lambda: self.push(d)["registered"], "it is registered")

    def test_the_receiver_is_registered_and_hears_the_cloud(self):
        c = self.cloud()
        d = self.hooked(c)
        events = self.events(d)
        self.until_registered(d)
        self.assertTrue(d.get("/api/v1/capabilities").json["push_notifications"])
        sent = c.send_webhook("evolution_updates", {"updates": [{"insight": "likes tea"}]})
        self.assertEqual(200, sent["status"], sent)
        [heard] = events.until("insight.received")
        self.assertEqual({"insight": "likes tea"}, heard["payload"])

    def test_registration_is_tried_until_the_cloud_takes_it(self):
        c = self.cloud()
        c.fault("error", path="webhooks/register")
        d = self.hooked(c)
        harness.until(lambda: "not registered" in d.log, "it has been tried")
        self.assertFalse(self.push(d)["registered"])
        c.clear_faults()
        self.until_registered(d)

    def test_a_reload_registers_again(self):
        c = self.cloud()
        d = self.hooked(c)
        self.until_registered(d)
        before = c.requests("webhooks/register")
        d.signal(signal.SIGHUP)
        harness.until(lambda: c.requests("webhooks/register") > before, "it registers again")

    def test_a_recommendation_reaches_a_memory_under_the_clouds_id(self):
        c = self.cloud()
        d = self.hooked(c, MEMORYPRO_CLOUD_FIRST="false")
        self.until_registered(d)
        memory = self.put(d, "green tea", "queued")
        harness.until(lambda: d.memory(memory).json["sync_state"] == "synced", "it is synced")
        [there] = c.memories()
        c.send_webhook("lifecycle_recommendations", {"recommendations": [
            {"action": "archive", "memory_ids": [there["memory_id"]], "reason": "old"}]})
        harness.until(lambda: d.memory(memory).json["archived"], "it is archived")

    def test_push_and_poll_bring_one_insight(self):
        c = self.cloud()
        d = self.hooked(c, MEMORYPRO_ENABLE_POLLING="true", MEMORYPRO_POLL_INTERVAL="1")
        self.until_registered(d)
        poll = harness.until(lambda: self.status(d)["poll"]["last_success"], "it polls")
        [polled] = self.insights(d, 1)
        self.assertEqual(("memory_insights", "poll"), (polled["kind"], polled["source"]))
        c.send_webhook("memory_insights", {"insights": polled["payload"]})
        harness.until(lambda: self.push(d)["accepted"] == 1, "it was pushed")
        harness.until(lambda: self.status(d)["poll"]["last_success"] > poll, "it polls on")
        self.insights(d, 1)


if __name__ == "__main__":
    harness.main()
