"""Memory for an agent: the MemoryPro daemon on its Unix socket, with nothing but the standard library."""
import http.client
import json
import os
import socket
import time
import uuid


class Refused(Exception):
    """The daemon said no: the status and its words."""


class Connection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Memory:
    """Everything is stored and recalled as `agent_id`'s. Calls may be made from any thread."""

    def __init__(self, agent_id, path=None, patience=60.0):
        self.agent_id = agent_id
        self.path = path or os.environ.get("MEMORYPRO_SOCKET", "/run/memorypro/memorypro.sock")
        # Seconds that a call may take, with what it waits for a restart. More than MEMORYPRO_TIMEOUT: when the
        # cloud hangs, the daemon queues a memory after that long, and then it answers.
        self.patience = patience

    def store(self, content, **fields):
        """When this returns, the memory is safe: {"memory_id", "sync_state", …}."""
        return self._post("store", {"content": content, "agent_id": self.agent_id, **fields})

    def recall(self, question, count=3, **fields):
        """What is remembered about the question, best first."""
        return self._post("recall", {"query": question, "recall_count": count,
                                     "agent_id": self.agent_id, **fields})["memories"]

    def events(self):
        """Every event from now on as (name, data), for ever, over restarts of the daemon too."""
        last_id = None
        while True:
            try:
                for last_id, name, data in self._stream(last_id):
                    yield name, data
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(1)

    def _post(self, verb, body):
        # One key for all attempts: however often it is sent, it is stored once.
        headers = {"Content-Type": "application/json"}
        if verb == "store":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        deadline = time.monotonic() + self.patience
        while True:
            try:
                status, pause, text = self._ask("POST", f"/api/v1/memory/{verb}",
                                                json.dumps(body), headers)
                if status < 300:
                    return json.loads(text)
                if status not in (429, 503) or time.monotonic() + pause > deadline:
                    raise Refused(f"{status}: {json.loads(text)['detail']}")
            except (OSError, http.client.HTTPException):
                pause = 0.2  # it restarts, perhaps
                if time.monotonic() + pause > deadline:
                    raise
            time.sleep(pause)

    def _ask(self, method, target, body, headers):
        connection = Connection(self.path, self.patience)
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            return answer.status, float(answer.getheader("Retry-After", "1")), answer.read()
        finally:
            connection.close()

    def _stream(self, last_id):
        connection = Connection(self.path, timeout=60)  # a heartbeat comes every 15 seconds
        try:
            connection.request("GET", "/api/v1/events", headers={"Last-Event-ID": last_id} if last_id else {})
            event = {}
            for line in connection.getresponse():
                field, _, value = line.decode().rstrip("\n").partition(": ")
                if field:
                    event[field] = value
                elif "data" in event:
                    yield event["id"], event["event"], json.loads(event["data"])
                    event = {}
        finally:
            connection.close()
