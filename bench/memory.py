"""Memory of the processes that a command starts, from Linux's /proc."""

import subprocess
import threading
from pathlib import Path

_POLL_S = 0.05


def peak_child_mb(command: list[str], env: dict[str, str]) -> float:
    """Run a command; return the largest PSS in MB of any Python process without children below it.

    These are the worker's children: the command and the worker have children themselves, and the
    broker is no Python. PSS counts shared pages by their share (proc(5)).
    """
    peak, ended = [0.0], threading.Event()
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) as process:

        def watch() -> None:
            while not ended.wait(_POLL_S):
                peak[0] = max(peak[0], reader_mb(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        code = process.wait()
        ended.set()
        watcher.join()
    if code:
        raise SystemExit(f"{command[0]} ended with exit code {code}")
    return peak[0]


def peak_mb() -> float:
    """The most memory this process has held, in MB; `getrusage` would begin with its parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def reader_mb(root: int) -> float:
    """The largest PSS in MB of any Python process without children below a process."""
    return max(map(_pss_mb, _python_leaves(root)), default=0.0)


def _python_leaves(root: int) -> list[int]:
    """Python processes below a process that have no children."""
    children = _children_of_all()
    return [pid for pid in _below(root, children) if pid not in children and _is_python(pid)]


def descendants(root: int) -> list[int]:
    """All processes below a process."""
    return _below(root, _children_of_all())


def _children_of_all() -> dict[int, list[int]]:
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        children.setdefault(int(fields[1]), []).append(int(folder.name))
    return children


def _below(root: int, children: dict[int, list[int]]) -> list[int]:
    below, waiting = [], [root]
    while waiting:
        grown = children.get(waiting.pop(), [])
        below += grown
        waiting += grown
    return below


def _is_python(pid: int) -> bool:
    try:
        return b"python" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _pss_mb(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        return 0.0
    return 0.0
