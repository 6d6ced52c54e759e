"""A tiny CONNECT proxy, and a listener that keeps what it is sent."""
import select
import socket
import threading

import harness


class Listener:
    """Accepts on 127.0.0.1 and hands each connection to `serve` in a thread of its own."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.closing = False
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while not self.closing:
            try:
                peer, _ = self.server.accept()
            except OSError:
                return
            peer.settimeout(harness.DEADLINE)
            threading.Thread(target=self.served, args=(peer,), daemon=True).start()

    def served(self, peer):
        with peer:
            try:
                self.serve(peer)
            except OSError:
                pass

    def close(self):
        self.closing = True
        self.server.close()


class Recorder(Listener):
    """Never answers; `received` is all that came."""

    def __init__(self):
        self.received = b""
        super().__init__()

    def serve(self, peer):
        while (data := peer.recv(65536)):
            self.received += data


class ConnectProxy(Listener):
    """Tunnels CONNECT wherever it was asked for to `target`; with `status` it refuses."""

    def __init__(self, target, status=200, authorization=None):
        self.target, self.status, self.authorization = target, status, authorization
        self.asked = []  # (request line, headers) of each connection
        super().__init__()

    def serve(self, peer):
        head = b""
        while b"\r\n\r\n" not in head:
            more = peer.recv(4096)
            if not more:
                return
            head += more
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, value in
                   (line.split(": ", 1) for line in lines[1:] if ": " in line)}
        self.asked.append((lines[0], headers))
        if self.status != 200:
            peer.sendall(f"HTTP/1.1 {self.status} No\r\nContent-Length: 0\r\n\r\n".encode())
            return
        with socket.create_connection(self.target, harness.DEADLINE) as upstream:
            peer.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self.pump(peer, upstream)

    @staticmethod
    def pump(one, other):
        to = {one: other, other: one}
        while True:
            for ready in select.select(list(to), [], [], harness.DEADLINE)[0]:
                data = ready.recv(65536)
                if not data:
                    return
                to[ready].sendall(data)
