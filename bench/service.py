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

import ocr
from bench.memory import descendants
from workers import Client
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
    """

    wall_s: float
    cpu_s: float


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
        before = self._cpu_s()
        job = self.client.submit(folder, form)
        begun = time.perf_counter()
        while not (status := job.status()).ended:
            look(status.done)
            time.sleep(_POLL_S)
        wall_s = time.perf_counter() - begun
        if status.errors:
            raise SystemExit(f"{status.errors} pages could not be read")
        return Spent(wall_s, self._cpu_s() - before)

    def _cpu_s(self) -> float:
        """Of every process, with those that it has outlived."""
        pids = [self.worker, *descendants(self.worker), self.broker]
        return sum(map(_cpu_of, pids))


@contextmanager
def service(state: Path, children: int) -> Iterator[Service]:
    """Start a worker; a first job may warm it up, so that no start is measured."""
    state.mkdir()
    words = [sys.executable, "-P", "-m", "workers.cli", "worker", "--concurrency", str(children)]
    env = os.environ | {"FORMDIGITS_STATE": str(state), "PYTHONPATH": str(_ROOT)}
    with subprocess.Popen(words, env=env, stderr=subprocess.DEVNULL) as process:
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


def _cpu_of(pid: int) -> float:
    """Seconds of a process and of its children that have ended (proc(5): utime to cstime)."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0  # it has ended; its parent has its seconds
    return _TICK_S * sum(map(int, words[11:15]))
