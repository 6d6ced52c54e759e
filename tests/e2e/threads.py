"""Stops one thread of a process that this one started, while the others run on (ptrace(2))."""
import contextlib
import ctypes
import os
from pathlib import Path

import harness

PTRACE_ATTACH, PTRACE_DETACH = 16, 17

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def find(pid, name):
    """The thread's number."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        if (task / "comm").read_text().strip() == name:
            return int(task.name)
    raise LookupError(f"{pid} has no thread {name}")


def ptrace(request, thread):
    if libc.ptrace(request, thread, None, None) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def sleeps(pid, thread):
    return Path(f"/proc/{pid}/task/{thread}/stat").read_text().rpartition(")")[2].split()[0] == "S"


@contextlib.contextmanager
def stopped(pid, name):
    """In its sleep: one at work may hold a lock that others need, such as the allocator's. PermissionError
    where nobody may trace."""
    thread = find(pid, name)
    harness.until(lambda: sleeps(pid, thread), f"{name} has nothing to do")
    ptrace(PTRACE_ATTACH, thread)
    try:
        os.waitpid(thread, 0x40000000)  # __WALL: not only of processes
        yield
    finally:
        ptrace(PTRACE_DETACH, thread)
