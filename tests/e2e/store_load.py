"""Stores without a pause until its standard input ends, then prints what became of it, as JSON.

Half of the clients connect for each store, half keep their connection. A connection that the
daemon has closed between two requests refuses what is sent (EPIPE): the client connects again, as
any does. A request that was sent and not answered has failed, and so has a connection that is refused.
"""
import http.client
import json
import socket
import sys
import threading

CLIENTS = 8


class Connection(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(60)
        self.sock.connect(sys.argv[1])


class Client(threading.Thread):
    def __init__(self, number, ended):
        super().__init__()
        self.number, self.ended, self.keeps = number, ended, number % 2 == 0
        self.stored, self.failed, self.connections, self.reconnected = [], [], 0, 0
        self.connection = None

    def run(self):
        count = 0
        while not self.ended.is_set():
            text = f"load {self.number} {count}"
            count += 1
            try:
                self.stored.append((self.store(text), text))
            except (OSError, http.client.HTTPException, ValueError, KeyError) as failure:
                self.failed.append(f"{text}: {failure!r}")
                self.connection = None

    def store(self, text):
        if self.connection is None:
            self.connect()
        body = json.dumps({"content": text}).encode()
        try:
            self.send(body)
        except BrokenPipeError:
            if not self.connection.used:
                raise
            self.reconnected += 1
            self.connect()
            self.send(body)
        answer = self.connection.getresponse()
        content = json.loads(answer.read())
        self.connection.used = True
        if not self.keeps or answer.will_close:
            self.connection.close()
            self.connection = None
        if answer.status != 201:
            raise ValueError(f"{answer.status} {content}")
        return content["memory_id"]

    def connect(self):
        self.connection = Connection("localhost")
        self.connection.used = False
        self.connection.connect()
        self.connections += 1

    def send(self, body):
        self.connection.request("POST", "/api/v1/memory/store", body,
                                {"Content-Type": "application/json"})


def main():
    ended = threading.Event()
    clients = [Client(number, ended) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    sys.stdin.read()
    ended.set()
    for client in clients:
        client.join()
    json.dump({"stored": [one for client in clients for one in client.stored],
               "failed": [one for client in clients for one in client.failed],
               "connections": sum(client.connections for client in clients),
               "reconnected": sum(client.reconnected for client in clients)}, sys.stdout)


if __name__ == "__main__":
    main()
