"""What systemd asks of a service: notifications, the watchdog, socket activation."""
import signal
import socket

import harness


class Systemd(harness.TestCase):
    def notify_socket(self, d):
        receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(receiver.close)
        receiver.settimeout(harness.DEADLINE)
        receiver.bind(str(d.place / "notify"))
        return receiver

    def heard(self, receiver, wanted):
        while True:
            lines = receiver.recv(65536).decode().splitlines()
            if wanted in lines:
                return lines

    def test_is_told_ready_and_stopping(self):
        d = self.new_daemon()
        receiver = self.notify_socket(d)
        d.spawn(NOTIFY_SOCKET=d.place / "notify")
        self.heard(receiver, "READY=1")
        self.assertEqual(200, d.get("/readyz").status)
        d.signal(signal.SIGTERM)
        self.heard(receiver, "STOPPING=1")
        self.assertEqual(0, d.wait())

    def test_gets_its_watchdog_fed(self):
        d = self.new_daemon()
        receiver = self.notify_socket(d)
        d.spawn(NOTIFY_SOCKET=d.place / "notify", WATCHDOG_USEC=1000000)
        self.heard(receiver, "READY=1")
        for _ in range(3):
            self.heard(receiver, "WATCHDOG=1")

    def test_is_told_ready_again_after_a_reload(self):
        d = self.new_daemon()
        receiver = self.notify_socket(d)
        d.spawn(NOTIFY_SOCKET=d.place / "notify")
        self.heard(receiver, "READY=1")
        d.signal(signal.SIGHUP)
        lines = self.heard(receiver, "RELOADING=1")
        if "READY=1" not in lines:
            self.heard(receiver, "READY=1")

    def test_may_hand_over_the_socket(self):
        d = self.new_daemon()
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.addCleanup(listener.close)
        listener.bind(str(d.socket))
        listener.listen(128)
        early = d.raw()  # waits in the queue until the daemon accepts
        self.addCleanup(early.close)
        early.send("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        number = listener.fileno()
        d.start(prefix=["bash", "-c", f'exec 3<&{number}; LISTEN_PID=$$ exec "$0" "$@"'],
                pass_fds=(number,), LISTEN_FDS=1)
        self.assertEqual(200, early.answer().status)
        memory_id = self.store(d, "through the handed socket")
        self.assertEqual(0, d.stop())
        self.assertTrue(d.socket.exists(), "the socket is the service manager's")
        d.start(prefix=["bash", "-c", f'exec 3<&{number}; LISTEN_PID=$$ exec "$0" "$@"'],
                pass_fds=(number,), LISTEN_FDS=1)
        self.assertEqual(200, d.memory(memory_id).status)

    def test_handed_descriptors_for_another_process_are_ignored(self):
        d = self.new_daemon()
        d.start(LISTEN_FDS=1, LISTEN_PID=1)
        self.assertEqual(200, d.get("/livez").status)


if __name__ == "__main__":
    harness.main()
