"""A batch read by a real worker, beside the same pages read by this process: seconds of both kinds.

Wall-clock seconds tell how long somebody waits, and mean little on a machine that others use.
Processor seconds are taken from the kernel's account of the worker with all its descendants and of
the broker; other work on the machine hardly moves them.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import ocr
from bench.memory import descendants
from workers import Client
from workers.ledger import open_ledger, pages
from workers.pagework import Limits, read_and_record
from workers.settings import Settings

_ROOT = Path(__file__).parents[1]
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Spent:
    """What a batch took.

    Attributes:
        wall_s: From the first page's begin to the last one's end.
        cpu_s: Of all processes that worked for it.
        beside_s: Of all of them but the busiest, the child that reads.
    """

    wall_s: float
    cpu_s: float
    beside_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Service:
    """A worker with a ledger and a broker of its own.

    Attributes:
        client: Submits to it.
        worker: Its main process.
        broker: The embedded broker's process.
    """

    client: Client
    worker: int
    broker: int

    def read(
        self, folder: Path, form: str | Path, look: Callable[[int], None] = lambda _: None
    ) -> Spent:
        """Read a folder as a job.

        Args:
            folder: The pages; they are entered before the clock starts.
            form: Their form.
            look: Is told now and then how many pages are done.
        """
        before = self._cpu_by_process()
        job = self.client.submit(folder, form)
        begun = time.perf_counter()
        while not (status := job.status()).ended:
            look(status.done)
            time.sleep(_POLL_S)
        wall_s = time.perf_counter() - begun
        if status.errors:
            raise SystemExit(f"{status.errors} pages could not be read")
        after = self._cpu_by_process()
        spent = [seconds - before.get(pid, 0.0) for pid, seconds in after.items()]
        return Spent(wall_s, sum(spent), sum(spent) - max(spent))

    def _cpu_by_process(self) -> dict[int, float]:
        """Seconds of every process, with those that it has outlived."""
        pids = [self.worker, *descendants(self.worker), self.broker]
        return {pid: cpu_seconds(pid) for pid in pids}


@contextmanager
def service(state: Path, children: int) -> Iterator[Service]:
    """Start a worker; a first job may warm it up, so that no start is measured."""
    state.mkdir()
    words = [sys.executable, "-P", "-m", "workers.cli", "worker", "--concurrency", str(children)]
    env = os.environ | {"FORMDIGITS_STATE": str(state), "PYTHONPATH": str(_ROOT)}
    with subprocess.Popen(
        words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        pid_file = state / "broker" / "broker.pid"
        while not pid_file.exists():
            time.sleep(_POLL_S)
        settings = Settings(ledger_url=f"sqlite:///{state / 'ledger.sqlite'}", settle_seconds=0)
        try:
            yield Service(Client(settings), process.pid, int(pid_file.read_text()))
        finally:
            process.terminate()


def read_here(folder: Path, form: Path) -> Spent:
    """Read the same pages by the reader alone."""
    loaded = ocr.load_form(form)
    begun, begun_cpu = time.perf_counter(), time.process_time()
    for document in ocr.list_documents(folder):
        ocr.read_page(folder / document, loaded)
    return Spent(time.perf_counter() - begun, time.process_time() - begun_cpu)


def bookkeeping_s(folder: Path, form: Path, ledger_url: str) -> float:
    """Processor seconds that a child takes for a folder's pages if reading them takes none.

    Leasing, opening, looking for twins and recording; what is recorded is one page's reading.
    """
    settings = Settings(ledger_url=ledger_url, settle_seconds=0)
    job = Client(settings).submit(folder, form)
    reading = ocr.read_page(folder / next(iter(ocr.list_documents(folder))), form)
    ledger, now = open_ledger(ledger_url), time.time()
    with ledger.write() as books:
        keys = pages.offer(books, job.id, job.status().pages, now, now)
    limits = Limits(settings.page_seconds, settings.lease_seconds)
    with patch.object(ocr, "read_page", lambda *_, **__: reading):
        begun = time.process_time()
        for key in keys:
            read_and_record(ledger, key, "bench", limits)
        return time.process_time() - begun


def cpu_seconds(pid: int) -> float:
    """Seconds of a process and of its children that have ended (proc(5): utime to cstime)."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0  # it has ended; its parent has its seconds
    return _TICK_S * sum(map(int, words[11:15]))
