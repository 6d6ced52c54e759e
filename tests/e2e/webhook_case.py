"""A daemon that receives webhooks, and senders that know its secret."""
import concurrent.futures
import hashlib
import hmac
import http.client
import json
import socket

import harness
from cloud_case import CloudCase

SECRET = "webhook secret"
PATH = "/memorypro/webhook"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def sign(body, secret=SECRET):
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def event(event_type, **data):
    return json.dumps({"event_type": event_type, "user_id": "u", "timestamp": "2025-01-08T12:00:00Z",
                       "data": data}).encode()


def update(text, **more):
    return event("evolution_updates", updates=[{"insight": text, **more}])


class Sender(http.client.HTTPConnection):
    """Keep-alive; `send_body` signs unless a signature is given."""

    def send_body(self, body, path=PATH, signature=None, **headers):
        signature = sign(body) if signature is None else signature
        self.request("POST", path, body, {"X-MemoryPro-Signature": signature,
                                          "Content-Type": "application/json", **headers})
        response = self.getresponse()
        content = response.read()
        return harness.Answer(response.status,
                              {k.lower(): v for k, v in response.getheaders()}, content)


class WebhookCase(CloudCase):
    def receiver(self, **settings):
        """A daemon in local mode, unless the settings say more, that takes webhooks."""
        return self.daemon(**self.webhook_settings(**settings))

    @staticmethod
    def webhook_settings(**settings):
        return {"MEMORYPRO_WEBHOOK_SECRET": SECRET,
                "MEMORYPRO_WEBHOOK_LISTEN": f"127.0.0.1:{free_port()}", **settings}

    @staticmethod
    def port(daemon):
        return int(daemon.settings["MEMORYPRO_WEBHOOK_LISTEN"].rpartition(":")[2])

    def sender(self, daemon):
        sender = Sender("127.0.0.1", self.port(daemon), timeout=harness.DEADLINE)
        self.addCleanup(sender.close)
        return sender

    def send(self, daemon, body, **options):
        sender = Sender("127.0.0.1", self.port(daemon), timeout=harness.DEADLINE)
        try:
            return sender.send_body(body, **options)
        finally:
            sender.close()

    def send_at_once(self, daemon, bodies):
        """The answers of senders that are all at work at the same time, in order."""
        with concurrent.futures.ThreadPoolExecutor(len(bodies)) as pool:
            return list(pool.map(lambda body: self.send(daemon, body), bodies))

    def received(self, daemon, body, **options):
        answer = self.send(daemon, body, **options)
        self.assertEqual((200, {"status": "received"}), (answer.status, answer.json), answer)

    def insights(self, daemon, count):
        """The log once it has so many entries; it must not get more."""
        def page():
            found = daemon.get("/api/v1/insights?limit=1000").json
            return found if found["total"] >= count else None
        found = harness.until(page, f"{count} insights")
        self.assertEqual(count, found["total"], found)
        return found["insights"]

    def push(self, daemon):
        return self.status(daemon)["push"]
