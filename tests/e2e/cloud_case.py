"""A daemon and its cloud (the emulator): what the tests of the cloud's side share.

MEMORYPRO_E2E_SCALE divides the numbers of rows: under a sanitizer everything takes longer.
"""
import collections
import json
import os
import re
import subprocess

import harness
from emulator import Emulator
from event_stream import Collector

STORE, SYNC, IMPORT = ("/api/v1/memory/" + name for name in ("store", "sync", "import"))
SCALE = int(os.environ.get("MEMORYPRO_E2E_SCALE", "1"))


def scaled(rows, at_least=1):
    return max(rows // SCALE, at_least)


def resident(pid, field="VmHWM"):
    """Bytes of memory; by default the most that the process has had."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) << 10 for line in file if line.startswith(field + ":"))


class CloudCase(harness.TestCase):
    # ---- who takes part ----

    def new_cloud(self, **options):
        cloud = Emulator(**options)
        self.addCleanup(cloud.close)
        return cloud

    def cloud(self, **options):
        return self.new_cloud(**options).start()

    def linked(self, cloud, **settings):
        """A daemon with an account at this cloud: cloud_first, unless the settings say more.

        Polling is off, so that every request is one that the test has caused."""
        return self.daemon(**self.account(cloud, **settings))

    @staticmethod
    def account(cloud, **settings):
        return {"MEMORYPRO_API_URL": cloud.url, "MEMORYPRO_API_KEY": cloud.api_key,
                "MEMORYPRO_API_SECRET": cloud.api_secret, "MEMORYPRO_ENABLE_POLLING": "false",
                "MEMORYPRO_ENABLE_PUSH": "false", **settings}

    def hybrid(self, cloud, **settings):
        return self.linked(cloud, MEMORYPRO_CLOUD_FIRST="false", **settings)

    def events(self, daemon):
        collector = Collector(daemon)
        self.addCleanup(collector.close)
        return collector

    # ---- calls ----

    def put(self, daemon, content, state, **fields):
        """Stores; the answer has to have this sync_state."""
        answer = daemon.post(STORE, {"content": content, **fields})
        self.assertEqual(201, answer.status, answer)
        self.assertEqual(state, answer.json["sync_state"], answer)
        return answer.json["memory_id"]

    def load(self, daemon, rows):
        """Imports store bodies."""
        text = "".join(json.dumps(row) + "\n" for row in rows)
        answer = daemon.ask("POST", IMPORT, text, {"Content-Type": "application/x-ndjson"})
        self.assertEqual((200, len(rows)), (answer.status, answer.json["imported"]), answer)

    def answered(self, daemon, query, **fields):
        """The whole answer of a recall."""
        answer = daemon.post("/api/v1/memory/recall", {"query": query, **fields})
        self.assertEqual(200, answer.status, answer)
        return answer.json

    def run_cli(self, daemon, *arguments):
        return subprocess.run(
            [harness.CLI, *arguments], capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL, timeout=harness.DEADLINE * 2, cwd=daemon.place,
            env=harness.environment(MEMORYPRO_SOCKET=daemon.socket, HOME=daemon.place,
                                    MEMORYPRO_DATA_DIR=daemon.data))

    def cli(self, daemon, *arguments, code=0):
        """What it printed."""
        done = self.run_cli(daemon, *arguments)
        self.assertEqual(code, done.returncode, (arguments, done))
        return done.stdout + done.stderr

    # ---- what the daemon says ----

    @staticmethod
    def status(daemon):
        return daemon.get("/api/v1/status").json

    def waiting(self, daemon):
        queue = self.status(daemon)["queue"]
        return queue["pending"] + queue["in_flight"]

    def total(self, daemon, query=""):
        return daemon.get("/api/v1/memory" + query).json["total"]

    def items(self, daemon):
        answer = daemon.get("/api/v1/queue?limit=1000")
        self.assertEqual(200, answer.status, answer)
        return answer.json["items"]

    def metric(self, daemon, name):
        found = re.search(rf"^{re.escape(name)} (\S+)$", daemon.get("/metrics").body.decode(), re.M)
        self.assertIsNotNone(found, f"no metric {name}")
        return float(found.group(1))

    # ---- waits ----

    def until_state(self, daemon, state, deadline=harness.DEADLINE):
        harness.until(lambda: self.status(daemon)["cloud"]["state"] == state, f"state {state}",
                      deadline)

    def until_drained(self, daemon, deadline=harness.DEADLINE):
        """By itself: nothing here hastens it."""
        try:
            harness.until(lambda: self.waiting(daemon) == 0, "the queue is drained", deadline)
        except AssertionError as late:
            raise AssertionError(f"{late}: {self.status(daemon)}") from None

    def flush(self, daemon, timeout=30):
        """Tries now, whatever backoff the outage has led to, and waits."""
        answer = daemon.ask("POST", f"/api/v1/queue/flush?timeout={timeout}")
        self.assertEqual(200, answer.status, answer)
        self.assertTrue(answer.json["drained"], (answer, self.status(daemon)))

    # ---- what the cloud has ----

    def assert_once(self, cloud, contents):
        """The cloud has each of these, and nothing else, exactly once."""
        there = collections.Counter(memory["content"] for memory in cloud.memories())
        wanted = collections.Counter(contents)
        lost, doubled = wanted - there, there - wanted
        self.assertEqual((0, 0), (lost.total(), doubled.total()),
                         f"lost {lost.most_common(3)}, too many {doubled.most_common(3)}")

    def assert_order(self, cloud, scope_of, number_of):
        """Within each scope the memories arrived in the order of their numbers."""
        last = {}
        for memory in cloud.memories():
            scope, number = scope_of(memory), number_of(memory)
            self.assertGreater(number, last.get(scope, -1), f"out of order in {scope}")
            last[scope] = number
