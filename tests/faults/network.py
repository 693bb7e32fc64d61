"""Machines of their own for the workers: network namespaces on one bridge, each to be cut off."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from subprocess import CalledProcessError


def can_part() -> bool:
    """Namespaces and bridges may be made here: tried, since it takes more than being root."""
    try:
        with network(1):
            return True
    except (CalledProcessError, FileNotFoundError):
        return False


@dataclass(frozen=True, slots=True)
class Network:
    """A bridge on this machine with machines on it.

    Attributes:
        name: What all its parts' names begin with.
        address: This machine's on the bridge, where the servers are.
        machines: How many there are.
    """

    name: str
    address: str
    machines: int

    def on(self, machine: int) -> list[str]:
        """What a command begins with to run there."""
        return ["ip", "netns", "exec", f"{self.name}n{machine}"]

    @contextmanager
    def cut(self, machine: int) -> Iterator[None]:
        """Nothing reaches the machine or comes from it; connections are not told."""
        _ip(f"link set {self.name}v{machine} down")
        try:
            yield
        finally:
            _ip(f"link set {self.name}v{machine} up")

    def build(self) -> None:
        """Make the bridge and the machines."""
        bridge = f"{self.name}b"
        _ip(f"link add {bridge} type bridge")
        _ip(f"addr add {self.address}/24 dev {bridge}")
        _ip(f"link set {bridge} up")
        for machine in range(self.machines):
            inside, cable = f"{self.name}n{machine}", f"{self.name}v{machine}"
            _ip(f"netns add {inside}")
            _ip(f"link add {cable} type veth peer name eth0 netns {inside}")
            _ip(f"link set {cable} master {bridge} up")
            _ip(f"-n {inside} link set lo up")
            _ip(f"-n {inside} addr add {self.address[:-1]}{10 + machine}/24 dev eth0")
            _ip(f"-n {inside} link set eth0 up")

    def remove(self) -> None:
        """Take away what there is of it."""
        parts = [f"netns del {self.name}n{machine}" for machine in range(self.machines)]
        for part in [*parts, f"link del {self.name}b"]:
            with suppress(CalledProcessError):
                _ip(part)


@contextmanager
def network(machines: int) -> Iterator[Network]:
    """A network until the end of the block; names and addresses are this process's own."""
    process = os.getpid()
    made = Network(f"fd{process % 100_000}", f"10.231.{process % 250}.1", machines)
    try:
        made.build()
        yield made
    finally:
        made.remove()


def _ip(words: str) -> None:
    subprocess.run(["ip", *words.split()], check=True, capture_output=True)
