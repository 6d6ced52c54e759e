"""Runs docker/compose.yaml with podman: images built by buildah, and containers as the file says.

A key of the file that is not understood is an error. Needs root.
"""
import contextlib
import json
import os
import re
import resource
import shutil
import subprocess
import time
from pathlib import Path

import yaml

COMPOSE = Path(__file__).resolve().parents[2] / "docker/compose.yaml"
BASE = "docker.io/library/debian:bookworm-slim"
DEADLINE = 120.0

# As debian:bookworm-slim leaves them out.
NOT_SLIM = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info", "var/lib/apt/lists",
            "var/cache/apt")


class Failed(Exception):
    pass


def require(condition, what):
    if not condition:
        raise Failed(what)


def until(condition, what, deadline=DEADLINE):
    end = time.monotonic() + deadline
    while not (value := condition()):
        require(time.monotonic() < end, f"not within {deadline:.0f} s: {what}")
        time.sleep(0.2)
    return value


def run(*command, check=True, **options):
    done = subprocess.run([str(word) for word in command], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, **options)
    require(not check or done.returncode == 0,
            f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout[-4000:]}")
    return done


def seconds(text):
    amount, unit = re.fullmatch(r"(\d+)(s|m)", str(text)).groups()
    return int(amount) * {"s": 1, "m": 60}[unit]


def as_possible_here():
    """podman run's arguments that make up for a host without systemd, where limits cannot be raised."""
    made = ["--no-healthcheck"]  # podman's own are timers of systemd
    for limit, number in (("nofile", resource.RLIMIT_NOFILE), ("nproc", resource.RLIMIT_NPROC)):
        most = min(most for most in (*resource.getrlimit(number), 4096) if most > 0)
        made += ["--ulimit", f"{limit}={most}:{most}"]
    return made


class Engine:
    """podman and buildah with a storage of their own."""

    def __init__(self, store, driver):
        self.store = store
        self.storage = ["--storage-driver", driver, "--root", store / "root", "--runroot", store / "run"]

    def close(self):
        """What the storage has mounted is unmounted, so that it can be removed."""
        overlay = self.store / "root/overlay"
        if os.path.ismount(overlay):
            run("umount", "--recursive", overlay)

    def podman(self, *words, **options):
        return run(*self.podman_command(*words), **options)

    def podman_command(self, *words):
        return [str(word) for word in ("podman", *self.storage, "--runtime", "runc", *words)]

    def import_base(self, place):
        if self.podman("image", "exists", BASE, check=False).returncode == 0:
            return
        tree = place / "debian"
        run("debootstrap", "--variant=minbase", "bookworm", tree)
        for path in NOT_SLIM:
            for below in (tree / path).iterdir():
                shutil.rmtree(below) if below.is_dir() else below.unlink()
        run("tar", "-C", tree, "-cf", place / "debian.tar", ".")
        self.podman("import", place / "debian.tar", BASE)

    def build(self, image, build):
        build = {"context": build} if isinstance(build, str) else build
        known(build, "context", "dockerfile", "target")
        context = (COMPOSE.parent / build["context"]).resolve()
        target = ["--target", build["target"]] if "target" in build else []
        run("buildah", *self.storage, "bud", "--isolation", "chroot", "--format", "docker", "--layers",
            "--pull-never", "--file", context / build.get("dockerfile", "Dockerfile"), "--tag", image,
            *target, context)

    def inspect(self, image):
        return json.loads(self.podman("image", "inspect", image).stdout)[0]

    @contextlib.contextmanager
    def files(self, image):
        yield Path(self.podman("image", "mount", image).stdout.strip())
        self.podman("image", "unmount", image)


def known(mapping, *keys):
    strange = set(mapping) - set(keys)
    require(not strange, f"this script does not understand {sorted(strange)}")


class Service:
    """A service of the composition, as a container."""

    def __init__(self, name, said, project):
        known(said, "image", "build", "depends_on", "environment", "secrets", "volumes", "ports", "tmpfs",
              "read_only", "cap_drop", "security_opt", "restart", "command", "healthcheck", "user",
              "stdin_open", "stop_grace_period")
        self.name, self.said, self.project, self.engine = name, said, project, project.engine
        self.container = f"{project.name}-{name}"

    def arguments(self):
        """podman run's, for what the composition says of all but the container's life."""
        said, made = self.said, ["--network", self.project.name, *as_possible_here()]
        if said.get("read_only"):
            made += ["--read-only", "--read-only-tmpfs=false"]
        for capability in said.get("cap_drop", []):
            made += ["--cap-drop", capability]
        for option in said.get("security_opt", []):
            made += ["--security-opt", option]
        for key, value in said.get("environment", {}).items():
            made += ["--env", f"{key}={value}"]
        for secret in said.get("secrets", []):
            file = (COMPOSE.parent / self.project.said["secrets"][secret]["file"]).resolve()
            made += ["--volume", f"{file}:/run/secrets/{secret}:ro"]
        for volume in said.get("volumes", []):
            name, rest = volume.split(":", 1)
            require(name in self.project.said["volumes"], f"{name} is not a volume")
            made += ["--volume", f"{self.project.name}-{name}:{rest}"]
        for path in said.get("tmpfs", []):
            made += ["--tmpfs", path]
        if "user" in said:
            made += ["--user", said["user"]]
        return made

    def start(self):
        said = self.said
        for other, how in said.get("depends_on", {}).items():
            require(how == {"condition": "service_healthy"}, f"{how} is not understood")
            self.project.services[other].wait_until_healthy()
        more = ["--restart", said["restart"]] if "restart" in said else []
        more += ["--interactive"] if said.get("stdin_open") else []
        for port in said.get("ports", []):
            more += ["--publish", port]
        self.engine.podman("run", "--detach", "--name", self.container, "--network-alias", self.name,
                           *more, *self.arguments(), said["image"], *said.get("command", []))

    def wait_until_healthy(self):
        """Runs the health check, the composition's or the image's, until it says so."""
        said = self.said.get("healthcheck")
        if said:
            known(said, "test", "interval", "timeout", "retries")
            test = said["test"]
        else:
            test = self.engine.inspect(self.said["image"])["Healthcheck"]["Test"]
        require(test[0] == "CMD", f"a health check that is no command: {test}")
        until(lambda: self.exec(*test[1:], check=False).returncode == 0, f"{self.name} is healthy")
        return " ".join(test[1:])

    def exec(self, *words, **options):
        return self.engine.podman("exec", self.container, *words, **options)

    def logs(self):
        return self.engine.podman("logs", self.container).stdout

    def stop(self):
        """The exit code after SIGTERM."""
        grace = seconds(self.said.get("stop_grace_period", "10s"))
        self.engine.podman("stop", "--time", grace, self.container)
        return int(self.engine.podman("inspect", "--format", "{{.State.ExitCode}}", self.container).stdout)

    def start_again(self):
        self.engine.podman("start", self.container)


class Project:
    """The composition."""

    def __init__(self, engine):
        text = COMPOSE.read_text(encoding="utf-8")
        self.said = yaml.safe_load(re.sub(r"\$\{\w+:-(.*?)\}", r"\1", text))  # with no variable set
        known({key: 0 for key in self.said if not key.startswith("x-")}, "name", "services", "volumes", "secrets")
        self.engine = engine
        self.name = f"{self.said['name']}-test-{os.getpid()}"
        self.services = {name: Service(name, said, self) for name, said in self.said["services"].items()}

    def in_order(self):
        """Each after those that it depends on."""
        left, order = dict(self.services), []
        while left:
            ready = [one for one in left.values() if not set(one.said.get("depends_on", {})) & set(left)]
            require(ready, "services depend on each other")
            order += ready
            for one in ready:
                del left[one.name]
        return order

    def open(self):
        self.engine.podman("network", "create", self.name)
        for volume in self.said["volumes"]:
            self.engine.podman("volume", "create", f"{self.name}-{volume}")

    def close(self):
        for one in self.services.values():
            self.engine.podman("rm", "--force", "--time", "0", one.container, check=False)
        for volume in self.said["volumes"]:
            self.engine.podman("volume", "rm", "--force", f"{self.name}-{volume}", check=False)
        self.engine.podman("network", "rm", "--force", self.name, check=False)
