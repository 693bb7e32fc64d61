"""The embedded broker's parent: it ends the server when the last user is gone, also by kill -9.

Users hold a shared lock, which the kernel drops with their processes; this one waits for the lock
to be free. A script of the standard library alone, run by its path: 20 ms to start, 8 MB.

    python guard.py USERS_LOCK START_LOCK SERVER [OPTION...]
"""

import fcntl
import os
import signal
import sys
import time
from types import FrameType

# A server that stands still does not end by itself; what it holds is in its append-only file.
_PATIENCE_S = 10.0


def main() -> None:
    """Leave the command that started this, start the server, end with it."""
    users_path, start_path, *command = sys.argv[1:]
    if os.fork():
        return
    signal.signal(signal.SIGCHLD, _end)
    # It inherits the lock that tells of it: no second server can come before this one is gone.
    server = os.posix_spawn(command[0], command, os.environ)
    os.chdir("/")  # the command's folder may go before this
    users = os.open(users_path, os.O_RDWR)
    while True:
        fcntl.flock(users, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_UN)
        # Locks are taken in the order in which commands take them; one may just have come.
        start = os.open(start_path, os.O_RDWR)
        fcntl.flock(start, fcntl.LOCK_EX)
        if is_free(users):
            os.kill(server, signal.SIGTERM)
            time.sleep(_PATIENCE_S)  # until the server's end, see `_end`
            os.kill(server, signal.SIGKILL)
            time.sleep(_PATIENCE_S)
        os.close(start)


def is_free(lock: int) -> bool:
    """Nobody else holds the lock of this file descriptor; this process holds it then."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit()


if __name__ == "__main__":
    main()
