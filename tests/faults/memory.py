"""Running out of memory: by the kernel, in a small control group, where one may be made."""

import os
import signal
from contextlib import suppress
from pathlib import Path

_LIMIT_BYTES = 400_000_000  # more than the reader has loaded
_NAME = "formdigits-faults"
_GROUPS = Path("/sys/fs/cgroup")
# The file that limits a group's memory, in version 1 of control groups and in version 2.
_LIMITS = {_GROUPS / "memory": "memory.limit_in_bytes", _GROUPS: "memory.max"}


def use_up_memory() -> None:
    """End this process as the kernel does when memory is short."""
    for parent, limit in _LIMITS.items():
        if (parent / "cgroup.procs").exists() and _enter(parent / _NAME, limit):
            held = []
            while True:
                held.append(bytearray(b"x") * 10_000_000)
    os.kill(os.getpid(), signal.SIGKILL)  # no group can be made here


def remove_group() -> None:
    """Take the group away again; one that somebody is in stays."""
    for parent in _LIMITS:
        with suppress(OSError):
            (parent / _NAME).rmdir()


def _enter(group: Path, limit: str) -> bool:
    try:
        group.mkdir(exist_ok=True)
        (group / limit).write_text(str(_LIMIT_BYTES))
        (group / "cgroup.procs").write_text(str(os.getpid()))
    except OSError:
        return False
    return True
