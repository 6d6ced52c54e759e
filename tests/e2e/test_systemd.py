"""What systemd asks of a service: notifications, the watchdog, socket activation."""
import signal
import socket

import harness
import threads
import webhook_case


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

    def test_gets_its_watchdog_fed_only_while_the_loop_and_the_writer_answer(self):
        d = self.new_daemon()
        receiver = self.notify_socket(d)
        d.spawn(NOTIFY_SOCKET=d.place / "notify", WATCHDOG_USEC=300000)
        self.heard(receiver, "READY=1")
        for thread in ("memoryprod", "writer"):
            with self.subTest(thread):
                self.heard(receiver, "WATCHDOG=1")
                try:
                    with threads.stopped(d.process.pid, thread):
                        self.assert_silent(receiver)
                        if thread != "memoryprod":
                            self.assertEqual(200, d.get("/livez").status)
                except PermissionError:
                    self.skipTest("nobody may trace here")
                self.heard(receiver, "WATCHDOG=1")

    def test_gets_its_watchdog_fed_while_reads_take_long(self):
        d = self.new_daemon()
        receiver = self.notify_socket(d)
        d.spawn(NOTIFY_SOCKET=d.place / "notify", WATCHDOG_USEC=300000)
        self.heard(receiver, "READY=1")
        try:
            with threads.stopped(d.process.pid, "reader"):
                for _ in range(5):
                    self.heard(receiver, "WATCHDOG=1")
                self.store(d, "tea")
        except PermissionError:
            self.skipTest("nobody may trace here")

    def assert_silent(self, receiver):
        """After what was on its way, nothing for several times the interval."""
        receiver.settimeout(1)
        try:
            for _ in range(5):
                receiver.recv(65536)
            self.fail("it goes on to be fed")
        except TimeoutError:
            pass
        finally:
            receiver.settimeout(harness.DEADLINE)

    def test_is_told_ready_again_after_a_reload(self):
        d = self.new_daemon()
        receiver = self.notify_socket(d)
        d.spawn(NOTIFY_SOCKET=d.place / "notify")
        self.heard(receiver, "READY=1")
        d.signal(signal.SIGHUP)
        lines = self.heard(receiver, "RELOADING=1")
        if "READY=1" not in lines:
            self.heard(receiver, "READY=1")

    def hand_over(self, d, *sockets, names=None, **settings):
        """Starts the daemon with these as descriptors 3 and on."""
        numbers = [one.fileno() for one in sockets]
        moves = " ".join(f"{3 + n}<&{10 + n}" for n in range(len(numbers)))
        saves = " ".join(f"{10 + n}<&{number}" for n, number in enumerate(numbers))
        if names:
            settings["LISTEN_FDNAMES"] = names
        return d.spawn(
            prefix=["bash", "-c", f'exec {saves}; exec {moves}; LISTEN_PID=$$ exec "$0" "$@"'],
            pass_fds=numbers, LISTEN_FDS=len(numbers), **settings)

    def unix_listener(self, d):
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.addCleanup(listener.close)
        listener.bind(str(d.socket))
        listener.listen(128)
        return listener

    def tcp_listener(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        return listener

    def test_may_hand_over_the_socket(self):
        d = self.new_daemon()
        listener = self.unix_listener(d)
        early = d.raw()  # waits in the queue until the daemon accepts
        self.addCleanup(early.close)
        early.send("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        self.hand_over(d, listener)
        self.assertEqual(200, early.answer().status)
        memory_id = self.store(d, "through the handed socket")
        self.assertEqual(0, d.stop())
        self.assertTrue(d.socket.exists(), "the socket is the service manager's")
        self.hand_over(d, listener)
        self.assertEqual(200, d.memory(memory_id).status)

    def test_who_connects_while_it_is_away_is_answered_by_the_next(self):
        d = self.new_daemon()
        listener = self.unix_listener(d)
        self.hand_over(d, listener)
        self.store(d, "before")
        self.assertEqual(0, d.stop())
        early = d.raw()
        self.addCleanup(early.close)
        early.send("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        self.hand_over(d, listener)
        self.assertEqual(200, early.answer().status)

    def test_may_hand_over_the_webhook_port(self):
        d = self.new_daemon(MEMORYPRO_WEBHOOK_SECRET=webhook_case.SECRET)
        local, port = self.unix_listener(d), self.tcp_listener()
        for _ in range(2):
            self.hand_over(d, port, local, names="webhook:api")
            sender = webhook_case.Sender("127.0.0.1", port.getsockname()[1],
                                         timeout=harness.DEADLINE)
            self.addCleanup(sender.close)
            answer = sender.send_body(webhook_case.update("They deploy on Tuesdays"))
            self.assertEqual(200, answer.status, answer)
            self.assertEqual(0, d.stop())
        self.assertIn(f"webhooks on http://127.0.0.1:{port.getsockname()[1]}/", d.log)

    def test_a_webhook_port_waits_for_its_secret(self):
        d = self.new_daemon()
        local, port = self.unix_listener(d), self.tcp_listener()
        sender = webhook_case.Sender("127.0.0.1", port.getsockname()[1], timeout=harness.DEADLINE)
        self.addCleanup(sender.close)
        sender.connect()
        self.hand_over(d, local, port, names="api:webhook")
        harness.until(d.is_ready, "the daemon is ready")
        self.assertIn("webhook socket waits", d.log)
        (d.place / "empty.env").write_text(f"MEMORYPRO_WEBHOOK_SECRET={webhook_case.SECRET}\n")
        d.signal(signal.SIGHUP)
        self.assertEqual(200, sender.send_body(webhook_case.update("now")).status)

    def test_a_socket_under_the_wrong_name_is_refused(self):
        for kind, name in ((self.tcp_listener, "api"), (None, "webhook")):
            with self.subTest(name):
                d = self.new_daemon()
                self.hand_over(d, kind() if kind else self.unix_listener(d), names=name)
                self.assertEqual(78, d.wait())
                self.assertIn(name, d.log)

    def test_handed_descriptors_for_another_process_are_ignored(self):
        d = self.new_daemon()
        d.start(LISTEN_FDS=1, LISTEN_PID=1)
        self.assertEqual(200, d.get("/livez").status)


if __name__ == "__main__":
    harness.main()
