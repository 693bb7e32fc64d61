"""Where a batch is hurt: one machine, with SQLite or with PostgreSQL, or several."""

import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import redis

from tests.faults import disk, network, postgresql
from workers import broker

_BROKER_PORT = 6379
_PASSWORD = "s3cret"


@dataclass(frozen=True, slots=True)
class Site:
    """What a service runs on.

    Attributes:
        state: The state folder; with a suffix, that of one machine of several.
        disk: The state folder is a small disk of its own.
        server: The ledger's server; None for SQLite in the state folder.
        net: The machines that the workers run on; None for this one.
    """

    state: Path
    disk: bool = False
    server: postgresql.PostgreSQL | None = None
    net: network.Network | None = None

    @property
    def ledger_url(self) -> str:
        """Where the ledger is."""
        return self.server.url if self.server else f"sqlite:///{self.state / 'ledger.sqlite'}"

    @property
    def broker_url(self) -> str:
        """Where the broker is."""
        if self.net:
            return f"redis://:{_PASSWORD}@{self.net.address}:{_BROKER_PORT}/0"
        return broker.url(self.state / "broker")

    def environment(self, machine: int | None) -> dict[str, str]:
        """The settings of commands on a machine of several, or on this one."""
        if self.net is None:
            urls = {"FORMDIGITS_LEDGER_URL": self.server.url} if self.server else {}
            return urls | {"FORMDIGITS_STATE": str(self.state)}
        own = self.state.with_name(f"state-{'here' if machine is None else machine}")
        return {
            "FORMDIGITS_STATE": str(own),
            "FORMDIGITS_LEDGER_URL": self.ledger_url,
            "FORMDIGITS_BROKER_URL": self.broker_url,
        }

    def machine(self, number: int | None) -> list[str]:
        """What a command begins with to run on that machine."""
        return [] if self.net is None or number is None else self.net.on(number)

    @contextmanager
    def ledger_away(self) -> Iterator[None]:
        """No ledger: a server that was killed, or a write lock held as by a backup."""
        if self.server:
            self.server.kill()
            yield
            self.server.start()
            return
        ledger = self.state / "ledger.sqlite"
        with sqlite3.connect(ledger, isolation_level=None, timeout=60) as books:
            books.execute("BEGIN IMMEDIATE")
            yield
            books.execute("ROLLBACK")
        books.close()


@contextmanager
def on_sqlite(scratch: Path) -> Iterator[Site]:
    """One machine, nothing to be installed; on a small disk if mounting is allowed."""
    state, small = scratch / "state", disk.can_mount()
    with disk.small_disk(state) if small else nullcontext():
        yield Site(state, disk=small)


@contextmanager
def on_postgresql(scratch: Path) -> Iterator[Site]:
    """One machine with a ledger on PostgreSQL."""
    with postgresql.postgresql() as server:
        yield Site(scratch / "state", server=server)


@contextmanager
def on_machines(scratch: Path) -> Iterator[Site]:
    """Two machines for workers; the ledger and a broker with a password on a third."""
    with (
        network.network(machines=2) as net,
        postgresql.postgresql(net.address) as server,
        _redis(net.address, scratch),
    ):
        yield Site(scratch / "state", server=server, net=net)


def missing(name: str) -> str:
    """Why there can be no such site here; empty if there can."""
    if name == "machines" and not network.can_part():
        return "network namespaces cannot be made here"
    return "" if name == "sqlite" else postgresql.missing()


SITES = {"sqlite": on_sqlite, "postgresql": on_postgresql, "machines": on_machines}


@contextmanager
def _redis(address: str, folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    options = ["--bind", address, "--requirepass", _PASSWORD, "--appendonly", "yes"]
    command = [broker.server_program(), *options, "--dir", str(folder), "--save", ""]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            while not _answers(address) and server.poll() is None:
                time.sleep(0.02)
            yield
        finally:
            server.kill()


def _answers(address: str) -> bool:
    try:
        with redis.Redis(address, _BROKER_PORT, password=_PASSWORD) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False
