"""Slow, idle and too many clients: cut off, bounded, and harmless to the others."""
import pathlib
import resource
import select
import socket
import threading
import time

import harness

CUT_OFF = 150.0  # seconds within which any client that does not do its part is gone


def watched_by_tsan():
    return b"__tsan_init" in pathlib.Path(harness.DAEMON).read_bytes()


def resident_bytes(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


class SlowClients(harness.TestCase):
    def test_are_cut_off_while_others_are_served(self):
        """All kinds wait at the same time, since each takes its deadline to be cut off."""
        d = self.daemon()
        lines = "".join('{"content":"%s"}\n' % ("x" * 4000) for _ in range(4000))
        d.ask("POST", "/api/v1/memory/import", lines, {"Content-Type": "application/x-ndjson"})
        post = "POST /api/v1/memory/{} HTTP/1.1\r\nHost: x\r\nContent-Type: {}\r\n"
        beginnings = {
            "says nothing": "",
            "stops in the request line": "GET /liv",
            "stops in the headers": "GET /livez HTTP/1.1\r\nHost: x\r\n",
            "stops in the body": post.format("store", "application/json")
                                 + 'Content-Length: 100\r\n\r\n{"content":',
            "stops in a chunk": post.format("store", "application/json")
                                + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"c",
            "stops in an import": post.format("import", "application/x-ndjson")
                                  + 'Content-Length: 9999\r\n\r\n{"content":"x"}\n{"con',
            "idles after a request": "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n",
            "trickles its headers": "GET /livez HTTP/1.1\r\n",
            "trickles its body": post.format("store", "application/json")
                                 + "Content-Length: 100000\r\n\r\n",
        }
        clients = {}
        for kind, text in beginnings.items():
            raw = d.raw()
            self.addCleanup(raw.close)
            raw.send(text)
            clients[raw.sock] = kind
        # Asks for far more than the socket buffers hold and never reads.
        greedy = d.raw()
        self.addCleanup(greedy.close)
        greedy.send("GET /api/v1/memory/export HTTP/1.1\r\nHost: x\r\n\r\n" * 3)

        end = time.monotonic() + CUT_OFF
        while clients and time.monotonic() < end:
            readable, _, _ = select.select(list(clients), [], [], 1.0)
            for client in readable:
                try:
                    gone = not client.recv(65536)
                except ConnectionResetError:
                    gone = True
                if gone:
                    del clients[client]
            for client, kind in list(clients.items()):
                if kind.startswith("trickles"):
                    try:
                        client.send(b"x")
                    except OSError:
                        del clients[client]
            self.assertEqual(200, d.get("/livez").status)
        self.assertEqual([], sorted(clients.values()), "still connected")
        harness.until(lambda: self.gone(greedy.sock), "the client that never reads is cut off",
                      CUT_OFF)

    @staticmethod
    def gone(client):
        poll = select.poll()
        poll.register(client, select.POLLHUP | select.POLLRDHUP)
        return bool(poll.poll(0))


class ManyClients(harness.TestCase):
    def setUp(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 8192 if hard == resource.RLIM_INFINITY else min(8192, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        self.most = min(4000, max(soft, wanted) - 200)

    def crowd(self, d, text=""):
        clients = []
        self.addCleanup(lambda: [client.close() for client in clients])
        for _ in range(self.most):
            client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            client.settimeout(5)
            try:
                client.connect(str(d.socket))
                client.sendall(text.encode())
            except OSError:
                client.close()  # refused, which is one way to be bounded
                continue
            clients.append(client)
        return clients

    def test_are_bounded_in_number_and_the_rest_is_served_when_they_leave(self):
        d = self.daemon()
        clients = self.crowd(d)
        # Those beyond the bound are answered 503 and closed, or wait unaccepted.
        descriptors = len(list(harness.Path(f"/proc/{d.process.pid}/fd").iterdir()))
        self.assertLess(descriptors, 2000)
        for client in clients:
            client.close()
        harness.until(lambda: d.get("/livez").status == 200, "served after the crowd left")
        self.assertEqual(201, d.post("/api/v1/memory/store", {"content": "x"}).status)

    def test_one_refused_for_the_number_is_told_so(self):
        d = self.daemon()
        self.crowd(d)
        answer = None
        with d.raw() as raw:
            try:
                raw.send("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
                answer = raw.answer()
            except (ConnectionError, TimeoutError):
                pass
        if answer is not None:
            self.assert_problem(answer, 503)
            self.assertIn("retry-after", answer.headers)

    def test_are_bounded_in_memory(self):
        """Many large bodies that never end take a bounded part of the memory."""
        d = self.daemon(ASAN_OPTIONS="quarantine_size_mb=8")  # else what is freed counts too
        before = resident_bytes(d.process.pid)
        head = ("POST /api/v1/memory/store HTTP/1.1\r\nHost: x\r\n"
                "Content-Type: application/json\r\nContent-Length: 4000000\r\n\r\n"
                '{"content":"').encode()
        piece, clients = b"x" * 65536, []

        def push():
            for _ in range(25):
                client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                clients.append(client)
                client.settimeout(2)
                try:
                    client.connect(str(d.socket))
                    client.sendall(head)
                    for _ in range(45):
                        client.sendall(piece)
                except OSError:
                    pass  # refused or not read further: that is the bound

        threads = [threading.Thread(target=push) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(harness.DEADLINE)
        grown = resident_bytes(d.process.pid) - before
        for client in clients:
            client.close()
        # 200 clients sent 590 MB. ThreadSanitizer keeps four times what it watches.
        self.assertLess(grown, (400 << 20) * (4 if watched_by_tsan() else 1))
        harness.until(lambda: d.post("/api/v1/memory/store", {"content": "x"}).status == 201,
                      "stores work after the flood")


if __name__ == "__main__":
    harness.main()
