"""Reads GET /api/v1/events."""
import json
import threading

import harness


class Stream:
    def __init__(self, daemon, last_id=None):
        self.raw = daemon.raw()
        resume = "" if last_id is None else f"Last-Event-ID: {last_id}\r\n"
        self.raw.send(f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\n{resume}\r\n")
        self.status = int(self.raw.file.readline().split()[1])
        self.headers = {}
        while (line := self.raw.file.readline().rstrip(b"\r\n")):
            name, _, value = line.decode().partition(":")
            self.headers[name.lower()] = value.strip()
        self.chunked = self.headers.get("transfer-encoding") == "chunked"
        self.pending = b""

    def line(self):
        while b"\n" not in self.pending:
            if self.chunked:
                size = int(self.raw.file.readline(), 16)
                if not size:
                    raise EOFError
                self.pending += self.raw.file.read(size)
                self.raw.file.readline()
            else:
                more = self.raw.file.readline()
                if not more:
                    raise EOFError
                self.pending += more
        line, _, self.pending = self.pending.partition(b"\n")
        return line.rstrip(b"\r").decode()

    def next(self):
        """(id, name, data) of the next event; comments are skipped."""
        fields = {}
        while True:
            line = self.line()
            if not line and "data" in fields:
                return int(fields["id"]), fields["event"], json.loads(fields["data"])
            if not line:
                fields = {}
            elif not line.startswith(":"):
                name, _, value = line.partition(":")
                fields[name] = value.removeprefix(" ")


class Collector:
    """Every event from now on, read by a thread until the daemon or `close` ends the stream."""

    def __init__(self, daemon):
        self.seen = []  # (name, data), in their order
        self.stream = Stream(daemon)
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        try:
            while True:
                _, name, data = self.stream.next()
                self.seen.append((name, data))
        except (EOFError, OSError, ValueError):
            pass

    def named(self, name):
        return [data for seen, data in list(self.seen) if seen == name]

    def until(self, name, count=1, deadline=harness.DEADLINE):
        harness.until(lambda: len(self.named(name)) >= count, f"{count} events {name}", deadline)
        return self.named(name)

    def close(self):
        try:
            self.stream.raw.sock.shutdown(harness.socket.SHUT_RDWR)
        except OSError:
            pass
        self.thread.join(harness.DEADLINE)
        self.stream.raw.close()
