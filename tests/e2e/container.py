"""A Debian that systemd has booted in a container, for a script that runs as root."""
import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

DEADLINE = 120.0

# In a mount namespace of its own: a pure cgroup2 tree is what a container needs, whatever the host
# has.
ENTER = r"""
set -e
if [ "$(stat -fc %T /sys/fs/cgroup)" != cgroup2fs ]; then
    umount -R /sys/fs/cgroup
    mount -t cgroup2 none /sys/fs/cgroup
fi
own=/sys/fs/cgroup/memorypro-boot.$$
mkdir "$own"
echo $$ > "$own/cgroup.procs"
exec systemd-nspawn --quiet --register=no --keep-unit --private-network --volatile=overlay \
    --console=pipe --machine "memorypro-boot-$$" --directory "$0" "${@/#/--bind-ro=}" --boot
"""


class Failure(Exception):
    pass


def expect(condition, what):
    if not condition:
        raise Failure(what)


def until(condition, what, deadline=DEADLINE):
    end = time.monotonic() + deadline
    while not (value := condition()):
        expect(time.monotonic() < end, f"not within {deadline:.0f} s: {what}")
        time.sleep(0.05)
    return value


class Container:
    """A booted system without a network; what is done in it is gone with it.

    `binds`: what it sees of this one, "path:path there". `log`: a file for what nspawn says.
    """

    def __init__(self, root, binds, log):
        self.log, self.leader = log, None
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "bash", "-c", ENTER, str(root),
             *binds],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log.open("w"))
        self.cgroup = f"memorypro-boot.{self.process.pid}"

    def boot(self):
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")

        def leader():
            expect(self.process.poll() is None, f"no container: {self.log.read_text()}")
            for child in children.read_text().split():
                with contextlib.suppress(OSError):  # nspawn has others, before and for a moment
                    if os.readlink(f"/proc/{child}/exe").endswith("/lib/systemd/systemd"):
                        return child
            return None

        self.leader = until(leader, "the container begins to boot")
        state = None

        def booted():
            nonlocal state
            state = self.run("systemctl is-system-running").stdout.strip()
            return state in ("running", "degraded")

        try:
            until(booted, "the container has booted")
            expect(state == "running", "units failed at the boot")
        except Failure as failure:
            raise Failure(f"{failure}: {state}\n{self.run('systemctl list-jobs').stdout}"
                          f"{self.run('systemctl --failed').stdout}") from None

    def command(self, script, user=None):
        enter = ["nsenter", "--target", self.leader, "--all", "--"]
        clean = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8",
                 "DEBIAN_FRONTEND=noninteractive"]
        as_user = ["runuser", "-u", user, "--"] if user else []
        return [*enter, *clean, *as_user, "bash", "-c", script]

    def run(self, script, user=None):
        return subprocess.run(self.command(script, user), text=True, timeout=DEADLINE,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)

    def out(self, script, user=None):
        done = self.run(script, user)
        expect(done.returncode == 0, f"{script!r} ended with {done.returncode}:\n{done.stdout}")
        return done.stdout.strip()

    def fails(self, script, code, user=None):
        done = self.run(script, user)
        expect(done.returncode == code,
               f"{script!r} ended with {done.returncode}, not {code}:\n{done.stdout}")

    def shows(self, prop, unit="memoryprod.service"):
        return self.out(f"systemctl show --value -p {prop} {unit}")

    def journal(self):
        return self.run("journalctl -u 'memoryprod*' --no-pager -o short-precise").stdout

    def close(self):
        self.process.send_signal(signal.SIGTERM)  # halts the container
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            if self.leader:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(self.leader), signal.SIGKILL)
            self.process.kill()
            self.process.wait()
        self.remove_cgroup()

    def remove_cgroup(self):
        for tree in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified"):
            for path, _, _ in os.walk(f"{tree}/{self.cgroup}", topdown=False):
                with contextlib.suppress(OSError):
                    os.rmdir(path)
