"""Starts the real emulated cloud beside a test's daemon, and drives its control endpoints.

The program comes by environment: MEMORYPRO_EMULATOR. A test takes one with `emulator(test)`; it has
a place of its own that outlives its process, so that `start` after `kill` or `stop` is the same
cloud on the same port.
"""
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
from pathlib import Path

import harness

EMULATOR = os.environ.get("MEMORYPRO_EMULATOR", "memorypro-emulator")
KEY, SECRET = "the-key", "the-secret"


class Connection(http.client.HTTPConnection):
    """Keep-alive HTTP over TCP, or TLS with `context`; `ask` sends and reads one exchange."""

    def __init__(self, host, port, context=None, timeout=harness.DEADLINE):
        super().__init__(host, port, timeout=timeout)
        self.context = context

    def connect(self):
        super().connect()
        if self.context:
            self.sock = self.context.wrap_socket(self.sock, server_hostname=self.host)

    def ask(self, method, path, body=None, headers=None):
        headers = dict(headers or {})
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        if isinstance(body, str):
            body = body.encode()
        self.request(method, path, body, headers)
        response = self.getresponse()
        content = response.read()
        return harness.Answer(response.status,
                              {k.lower(): v for k, v in response.getheaders()}, content)


class Emulator:
    """An emulated cloud. `tls`: with a generated certificate, trusted by `ca`."""

    def __init__(self, *arguments, tls=False):
        self.place = Path(tempfile.mkdtemp(prefix="mpe-"))
        self.log_path = self.place / "log"
        self.port_file = self.place / "port"
        self.ca = self.place / "ca.pem" if tls else None
        self.host, self.port = "127.0.0.1", 0
        self.arguments = list(arguments)
        self.process = None
        self.log_kept = ""

    # ---- the process ----

    def spawn(self, *arguments):
        """Starts the process and does not wait for it."""
        self.port_file.unlink(missing_ok=True)
        tls = ["--tls", "--cert-out", str(self.ca)] if self.ca else []
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [EMULATOR, "--listen", f"{self.host}:{self.port}", "--api-key", KEY,
                 "--api-secret", SECRET, "--data-dir", str(self.place / "data"),
                 "--port-file", str(self.port_file), *tls, *self.arguments, *arguments],
                env=harness.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return self

    def start(self, *arguments):
        """On the port that it had before, with the memories that it had."""
        self.spawn(*arguments)
        harness.until(self.is_ready, "the emulator is ready")
        return self

    def is_ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the emulator ended with {self.process.returncode}:\n{self.log}")
        if not self.port_file.exists():
            return False
        self.port = int(self.port_file.read_text().strip().rpartition(":")[2])
        return True

    @property
    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self):
        """The exit code after SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(harness.DEADLINE)

    def kill(self):
        self.process.kill()
        self.process.wait(harness.DEADLINE)

    def restart(self):
        self.stop()
        return self.start()

    def close(self):
        try:
            code = self.stop() if self.running else 0
        except subprocess.TimeoutExpired:
            self.kill()
            code = "no exit after SIGTERM"
        self.log_kept = self.log
        shutil.rmtree(self.place, ignore_errors=True)
        if "Sanitizer:" in self.log_kept:
            raise AssertionError("a sanitizer reported about the emulator")
        if code != 0:
            raise AssertionError(f"the emulator ended with {code}")

    # ---- as a cloud ----

    @property
    def url(self):
        return f"{'https' if self.ca else 'http'}://{self.host}:{self.port}"

    def settings(self, **more):
        """A daemon's settings for this cloud."""
        trust = {"MEMORYPRO_CA_FILE": self.ca} if self.ca else {}
        return {"MEMORYPRO_API_URL": self.url, "MEMORYPRO_API_KEY": KEY,
                "MEMORYPRO_API_SECRET": SECRET, **trust, **more}

    def connect(self, timeout=harness.DEADLINE):
        context = ssl.create_default_context(cafile=str(self.ca)) if self.ca else None
        return Connection(self.host, self.port, context, timeout)

    def socket(self, timeout=harness.DEADLINE):
        """A connected socket, under TLS where the emulator speaks it."""
        connection = self.connect(timeout)
        connection.connect()
        return connection.sock

    def ask(self, method, path, body=None, headers=None, timeout=harness.DEADLINE):
        """One exchange on a connection of its own."""
        connection = self.connect(timeout)
        try:
            return connection.ask(method, path, body, headers)
        finally:
            connection.close()

    def call(self, path, body=None, method=None, key=None, timeout=harness.DEADLINE, **headers):
        """A call of the contract ("memory/store") with the account's credentials; `key`: its
        Idempotency-Key."""
        sent = {"Authorization": f"Bearer {KEY}", "X-API-Secret": SECRET, **headers}
        if key is not None:
            sent["Idempotency-Key"] = key
        method = method or ("GET" if body is None else "POST")
        return self.ask(method, f"/api/v1/{path}", body, sent, timeout)

    # ---- control ----

    def control(self, method, path, body=None):
        answer = self.ask(method, f"/emulator/{path}", body)
        if answer.status != 200:
            raise AssertionError(f"{method} /emulator/{path}: {answer}")
        return answer

    def faults(self, *faults):
        """These faults from now on and no others, as texts ("hang:path=memory/store") or dicts."""
        return self.control("POST", "faults", {"faults": list(faults)}).json["faults"]

    def clear_faults(self):
        self.control("DELETE", "faults")

    def state(self):
        return self.control("GET", "state").json

    def memories(self):
        """All that it holds, in the order of arrival."""
        lines = self.control("GET", "memories").body.splitlines()
        return [json.loads(line) for line in lines]

    def contents(self):
        return [memory["content"] for memory in self.memories()]

    def send_webhook(self, event_type, data, **more):
        """The status and body of the receiver's answer."""
        event = {"event_type": event_type, "data": data, **more}
        return self.control("POST", "webhooks/send", event).json

    def revoke(self):
        """No credentials are accepted any more."""
        self.control("POST", "credentials", {})

    def restore(self, api_key=KEY, api_secret=SECRET):
        self.control("POST", "credentials", {"api_key": api_key, "api_secret": api_secret})


def emulator(test, *arguments, tls=False):
    """A running one until the test's end."""
    made = Emulator(*arguments, tls=tls)
    test.addCleanup(made.close)
    return made.start()
