"""A daemon and its cloud (the emulator): what the tests of the cloud's side share.

MEMORYPRO_E2E_SCALE divides the numbers of rows: under a sanitizer everything takes longer.
"""
import collections
import json
import os
import re
import ssl
import subprocess

import emulator
import harness
from event_stream import Collector

STORE, SYNC, IMPORT = ("/api/v1/memory/" + name for name in ("store", "sync", "import"))
SCALE = int(os.environ.get("MEMORYPRO_E2E_SCALE", "1"))


def scaled(rows, at_least=1):
    return max(rows // SCALE, at_least)


def resident(pid, field="VmHWM"):
    """Bytes of memory; by default the most that the process has had."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) << 10 for line in file if line.startswith(field + ":"))


class Cloud(emulator.Emulator):
    """An emulator; with `certificate` (its file and its key's) instead of a generated one."""
    api_key, api_secret = emulator.KEY, emulator.SECRET

    def __init__(self, host="127.0.0.1", tls=False, certificate=None):
        super().__init__(tls=tls)
        self.host = host
        self.certificate = certificate

    def spawn(self, *arguments):
        if self.certificate:
            certificate, key = self.certificate
            arguments += ("--tls", "--cert", str(certificate), "--key", str(key))
        return super().spawn(*arguments)

    @property
    def url(self):
        scheme = "https" if self.ca or self.certificate else "http"
        return f"{scheme}://{self.host}:{self.port}"

    def connect(self, timeout=harness.DEADLINE):
        context = None
        if self.ca or self.certificate:
            # The test's own way to the control endpoints: certificates are the daemon's affair.
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return emulator.Connection(self.host.strip("[]"), self.port, context, timeout)

    def fault(self, name, **settings):
        """This one from now on, and no other."""
        self.faults({"fault": name, **settings})

    def cuts_left(self):
        """Whether a fault with a count is still to come."""
        return bool(self.control("GET", "faults").json["faults"])

    def requests(self, call=None):
        """How many calls of the contract have come."""
        counted = self.state()["requests"]
        return sum(counted.values()) if call is None else counted[call]


class CloudCase(harness.TestCase):
    # ---- who takes part ----

    def cloud(self, **options):
        cloud = Cloud(**options)
        self.addCleanup(cloud.close)
        return cloud.start()

    def linked(self, cloud, **settings):
        """A daemon with an account at this cloud: cloud_first, unless the settings say more.

        Polling is off, so that every request is one that the test has caused, and so are the
        retries of calls that somebody waits for, so that nobody waits for their backoff."""
        return self.daemon(**self.account(cloud, **settings))

    @staticmethod
    def account(cloud, **settings):
        return cloud.settings(**{"MEMORYPRO_ENABLE_POLLING": "false",
                                 "MEMORYPRO_ENABLE_PUSH": "false",
                                 "MEMORYPRO_MAX_RETRIES": 0, **settings})

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

    def until_state(self, daemon, state):
        harness.until(lambda: self.status(daemon)["cloud"]["state"] == state, f"state {state}")

    def until_offline(self, daemon):
        """Without the backoff between the failures that it takes."""
        harness.until(lambda: self.status(daemon)["cloud"]["state"] == "offline" or
                      self.try_once(daemon), "it is offline")

    def until_drained(self, daemon, deadline=harness.DEADLINE):
        """By itself: nothing here hastens it."""
        try:
            harness.until(lambda: self.waiting(daemon) == 0, "the queue is drained", deadline)
        except AssertionError as late:
            raise AssertionError(f"{late}: {self.status(daemon)}") from None

    def flush(self, daemon):
        """Tries now, whatever backoff the outage has led to, until the queue is drained."""
        def drained():
            answer = daemon.ask("POST", "/api/v1/queue/flush?timeout=5")
            self.assertEqual(200, answer.status, answer)
            return answer.json["drained"]

        harness.until(drained, "a flush drains the queue")

    @staticmethod
    def try_once(daemon):
        """The next attempts come at once; None, for a condition that these lead to."""
        daemon.ask("POST", "/api/v1/queue/flush?timeout=0")

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
