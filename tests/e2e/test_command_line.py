"""The command line of memoryprod, and what it says when it cannot start."""
import os
import subprocess

import harness


class CommandLine(harness.TestCase):
    def run_daemon(self, *arguments, **settings):
        d = self.new_daemon()
        return subprocess.run([harness.DAEMON, *arguments],
                              env=harness.environment(HOME=d.place, **settings), text=True,
                              capture_output=True, timeout=harness.DEADLINE, check=False)

    def test_help_and_version(self):
        for flag in ("--help", "--version"):
            done = self.run_daemon(flag)
            self.assertEqual((0, ""), (done.returncode, done.stderr))
            self.assertIn("memoryprod", done.stdout)

    def test_a_usage_error_is_64(self):
        for arguments in (["--nonsense"], ["extra"], ["--config"]):
            done = self.run_daemon(*arguments)
            self.assertEqual((64, ""), (done.returncode, done.stdout), arguments)
            self.assertTrue(done.stderr)

    def test_every_configuration_problem_is_named_at_once_with_78(self):
        settings = {"MEMORYPRO_TIMEOUT": "soon", "MEMORYPRO_CLOUD_FIRST": "perhaps",
                    "MEMORYPRO_SOCKET_MODE": "9999", "MEMORYPRO_MAX_RETRIES": ""}
        for arguments in ([], ["--check-config"]):
            done = self.run_daemon(*arguments, **settings)
            self.assertEqual(78, done.returncode, done.stderr)
            for name in settings:
                self.assertIn(name, done.stderr)

    def test_check_config_prints_the_settings_and_masks_secrets(self):
        done = self.run_daemon("--check-config", MEMORYPRO_API_SECRET="hunter2hunter2",
                               MEMORYPRO_API_KEY="keykeykey", MEMORYPRO_TIMEOUT="12")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertRegex(done.stdout, r"MEMORYPRO_TIMEOUT\s*=\s*\"?12\b")
        self.assertNotIn("hunter2", done.stdout + done.stderr)
        self.assertNotIn("keykeykey", done.stdout + done.stderr)

    def test_a_flag_wins_over_the_environment_and_that_over_the_file(self):
        file = self.new_daemon().place / "settings.env"
        file.write_text("MEMORYPRO_TIMEOUT=11\nMEMORYPRO_MAX_RETRIES=7\n"
                        "MEMORYPRO_POLL_INTERVAL=90\n")
        done = self.run_daemon("--config", str(file), "--timeout", "13", "--check-config",
                               MEMORYPRO_TIMEOUT="12", MEMORYPRO_MAX_RETRIES="8")
        for name, value in (("TIMEOUT", 13), ("MAX_RETRIES", 8), ("POLL_INTERVAL", 90)):
            self.assertRegex(done.stdout, rf"MEMORYPRO_{name}\s*=\s*\"?{value}\b")

    def test_an_unwritable_data_directory_is_named(self):
        if os.geteuid() == 0:
            self.skipTest("root may write anywhere")
        d = self.new_daemon()
        parent = d.place / "closed"
        parent.mkdir(mode=0o500)
        done = self.run_daemon(MEMORYPRO_DATA_DIR=parent / "data", MEMORYPRO_SOCKET=d.socket)
        self.assertNotEqual(0, done.returncode)
        self.assertIn(str(parent / "data"), done.stderr)

    def test_a_data_directory_that_is_a_file_is_named(self):
        d = self.new_daemon()
        d.data.write_text("a file")
        d.spawn()
        self.assertIn(d.wait(), range(1, 127))
        self.assertIn(str(d.data), d.log)
        d.process = None

    def test_a_socket_path_that_is_too_long_is_named(self):
        d = self.new_daemon(MEMORYPRO_SOCKET="/tmp/" + "x" * 200)
        d.spawn()
        self.assertIn(d.wait(), range(1, 127))
        self.assertIn("MEMORYPRO_SOCKET", d.log)
        d.process = None


if __name__ == "__main__":
    harness.main()
