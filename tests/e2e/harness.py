"""Starts the real daemon in a temporary place and speaks HTTP with it over its Unix socket.

The programs come by environment: MEMORYPROD and MEMORYPRO_CLI. Every wait has a deadline. When a
test fails, what its daemons logged is printed after it. A daemon that a test leaves running is
stopped with SIGTERM and has to exit with 0.
"""
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from urllib.parse import quote

DEADLINE = 60.0  # seconds; long enough for a loaded machine and a sanitizer, then it is a failure

DAEMON = os.environ.get("MEMORYPROD", "memoryprod")
CLI = os.environ.get("MEMORYPRO_CLI", "memorypro")


def environment(**settings):
    """This process's environment without its MemoryPro and systemd variables, plus `settings`."""
    kept = {key: value for key, value in os.environ.items()
            if not key.startswith(("MEMORYPRO", "XDG_", "LISTEN_", "WATCHDOG_"))
            and key not in ("NOTIFY_SOCKET", "STATE_DIRECTORY", "RUNTIME_DIRECTORY",
                            "CREDENTIALS_DIRECTORY", "NO_COLOR", "FORCE_COLOR")}
    kept.update({key: str(value) for key, value in settings.items()})
    return kept


def until(condition, what, deadline=DEADLINE):
    """Polls for what cannot be waited for; fails when it does not come."""
    end = time.monotonic() + deadline
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline} s: {what}")
        time.sleep(0.01)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {self.headers} {self.body[:2000]!r}>"


class Connection(http.client.HTTPConnection):
    """Keep-alive HTTP; `ask` sends and reads one exchange."""

    def __init__(self, path, timeout=DEADLINE):
        super().__init__("localhost", timeout=timeout)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)

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
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, content)


class Raw:
    """Bytes as the test wants them on the wire."""

    def __init__(self, path, timeout=DEADLINE):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(timeout)
        try:
            self.sock.connect(str(path))
        except OSError:
            self.sock.close()
            raise
        self.file = self.sock.makefile("rb")

    def send(self, data):
        self.sock.sendall(data.encode() if isinstance(data, str) else data)

    def answer(self, method="GET"):
        """The next answer, interim ones (1xx) included; None when the daemon closed instead."""
        line = self.file.readline()
        if not line:
            return None
        status, headers = int(line.split()[1]), {}
        while (line := self.file.readline().rstrip(b"\r\n")):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        if method == "HEAD" or status < 200 or status in (204, 304):
            return Answer(status, headers, b"")
        if "chunked" in headers.get("transfer-encoding", ""):
            body = b""
            while (size := int(self.file.readline(), 16)):
                body += self.file.read(size)
                self.file.readline()
            self.file.readline()
            return Answer(status, headers, body)
        if "content-length" in headers:
            return Answer(status, headers, self.file.read(int(headers["content-length"])))
        return Answer(status, headers, self.file.read())

    def closed(self):
        """Waits for the daemon to close; what it still sent is dropped."""
        try:
            while self.sock.recv(65536):
                pass
        except ConnectionResetError:
            pass
        return True

    def close(self):
        self.file.close()
        self.sock.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Daemon:
    """A daemon with a place of its own, which outlives its process: `start` again after `kill`."""

    def __init__(self, **settings):
        self.place = Path(tempfile.mkdtemp(prefix="mp-"))  # short: a socket path has 107 bytes
        self.data = self.place / "data"
        self.socket = self.place / "d.sock"
        self.log_path = self.place / "log"
        (self.place / "empty.env").touch()
        self.settings = {"MEMORYPRO_SOCKET": self.socket, "MEMORYPRO_DATA_DIR": self.data,
                         "HOME": self.place, **settings}
        self.process = None
        self.log_kept = ""

    def spawn(self, *arguments, prefix=(), pass_fds=(), **settings):
        """Starts the process and does not wait for it."""
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [*prefix, DAEMON, "--config", str(self.place / "empty.env"), *arguments],
                env=environment(**{**self.settings, **settings}), stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, cwd=self.place, pass_fds=pass_fds)
        return self

    def start(self, *arguments, **options):
        self.spawn(*arguments, **options)
        until(self.is_ready, "the daemon is ready")
        return self

    def is_ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the daemon ended with {self.process.returncode}:\n{self.log}")
        try:
            with Raw(self.socket) as raw:
                raw.send("GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                answer = raw.answer()
                return answer is not None and answer.status == 200
        except (FileNotFoundError, ConnectionError):
            return False

    @property
    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self):
        """The exit code; negative for a signal."""
        return self.process.wait(DEADLINE)

    def stop(self):
        self.signal(signal.SIGTERM)
        return self.wait()

    def kill(self):
        self.process.kill()
        self.process.wait(DEADLINE)

    def close(self):
        try:
            code = self.stop() if self.running else 0
        except subprocess.TimeoutExpired:
            self.kill()
            code = "no exit after SIGTERM"
        self.log_kept = self.log
        shutil.rmtree(self.place, ignore_errors=True)
        if "Sanitizer:" in self.log_kept:
            raise AssertionError("a sanitizer reported")
        if code != 0:
            raise AssertionError(f"the daemon that the test left running ended with {code}")

    def connect(self, timeout=DEADLINE):
        return Connection(self.socket, timeout)

    def raw(self, timeout=DEADLINE):
        return Raw(self.socket, timeout)

    def ask(self, method, path, body=None, headers=None):
        """One exchange on a connection of its own."""
        connection = self.connect()
        try:
            return connection.ask(method, path, body, headers)
        finally:
            connection.close()

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, body, **headers):
        return self.ask("POST", path, body, headers)

    def memory(self, memory_id):
        return self.get(memory_path(memory_id))

    def database(self):
        """The file that begins as an SQLite database does."""
        for path in sorted(self.data.rglob("*")):
            if path.is_file() and path.open("rb").read(15) == b"SQLite format 3":
                return path
        raise AssertionError(f"no database under {self.data}")


def memory_path(memory_id):
    # quote() leaves dots alone, but a path segment of dots alone means something else.
    encoded = quote(memory_id, safe="")
    return "/api/v1/memory/" + ("%2E" * len(encoded) if set(encoded) == {"."} else encoded)


class TestCase(unittest.TestCase):
    maxDiff = None

    def run(self, result=None):
        self.daemons = []
        bad = len(result.failures) + len(result.errors) if result else 0
        outcome = super().run(result)
        if result and len(result.failures) + len(result.errors) > bad:
            for daemon in self.daemons:
                print(f"\n-- {self.id()}: the daemon's log\n{daemon.log_kept}", file=sys.stderr)
        return outcome

    def new_daemon(self, **settings):
        daemon = Daemon(**settings)
        self.daemons.append(daemon)
        self.addCleanup(daemon.close)
        return daemon

    def daemon(self, **settings):
        return self.new_daemon(**settings).start()

    def store(self, daemon, content, **fields):
        answer = daemon.post("/api/v1/memory/store", {"content": content, **fields})
        self.assertEqual(201, answer.status, answer)
        return answer.json["memory_id"]

    def recall(self, daemon, query, **fields):
        answer = daemon.post("/api/v1/memory/recall", {"query": query, **fields})
        self.assertEqual(200, answer.status, answer)
        return answer.json["memories"]

    def contents(self, daemon, query, **fields):
        return [memory["content"] for memory in self.recall(daemon, query, **fields)]

    def listed(self, daemon, query=""):
        answer = daemon.get("/api/v1/memory" + query)
        self.assertEqual(200, answer.status, answer)
        return [memory["memory_id"] for memory in answer.json["memories"]]

    def assert_problem(self, answer, *statuses, field=None):
        """RFC 9457, one of `statuses`, and it names the field."""
        self.assertIn(answer.status, statuses, answer)
        self.assertEqual("application/problem+json",
                         answer.headers["content-type"].split(";")[0], answer)
        problem = answer.json
        for member in ("type", "title", "detail", "code", "request_id"):
            self.assertIsInstance(problem.get(member), str, problem)
        self.assertEqual(answer.status, problem["status"])
        for secret in ("SELECT", "INSERT", "sqlite", ".cpp"):
            self.assertNotIn(secret, problem["detail"])
        if field is not None:
            named = [error["field"] for error in problem.get("errors", [])]
            self.assertTrue(field in named or field in problem["detail"],
                            f"{field} is not named: {problem}")
        return problem


def main():
    for program in (DAEMON, CLI):
        if shutil.which(program) is None:
            sys.exit(f"{program} is missing; set MEMORYPROD and MEMORYPRO_CLI to the programs")
    unittest.main(module="__main__")
