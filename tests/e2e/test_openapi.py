"""What the daemon answers is what its description says, for each operation and each answer."""
import json

import harness
from cloud_case import STORE
from description import Description
from event_stream import Stream
from webhook_case import PATH as WEBHOOK, WebhookCase, event, sign, update

ONE = "/api/v1/memory/{id}"
NDJSON = {"Content-Type": "application/x-ndjson"}

# What a sound daemon with room on its disk does not answer, but where a test below makes it.
RARE = {"500", "503", "507"}


class Answers(WebhookCase):
    def setUp(self):
        self.d = self.receiver(MEMORYPRO_MAX_CONTENT_BYTES="64K")
        self.description = Description(self.d.get("/openapi.json").json)

    def check(self, answer, method, path, status):
        self.assertEqual(status, answer.status, (method, path, answer))
        with self.subTest(method=method, path=path, status=status):
            self.assertEqual([], self.description.problems(method, path, answer), answer)
        return answer

    def ask(self, status, method, path, body=None, headers=None, query="", daemon=None, **captures):
        target = path
        for name, value in captures.items():
            target = target.replace("{" + name + "}", value)
        answer = (daemon or self.d).ask(method, target + query, body, headers)
        return self.check(answer, method, path, status)

    def ask_badly(self, method, path, right, **captures):
        """Every way in which a JSON body can be wrong."""
        text = {"Content-Type": "application/json"}
        self.ask(400, method, path, "{", text, **captures)
        self.ask(413, method, path, json.dumps({**right, "x": "x" * (1 << 20)}), text, **captures)
        self.ask(415, method, path, "x", {"Content-Type": "text/plain"}, **captures)
        self.ask(422, method, path, {**right, next(iter(right)): 7}, **captures)

    def ask_for_pages(self, path):
        self.ask(200, "GET", path, query="?limit=1")
        self.ask(400, "GET", path, query="?limit=%zz")
        self.ask(422, "GET", path, query="?limit=0")

    def test_each_described_answer_is_as_described(self):
        self.memories()
        self.transfer()
        self.insights()
        self.queue()
        self.service()
        self.webhook()
        self.away()
        self.full()
        common = {answer for answer in self.description.described() if answer[2] not in RARE}
        self.assertEqual(set(), common - set(self.description.seen), "described and never seen")

    def memories(self):
        whole = {"content": "green tea", "metadata": {"a": [1]}, "user_id": "ada", "tags": ["x"],
                 "priority": "high", "timestamp": "2025-05-17T08:30", "colour": "red"}
        key = {"Idempotency-Key": "k"}
        for _ in range(2):
            stored = self.ask(201, "POST", STORE, whole, key).json["memory_id"]
        self.ask_badly("POST", STORE, {"content": "x"})
        self.ask(422, "POST", STORE, {"content": "other"}, key)

        sync = "/api/v1/memory/sync"
        self.ask(200, "POST", sync, {"local_memory_id": "mine", "content": "black tea"})
        self.ask_badly("POST", sync, {"local_memory_id": "mine", "content": "x"})

        recall = "/api/v1/memory/recall"
        hits = self.ask(200, "POST", recall, {"query": "tea", "explain": True}).json["memories"]
        self.assertEqual(2, len(hits))
        self.ask_badly("POST", recall, {"query": "x"})

        self.ask_for_pages("/api/v1/memory")
        self.ask(200, "GET", ONE, id=stored)
        self.ask(404, "GET", ONE, id="none")
        self.ask(200, "PATCH", ONE, {"archived": True}, id=stored)
        self.ask(404, "PATCH", ONE, {"archived": True}, id="none")
        self.ask_badly("PATCH", ONE, {"content": "x"}, id=stored)
        self.ask(200, "DELETE", ONE, id=stored)
        self.ask(404, "DELETE", ONE, id=stored)

    def transfer(self):
        path = "/api/v1/memory/import"
        self.ask(200, "POST", path, '{"content":"a"}\n{"content":7}\n', NDJSON)
        self.ask(415, "POST", path, "x", {"Content-Type": "image/png"})
        with self.d.raw() as raw:
            raw.send(f"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
            self.check(raw.answer(), "POST", path, 400)
        for path in ("/api/v1/memory/export", "/api/v1/backup"):
            self.ask(200, "GET", path)
            self.ask(400, "GET", path, query="?%zz")
            self.ask(422, "GET", path, query="?user_id=x")
        export = self.d.get("/api/v1/memory/export").body.splitlines()
        schema = {"$ref": "#/components/schemas/Memory"}
        for line in export:
            self.assertEqual([], self.description.against(schema, json.loads(line), "a line"))

    def insights(self):
        path = "/api/v1/memory/insights"
        self.ask(200, "GET", path)
        self.ask(400, "GET", path, query="?%zz")
        self.ask(422, "GET", path, query="?x=1")

        recommended = [{"action": "delete", "memory_ids": ["mine"], "reason": "old"},
                       {"action": "delete", "memory_ids": ["none"]}, {"action": "merge"}]
        self.received(self.d, event("lifecycle_recommendations", recommendations=recommended))
        self.received(self.d, update("tea in the morning"))
        self.received(self.d, event("memory_insights", insights={"memory_health_score": 0.9}))
        self.received(self.d, b'{"unheard":"of"}')
        self.received(self.d, json.dumps({"discovered_actions": [
            {"type": "task", "title": "Buy tea", "memory_id": "mine"}, {"title": "x"}]}).encode())
        kinds = {one["kind"] for one in super().insights(self.d, 8)}
        self.assertEqual(5, len(kinds), "of each kind one")
        self.ask_for_pages("/api/v1/insights")
        self.ask(200, "GET", "/api/v1/insights")

        self.ask_for_pages("/api/v1/recommendations")
        merge, other, first = (one["id"] for one in self.ask(
            200, "GET", "/api/v1/recommendations").json["recommendations"])
        apply, dismiss = (f"/api/v1/recommendations/{{id}}/{verb}" for verb in ("apply", "dismiss"))
        for path, id, opposite in ((apply, first, dismiss), (dismiss, other, apply)):
            self.ask(400, "POST", path, query="?%zz", id=id)
            self.ask(422, "POST", path, query="?x=1", id=id)
            self.ask(404, "POST", path, id="none")
            self.ask(200, "POST", path, id=id)
            self.ask(409, "POST", opposite, id=id)
        self.ask(422, "POST", apply, id=merge)

        self.ask_for_pages("/api/v1/actions")
        actions = self.ask(200, "GET", "/api/v1/actions").json["actions"]
        path, status = "/api/v1/actions/{id}", {"status": "completed"}
        self.ask(200, "PATCH", path, status, id=actions[0]["id"])
        self.ask(404, "PATCH", path, status, id="none")
        self.ask_badly("PATCH", path, status, id=actions[0]["id"])

    def queue(self):
        path, item = "/api/v1/queue", "/api/v1/queue/{id}"
        self.ask_for_pages(path)
        self.ask(422, "POST", path)  # there is no cloud
        self.ask(400, "POST", path, query="?%zz")
        flush = path + "/flush"
        self.ask(200, "POST", flush)
        self.ask(400, "POST", flush, query="?%zz")
        self.ask(422, "POST", flush, query="?timeout=x")

        cloud = self.cloud()
        cloud.fault("reject", matching="poison", detail="no")
        d = self.hybrid(cloud)
        self.put(d, "poison", "queued")
        [dead] = harness.until(lambda: [i for i in self.items(d) if i["state"] == "dead"], "dead")
        self.put(d, "fine", "queued")
        self.ask(200, "GET", path, daemon=d)
        self.ask(200, "POST", path, daemon=d)
        self.ask(200, "GET", item, daemon=d, id=dead["id"])
        self.ask(200, "POST", item + "/retry", daemon=d, id=dead["id"])
        self.ask(200, "DELETE", item, daemon=d, id=dead["id"])
        for method, of in (("GET", item), ("DELETE", item), ("POST", item + "/retry")):
            self.ask(404, method, of, daemon=d, id=dead["id"])
        self.ask(200, "POST", "/api/v1/memory/recall", {"query": "poison"}, daemon=d)
        self.ask(200, "GET", "/api/v1/memory/insights", daemon=d)
        self.ask(200, "GET", "/api/v1/status", daemon=d)

    def service(self):
        for path in ("/api/v1/status", "/api/v1/capabilities", "/livez", "/metrics",
                     "/openapi.json"):
            self.ask(200, "GET", path)
        for query in ("", "?verbose"):
            self.ask(200, "GET", "/readyz", query=query)
        path = "/api/v1/index/rebuild"
        self.ask(202, "POST", path)
        self.ask(400, "POST", path, query="?%zz")
        self.ask(422, "POST", path, query="?x=1")
        path = "/api/v1/events"
        self.ask(422, "GET", path, headers={"Last-Event-ID": "x"})
        stream = Stream(self.d)
        self.addCleanup(stream.raw.close)
        self.check(harness.Answer(stream.status, stream.headers, b""), "GET", path, 200)

    def webhook(self):
        def send(status, body, **options):
            self.check(self.send(self.d, body, **options), "POST", WEBHOOK, status)
        send(200, b'{"event_type":"webhook_test"}')
        send(200, b'{"event_type":"webhook_test"}')  # a repeat
        send(400, b"[1]")
        send(401, b"{}", signature=sign(b"{}", "another"))
        send(413, b" " * (2 << 20))

    def away(self):
        cloud = self.cloud()
        d = self.linked(cloud, MEMORYPRO_LOCAL_FALLBACK="false")
        cloud.fault("reject", detail="no")
        self.ask(422, "POST", STORE, {"content": "x"}, daemon=d)
        cloud.kill()
        self.ask(503, "POST", STORE, {"content": "x"}, daemon=d)
        self.ask(503, "POST", "/api/v1/memory/recall", {"query": "x"}, daemon=d)
        self.ask(503, "GET", "/api/v1/memory/insights", daemon=d)
        harness.until(lambda: d.post(STORE, {"content": "x"}).status == 503
                      and d.get("/readyz").status == 503, "the cloud is known to be away")
        self.ask(503, "GET", "/readyz", daemon=d)
        self.ask(200, "GET", "/api/v1/status", daemon=d)

    def full(self):
        cloud = self.cloud()
        d = self.hybrid(cloud, MEMORYPRO_QUEUE_MAX_BYTES="10")
        self.ask(507, "POST", STORE, {"content": "longer than ten bytes"}, daemon=d)


if __name__ == "__main__":
    harness.main()
