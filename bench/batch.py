"""What the batch service costs: ``python -m bench.batch [--pages N] [--files N]``.

Ratios of one run, beside their budgets: a status of a large ledger over that of a small one, the
broker's memory a queued page, and what entering a folder of many files takes.
"""

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import redis
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, update

from tests.faults.sending import connected_app
from workers import Priority
from workers.app import QUEUES
from workers.broker import embedded_broker
from workers.ledger import Ledger, NewJob, counters, jobs, open_ledger
from workers.ledger.tables import document, job, page
from workers.listing import chunks
from workers.settings import Settings
from workers.submitting import enter

_NEW = NewJob(folder="/scans", form="{}", form_name="digits", model="m")
_ROWS = 20_000  # in one insert
_LOOKS = 200
_QUEUED = 10_000


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=1_000_000, help="of the largest ledger")
    parser.add_argument("--files", type=int, default=100_000, help="of the submitted folder")
    options = parser.parse_args()
    table = Table(title="Costs of the batch service")
    for heading in ("what", "measured", "from", "budget"):
        table.add_column(heading)
    with tempfile.TemporaryDirectory() as scratch:
        for line in _lines(Path(scratch), options.pages, options.files):
            table.add_row(*line)
    Console(width=120).print(table)


def _lines(scratch: Path, pages: int, files: int) -> Iterator[tuple[str, str, str, str]]:
    small, large = (_status_ms(scratch, size) for size in (1_000, pages))
    detail = f"{large:.2f} ms / {small:.2f} ms, medians of {_LOOKS}"
    yield f"status at {pages:,} pages / at 1,000", f"{large / small:.2f}", detail, "3"
    queued = _broker_bytes(scratch / "broker")
    yield "broker's memory a queued page", f"{queued:.0f} bytes", f"n {_QUEUED:,}", "2,000"
    first_s, whole_s, grown_mb = _entering(scratch, files)
    detail = f"{files:,} files in {whole_s:.1f} s"
    yield "first documents of a large folder listed after", f"{first_s:.2f} s", detail, "5 s"
    yield "memory of the submitting process", f"{grown_mb:.0f} MB", "peak RSS", "150 MB"


def _status_ms(scratch: Path, pages: int) -> float:
    ledger = open_ledger(f"sqlite:///{scratch / str(pages)}.sqlite")
    with ledger.write() as books:
        job_id = jobs.create(books, _NEW, time.time(), 20)
    for begin in range(0, pages, _ROWS):
        _fill(ledger, job_id, begin, min(pages, begin + _ROWS))
    times = []
    for _ in range(_LOOKS):
        begun = time.perf_counter()
        with ledger.read() as books:
            counters.status(books, job_id, time.time())
        times.append(1000 * (time.perf_counter() - begun))
    ledger.close()
    return statistics.median(times)


def _fill(ledger: Ledger, job_id: str, begin: int, end: int) -> None:
    ids = range(begin + 1, end + 1)
    with ledger.write() as books:
        papers = [{"id": n, "job_id": job_id, "path": f"{n:07}.png"} for n in ids]
        books.execute(insert(document), papers)
        rows = [{"document_id": n, "number": 1, "job_id": job_id} for n in ids]
        books.execute(insert(page), rows)
        books.execute(update(job).values(documents=end, pages=end))


def _broker_bytes(folder: Path) -> float:
    queue = QUEUES[Priority.BULK]
    with (
        embedded_broker(folder) as url,
        connected_app(url) as app,
        redis.Redis(unix_socket_path=str(folder / "broker.sock")) as client,
    ):
        before = client.info("memory")["used_memory"]
        with app.producer_pool.acquire() as producer:
            for number in range(_QUEUED):
                words = ("0123abcd", number, 1)
                app.tasks["formdigits.read_page"].apply_async(words, queue=queue, producer=producer)
        return float(client.info("memory")["used_memory"] - before) / _QUEUED


def _entering(scratch: Path, files: int) -> tuple[float, float, float]:
    """Seconds to the first documents and to the last, and the peak memory in MB."""
    folder = scratch / "many"
    for number in range(files):
        path = folder / f"{number % 100:02}" / f"{number:06}.png"
        if number < 100:
            path.parent.mkdir(parents=True)
        path.write_bytes(b"%d" % number)
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_enter, args=(folder, scratch, theirs))
    process.start()
    measured: tuple[float, float, float] = ours.recv()
    process.join()
    return measured


def _enter(folder: Path, scratch: Path, answer: Connection) -> None:
    settings = Settings(settle_seconds=0.0)
    begun = time.perf_counter()
    next(chunks(folder, settings.settle_seconds))
    first_s = time.perf_counter() - begun
    ledger = open_ledger(f"sqlite:///{scratch / 'entering.sqlite'}")
    new = NewJob(str(folder), "{}", "digits", "m")
    with ledger.write() as books:
        job_id = jobs.create(books, new, time.time(), 20)
    enter(ledger, job_id, settings)
    whole_s = time.perf_counter() - begun
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer.send((first_s, whole_s, peak_mb))


if __name__ == "__main__":
    main()
