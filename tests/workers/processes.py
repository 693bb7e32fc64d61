"""The real command in processes of its own."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

COMMAND = (sys.executable, "-m", "workers.cli")
GUARD_S = 300.0  # what hangs fails in the end; nothing is expected to be as slow


def formdigits(*words: object) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *map(str, words)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=GUARD_S)


@contextlib.contextmanager
def running(*words: object) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*COMMAND, *map(str, words)],
        stderr=subprocess.PIPE,
        text=True,
        # a shell's background job ignores Ctrl-C, and its children would inherit that
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=GUARD_S)


def until(condition, timeout_s: float = GUARD_S):
    deadline = time.monotonic() + timeout_s
    while not (found := condition()):
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.005)
    return found
