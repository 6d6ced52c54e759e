"""The units as systemd reads them: nothing wrong, and little that the daemon may do."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

UNITS = Path(__file__).parents[2] / "systemd"
SERVICE = "memoryprod.service"
SOCKETS = ("memoryprod.socket", "memoryprod-webhook.socket")
SKIPPED = 77  # SKIP_RETURN_CODE of the test

MOST_EXPOSURE = 15  # tenths


class Units(unittest.TestCase):
    def setUp(self):
        self.place = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.place)
        for name, variable in (("memoryprod", "MEMORYPROD"), ("memorypro", "MEMORYPRO_CLI")):
            (self.place / name).symlink_to(shutil.which(os.environ.get(variable, name)))
        for unit in (SERVICE, *SOCKETS):
            text = (UNITS / unit).read_text().replace("@MEMORYPRO_BINDIR@", str(self.place))
            (self.place / unit).write_text(text)

    def analyze(self, *arguments):
        return subprocess.run(["systemd-analyze", *arguments], text=True, timeout=60,
                              cwd=self.place, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def test_are_understood(self):
        done = self.analyze("verify", "--man=no",
                            *(str(self.place / unit) for unit in (SERVICE, *SOCKETS)))
        about_ours = [line for line in done.stdout.splitlines() if "memorypro" in line]
        self.assertEqual((0, []), (done.returncode, about_ours), done.stdout)

    def test_expose_little(self):
        done = self.analyze("security", "--offline=true", f"--threshold={MOST_EXPOSURE}",
                            str(self.place / SERVICE))
        self.assertEqual(0, done.returncode, done.stdout)
        self.assertIn("Overall exposure level", done.stdout)

    def test_an_exposed_service_would_be_noticed(self):
        service = self.place / SERVICE
        kept = [line for line in service.read_text().splitlines()
                if not line.startswith(("SystemCallFilter=", "CapabilityBoundingSet="))]
        service.write_text("\n".join(kept))
        done = self.analyze("security", "--offline=true", f"--threshold={MOST_EXPOSURE}",
                            str(service))
        self.assertNotEqual(0, done.returncode, done.stdout)


if __name__ == "__main__":
    if shutil.which("systemd-analyze") is None:
        print("systemd-analyze is missing")
        sys.exit(SKIPPED)
    unittest.main()
