"""A throw-away PostgreSQL server, to be killed and started again; as root, it is user postgres."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workers.ledger import open_ledger

_PORT = 5432  # of the socket's name too; an address is in a network of its own


def missing() -> str:
    """Why there can be none here; empty if there can."""
    if not _programs():
        return "no PostgreSQL server: initdb is not under /usr/lib/postgresql/*/bin"
    if os.getuid() == 0 and shutil.which("runuser") is None:
        return "PostgreSQL does not run as root, and there is no runuser"
    return ""


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """A running server.

    Attributes:
        folder: Its cluster, its log and its socket.
        address: Where it listens besides; empty for its socket only.
    """

    folder: Path
    address: str

    @property
    def url(self) -> str:
        """The ledger's URL."""
        place = (
            f"{self.address}:{_PORT}/postgres" if self.address else f"/postgres?host={self.folder}"
        )
        return f"postgresql://formdigits@{place}"

    def kill(self) -> None:
        """Stop at once, as after kill -9: what was not committed is lost."""
        self._call("pg_ctl", "-m", "immediate", "-w", "stop")

    def start(self) -> None:
        """Start, and recover what was committed."""
        options = f"-k {self.folder} -c listen_addresses='{self.address}' -c fsync=off"
        self._call("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def create(self) -> None:
        """Make the cluster; who reaches it, may use it."""
        self._call("initdb", "-U", "formdigits", "-A", "trust", "-E", "UTF8", "--no-sync")
        if self.address:
            with (self.folder / "cluster" / "pg_hba.conf").open("a") as rules:
                rules.write(f"host all all {self.address}/24 trust\n")

    def _call(self, program: str, *words: str) -> None:
        prefix = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        path = str(_programs()[-1].with_name(program))
        command = [*prefix, path, "-D", str(self.folder / "cluster"), *words]
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL, timeout=120)


@contextmanager
def postgresql(address: str = "") -> Iterator[PostgreSQL]:
    """A server until the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="fd-pg-"))  # short: it holds the socket
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    server = PostgreSQL(folder, address)
    try:
        server.create()
        server.start()
        open_ledger.cache_clear()  # a server before this one may have had the same URL
        yield server
        server.kill()
    finally:
        shutil.rmtree(folder)


def _programs() -> list[Path]:
    return sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
