"""A daemon that answers each request with the next answer of a script, whatever it asks."""
import json
import os
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

CLI = os.environ.get("MEMORYPRO_CLI", "memorypro")
DEADLINE = 60.0


class Request:
    def __init__(self, head, body):
        lines = head.decode().split("\r\n")
        self.method, self.target, _ = lines[0].split(" ")
        self.headers = {name.lower(): value for name, value in
                        (line.split(": ", 1) for line in lines[1:] if line)}
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)


def answer(status=200, body=b"{}", **headers):
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def problem(status, detail, errors=(), **headers):
    return answer(status, {"title": "X", "status": status, "detail": detail,
                           "errors": list(errors)}, **headers)


def chunked(*chunks, end=True, head=b""):
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + head + b"\r\n" + body
            + (b"0\r\n\r\n" if end else b""))


class Script:
    """Items are bytes to answer with; CLOSE ends the connection, SILENCE reads and never answers;
    EARLY followed by bytes answers after the head alone, and ends the connection."""
    CLOSE, SILENCE, EARLY = object(), object(), object()

    def __init__(self, path, items):
        self.requests = []
        self.pause = 0.0  # before each answer
        self.failure = None
        self.items = list(items)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(path))
        self.listener.listen()
        self.listener.settimeout(DEADLINE)
        self.released = threading.Event()
        self.hung_up = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        try:
            while self.items:
                peer, _ = self.listener.accept()
                with peer:
                    peer.settimeout(DEADLINE)
                    with peer.makefile("rb") as stream:
                        self.serve(peer, stream)
                self.hung_up.set()
        except OSError as error:
            self.failure = error

    def serve(self, peer, stream):
        while self.items:
            if self.items[0] is self.CLOSE:
                self.items.pop(0)
                return
            head = self.read_head(stream)
            if head is None:
                return
            item = self.items.pop(0)
            if item is self.EARLY:
                peer.sendall(self.items.pop(0))
                return
            self.requests.append(Request(head, self.read_body(head, stream)))
            if item is self.SILENCE:
                self.released.wait(DEADLINE)
                return
            time.sleep(self.pause)
            peer.sendall(item)

    @staticmethod
    def read_head(stream):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = stream.readline()
            if not line:
                return None
            head += line
        return head

    @staticmethod
    def read_body(head, stream):
        lower = head.lower()
        if b"transfer-encoding: chunked" in lower:
            body = b""
            while size := int(stream.readline(), 16):
                body += stream.read(size)
                stream.readline()
            stream.readline()
            return body
        if b"content-length: " in lower:
            return stream.read(int(lower.split(b"content-length: ")[1].split(b"\r\n")[0]))
        return b""

    def close(self):
        self.released.set()
        self.listener.close()


class TestCase(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.place = Path(holder.name)
        self.socket = self.place / "scripted.sock"

    def script(self, *items):
        script = Script(self.socket, items)
        self.addCleanup(script.close)
        return script

    def environment(self, **settings):
        kept = {key: value for key, value in os.environ.items()
                if not key.startswith(("MEMORYPRO", "XDG_")) and key != "RUNTIME_DIRECTORY"}
        return {**kept, "HOME": str(self.place), "MEMORYPRO_SOCKET": str(self.socket), **settings}

    def cli(self, *arguments, text="", **settings):
        return subprocess.run([CLI, *map(str, arguments)], input=text, text=True,
                              capture_output=True, env=self.environment(**settings),
                              timeout=DEADLINE, check=False)
