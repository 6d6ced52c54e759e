"""The socket file, a second daemon, and signals."""
import os
import signal
import stat
import time

import harness

IMPORT_HEAD = ("POST /api/v1/memory/import HTTP/1.1\r\nHost: x\r\n"
               "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n")


def chunk(text):
    return f"{len(text):x}\r\n{text}\r\n"


class SocketFile(harness.TestCase):
    def test_has_the_mode_that_was_asked_for(self):
        for mode, expected in ((None, 0o660), ("0600", 0o600), ("0666", 0o666)):
            d = self.daemon(**({"MEMORYPRO_SOCKET_MODE": mode} if mode else {}))
            found = d.socket.lstat()
            self.assertTrue(stat.S_ISSOCK(found.st_mode))
            self.assertEqual(oct(expected), oct(stat.S_IMODE(found.st_mode)))

    def test_the_directory_made_for_it_lets_through_who_may_connect(self):
        for mode, expected in (("0600", 0o700), ("0660", 0o710), ("0666", 0o711)):
            d = self.new_daemon(MEMORYPRO_SOCKET_MODE=mode)
            d.socket = d.place / "run/d.sock"
            d.start(MEMORYPRO_SOCKET=d.socket)
            self.assertEqual(oct(expected), oct(stat.S_IMODE(d.socket.parent.stat().st_mode)))

    def test_a_directory_that_is_there_keeps_its_mode(self):
        d = self.new_daemon(MEMORYPRO_SOCKET_MODE="0660")
        d.socket = d.place / "run/d.sock"
        d.socket.parent.mkdir()
        d.socket.parent.chmod(0o2750)
        d.start(MEMORYPRO_SOCKET=d.socket)
        self.assertEqual(0o2750, stat.S_IMODE(d.socket.parent.stat().st_mode))

    def test_is_removed_by_a_clean_stop_and_the_data_directory_is_private(self):
        d = self.daemon()
        self.assertEqual(0o700, stat.S_IMODE(d.data.stat().st_mode))
        self.assertEqual(0, d.stop())
        self.assertFalse(d.socket.exists())

    def test_a_stale_one_is_replaced(self):
        d = self.daemon()
        d.kill()
        self.assertTrue(d.socket.exists(), "the kill left it behind")
        d.start()
        self.assertEqual(200, d.get("/livez").status)

    def assert_refuses_to_start(self, d, *words):
        d.spawn()
        code = d.wait()
        self.assertIn(code, range(1, 127), d.log)
        for word in words:
            self.assertIn(word, d.log)
        d.process = None

    def test_a_path_that_is_not_a_socket_is_never_removed(self):
        d = self.new_daemon()
        d.socket.write_text("precious")
        self.assert_refuses_to_start(d, str(d.socket))
        self.assertEqual("precious", d.socket.read_text())
        d.socket.unlink()
        d.socket.mkdir()
        self.assert_refuses_to_start(d, str(d.socket))
        self.assertTrue(d.socket.is_dir())
        d.socket.rmdir()
        target = d.place / "target"
        target.write_text("precious")
        d.socket.symlink_to(target)
        self.assert_refuses_to_start(d, str(d.socket))
        self.assertEqual("precious", target.read_text())

    def test_one_in_use_is_left_to_its_daemon(self):
        first = self.daemon()
        second = self.new_daemon(MEMORYPRO_SOCKET=first.socket)
        self.assert_refuses_to_start(second, str(first.socket))
        self.assertEqual(200, first.get("/livez").status)

    def test_a_second_daemon_on_the_same_data_is_refused(self):
        first = self.daemon()
        memory_id = self.store(first, "mine")
        second = self.new_daemon(MEMORYPRO_DATA_DIR=first.data)
        self.assert_refuses_to_start(second, str(first.data))
        self.assertFalse(second.socket.exists())
        self.assertEqual("mine", first.memory(memory_id).json["content"])

    def test_a_killed_daemon_leaves_no_lock(self):
        d = self.daemon()
        memory_id = self.store(d, "mine")
        d.kill()
        d.start()
        self.assertEqual("mine", d.memory(memory_id).json["content"])


class Files(harness.TestCase):
    def test_are_the_owners_alone_in_a_directory_that_others_may_enter(self):
        d = self.new_daemon()
        d.data.mkdir()
        d.data.chmod(0o755)
        before = os.umask(0o022)
        try:
            d.start()
        finally:
            os.umask(before)
        self.store(d, "private")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in d.data.iterdir()}
        for suffix in ("", "-wal", "-shm"):
            self.assertIn(d.database().name + suffix, modes)
        self.assertEqual({}, {name: oct(mode) for name, mode in modes.items() if mode & 0o077})


class Signals(harness.TestCase):
    def in_flight(self, d):
        """A connection with a request whose body is only half sent, and known to be read."""
        raw = d.raw()
        self.addCleanup(raw.close)
        before = d.get("/api/v1/status").json["store"]["memories"]
        lines = "".join('{"content":"line %d"}\n' % number for number in range(5000))
        raw.send(IMPORT_HEAD + chunk(lines))
        harness.until(lambda: d.get("/api/v1/status").json["store"]["memories"] > before,
                      "the import has begun")
        return raw

    def test_sigterm_and_sigint_stop_with_0(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            d = self.daemon()
            self.store(d, "x")
            d.signal(number)
            self.assertEqual(0, d.wait())

    def test_sigterm_answers_what_is_in_flight_and_accepts_no_more(self):
        d = self.daemon()
        raw = self.in_flight(d)
        d.signal(signal.SIGTERM)

        def refused():
            try:
                d.raw().close()
            except OSError:
                return True
            return False

        harness.until(refused, "no new connections")
        self.assertTrue(d.running)
        raw.send(chunk('{"content":"the last line"}\n') + "0\r\n\r\n")
        answer = raw.answer()
        self.assertEqual((200, 5001), (answer.status, answer.json["imported"]), answer)
        self.assertEqual(0, d.wait())
        d.start()
        self.assertEqual(["the last line"], self.contents(d, "last"))

    def test_sigterm_cuts_off_what_never_ends_and_still_exits_with_0(self):
        d = self.daemon()
        raw = self.in_flight(d)
        d.signal(signal.SIGTERM)
        self.assertEqual(0, d.wait())
        raw.closed()

    def test_an_event_stream_does_not_hold_up_the_stop(self):
        d = self.daemon()
        with d.raw() as raw:
            raw.send("GET /api/v1/events HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertIn(b"200", raw.file.readline())
            began = time.monotonic()
            self.assertEqual(0, d.stop())
            # The patience with requests in flight is 10 s; a stream is not one.
            self.assertLess(time.monotonic() - began, 9)
            self.assertTrue(raw.closed())

    def test_idle_connections_do_not_hold_up_the_stop(self):
        d = self.daemon()
        connections = [d.connect() for _ in range(20)]
        for connection in connections:
            self.assertEqual(200, connection.ask("GET", "/livez").status)
        began = time.monotonic()
        self.assertEqual(0, d.stop())
        self.assertLess(time.monotonic() - began, 9)
        for connection in connections:
            connection.close()

    def test_a_second_signal_exits_at_once(self):
        d = self.daemon()
        self.in_flight(d)
        d.signal(signal.SIGTERM)
        harness.until(lambda: not d.socket.exists() or self.stopping(d), "it is stopping")
        began = time.monotonic()
        d.signal(signal.SIGTERM)
        d.wait()
        self.assertLess(time.monotonic() - began, 9)

    def test_sighup_while_it_stops_changes_nothing(self):
        d = self.daemon()
        raw = self.in_flight(d)
        d.signal(signal.SIGTERM)
        harness.until(lambda: self.stopping(d), "it is stopping")
        for number in range(3):
            d.signal(signal.SIGHUP)
            raw.send(chunk('{"content":"late %d"}\n' % number))
        raw.send("0\r\n\r\n")
        answer = raw.answer()
        self.assertIsNotNone(answer, "it exited")
        self.assertEqual((200, 5003), (answer.status, answer.json["imported"]), answer)
        self.assertEqual(0, d.wait())

    @staticmethod
    def stopping(d):
        try:
            d.raw().close()
        except OSError:
            return True
        return False

    def test_sighup_applies_what_can_change_and_keeps_serving(self):
        d = self.new_daemon()
        file = d.place / "empty.env"
        file.write_text("MEMORYPRO_LOG_LEVEL=error\n")
        d.start()
        connection = d.connect()
        self.assertEqual(200, connection.ask("GET", "/livez").status)
        first = connection.sock
        file.write_text("MEMORYPRO_LOG_LEVEL=debug\n")
        d.signal(signal.SIGHUP)

        def logs_more():
            d.get("/livez")
            self.store(d, "x")
            return d.log

        harness.until(logs_more, "the new level shows")
        self.assertEqual(200, connection.ask("GET", "/livez").status)
        self.assertIs(first, connection.sock)
        connection.close()
        file.write_text("MEMORYPRO_LOG_LEVEL=deafening\n")
        d.signal(signal.SIGHUP)
        harness.until(lambda: "MEMORYPRO_LOG_LEVEL" in d.log, "the bad value is reported")
        self.assertEqual(200, d.get("/livez").status)

    def test_sigpipe_and_closing_clients_do_not_end_it(self):
        d = self.daemon()
        for _ in range(50):
            raw = d.raw()
            raw.send("GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
            raw.close()
        self.assertEqual(200, d.get("/livez").status)


if __name__ == "__main__":
    harness.main()
