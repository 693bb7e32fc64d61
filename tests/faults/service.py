"""A running service to be hurt: workers that somebody starts again, a submitter, one job."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.memory import remove_group
from tests.faults.scans import FORM
from tests.faults.sites import Site
from workers import Client, Job
from workers.settings import Settings

COMMAND = (sys.executable, "-P", "-m", "tests.faults.poisoned")
ROOT = Path(__file__).parents[2]
WORKERS = 2
# What makes a round quick: the times after which a dead worker's and a hanging page are given up.
SETTINGS = {
    "FORMDIGITS_LEASE_SECONDS": "6",
    "FORMDIGITS_PAGE_SECONDS": "20",
    "FORMDIGITS_SETTLE_SECONDS": "0",
}
# A job that has not moved for this long will not: every period of the product is far below it.
_STUCK_S = 300.0


class Stuck(AssertionError):
    """The job does not end by itself."""


@dataclass(slots=True)
class Service:
    """Workers and one job.

    Attributes:
        site: What they run on.
        logs: Where they write their logs.
        scans: The batch.
        workers: The workers' processes, each started again when it is gone.
        submitter: The process of `formdigits submit`.
    """

    site: Site
    logs: Path
    scans: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    submitter: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the workers, wait until they sweep, and submit."""
        self.site.state.mkdir(parents=True, exist_ok=True)
        self.workers = [self._worker(number) for number in range(WORKERS)]
        for number in range(WORKERS):
            self.until(lambda number=number: self.sweeper(number))
        self.submitter = self._call("submit", str(self.scans), "--form", FORM)

    def stop(self) -> None:
        """End all that was started."""
        for process in [*self.workers, self.submitter]:
            if process is not None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        remove_group()
        if self.site.net is None:
            with suppress(OSError, ValueError):
                os.kill(self.broker(), signal.SIGKILL)

    def supervise(self) -> None:
        """Start workers again that are gone, as systemd or Docker would."""
        for number, process in enumerate(self.workers):
            if process.poll() is not None:
                self.workers[number] = self._worker(number)

    def until(self, condition: Callable[[], object]) -> object:
        """Wait for a condition while the job moves.

        Raises:
            Stuck: Nothing moved for minutes.
        """
        moved, done = time.monotonic(), -1
        while not (found := condition()):
            self.supervise()
            if self.done() != done:
                moved, done = time.monotonic(), self.done()
            if time.monotonic() - moved > _STUCK_S:
                raise Stuck(f"nothing moves: {self.job() and self.job().status()}")
            time.sleep(0.02)
        return found

    def job(self) -> Job | None:
        """The job; None before it is entered."""
        client = Client(Settings(ledger_url=self.site.ledger_url))
        statuses = client.statuses()
        return client.job(statuses[0].job) if statuses else None

    def done(self) -> int:
        """How many pages are done."""
        job = self.job()
        return job.status().done if job else 0

    def ended(self) -> bool:
        """The job is done."""
        job = self.job()
        return job is not None and job.status().ended

    def export(self, path: Path) -> None:
        """Export the job by the command."""
        job = self.job()
        assert job is not None
        process = self._call("export", job.id, "-o", str(path))
        assert process.wait() == 0, self.log("command")

    def broker(self) -> int:
        """The broker's process."""
        return int((self.site.state / "broker" / "broker.pid").read_text())

    def sweeper(self, number: int) -> int:
        """A worker's sweeper; 0 while there is none."""
        found = re.findall(rf"worker {self.workers[number].pid}: sweeper (\d+)", self.log(number))
        return int(found[-1]) if found else 0

    def children(self, number: int) -> list[int]:
        """A worker's processes that read: what it forked, but not its sweeper."""
        worker, sweeper = self.workers[number].pid, self.sweeper(number)
        try:
            found = Path(f"/proc/{worker}/task/{worker}/children").read_text().split()
        except FileNotFoundError:
            return []  # it was killed a moment ago
        pids = [int(word) for word in found]
        return [pid for pid in pids if pid != sweeper and _command(pid) == _command(worker)]

    def log(self, name: object) -> str:
        """What a worker or a command has said."""
        path = self.logs / f"{name}.log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def _worker(self, number: int) -> subprocess.Popen[bytes]:
        return self._call("worker", "--concurrency", "1", machine=number)

    def _call(self, *words: str, machine: int | None = None) -> subprocess.Popen[bytes]:
        log = "command" if machine is None else machine
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{log}.log").open("ab") as file:
            return subprocess.Popen(
                [*self.site.machine(machine), *COMMAND, *words],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
                cwd=ROOT,
                env=self._environment(machine),
            )

    def _environment(self, machine: int | None) -> dict[str, str]:
        others = {n: v for n, v in os.environ.items() if not n.startswith("FORMDIGITS_")}
        ours = SETTINGS | self.site.environment(machine)
        return others | ours | {"PYTHONPATH": str(ROOT)}


def _command(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""
