"""What the batch service costs: ``python -m bench.batch [--only PART] [--pages N] [--files N] …``.

Ratios of one run, beside their budgets: reading forms by workers over reading them in this
process, a worker's memory over thousands of pages, a status of a large ledger over that of a small
one, the broker's memory a queued page, and what entering a folder of many files takes.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import redis
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, update

from bench.dense_page import write_form, write_page
from bench.memory import reader_mb
from bench.service import Spent, bookkeeping_s, read_here, service
from tests.faults.sending import connected_app
from workers import Priority
from workers.app import QUEUES
from workers.broker import embedded_broker
from workers.ledger import Ledger, NewJob, counters, jobs, open_ledger
from workers.ledger.tables import document, job, page

_NEW = NewJob(folder="/scans", form="{}", form_name="digits", model="m")
_ROWS = 20_000  # in one insert
_LOOKS = 200
_QUEUED = 10_000


Line = tuple[str, str, str, str]  # what, measured, from, budget


def main() -> None:
    """Measure and print the table."""
    options = _options()
    cv2.setNumThreads(1)  # as in a worker's child
    table = Table(title="Costs of the batch service")
    for heading in ("what", "measured", "from", "budget"):
        table.add_column(heading)
    for part in options.only or _PARTS:
        with tempfile.TemporaryDirectory(prefix="fd-bench-") as scratch:
            for line in _PARTS[part](Path(scratch), options):
                table.add_row(*line)
    Console(width=130).print(table)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", choices=_PARTS, action="append", default=[], help="repeatable")
    parser.add_argument("--forms", type=int, default=40, help="read by one and by two workers")
    parser.add_argument("--rounds", type=int, default=3, help="of reading them")
    parser.add_argument("--crops", type=int, default=5_000, help="read by one child")
    parser.add_argument("--pages", type=int, default=1_000_000, help="of the largest ledger")
    parser.add_argument("--files", type=int, default=100_000, help="of the submitted folder")
    return parser.parse_args()


def _reading(scratch: Path, options: argparse.Namespace) -> Iterator[Line]:
    """The same forms by this process, by one worker's child and by two, in turns."""
    form, folder, warm = scratch / "dense.toml", scratch / "forms", scratch / "warm"
    write_form(form)
    for place, seeds in ((folder, range(options.forms)), (warm, range(-1, -5, -1))):
        place.mkdir()
        for seed in seeds:
            write_page(place / f"{seed}.jpg", seed=abs(seed) + 10_000 * (seed < 0))
    read_here(warm, form)
    rounds: list[tuple[Spent, Spent, Spent]] = []
    loads = []
    for number in range(options.rounds):
        loads.append(os.getloadavg()[0])
        by = [read_here(folder, form)]
        for children in (1, 2):
            with service(scratch / f"state-{number}-{children}", children) as worker:
                worker.read(warm, form)
                by.append(worker.read(folder, form))
        rounds.append((by[0], by[1], by[2]))
    books_s = bookkeeping_s(folder, form, f"sqlite:///{scratch / 'books.sqlite'}")
    yield _own_work(rounds, books_s, options.forms)
    yield from _reading_lines(rounds, options.forms, f"load {min(loads):.1f} to {max(loads):.1f}")


def _own_work(rounds: list[tuple[Spent, Spent, Spent]], books_s: float, n: int) -> Line:
    """Queue, ledger and processes by themselves: what no other work on the machine hides."""
    beside_ms = 1000 * statistics.median(one.beside_s for _, one, _ in rounds) / n
    books_ms = 1000 * books_s / n
    here_ms = 1000 * min(here.cpu_s for here, _, _ in rounds) / n
    detail = f"({beside_ms:.1f} beside a child + {books_ms:.1f} in it) / {here_ms:.0f} ms a form"
    ratio = f"{(beside_ms + books_ms) / here_ms:.3f}"
    return "processor time of queue, ledger, processes / reading", ratio, detail, "0.10"


def _reading_lines(rounds: list[tuple[Spent, Spent, Spent]], n: int, load: str) -> Iterator[Line]:
    detail = f"{len(rounds)} rounds of {n} A4 forms, {load}"
    yield (
        "one worker / reading alone, wall clock, less 1",
        _spread([one.wall_s / here.wall_s - 1 for here, one, _ in rounds]),
        detail,
        "0.10",
    )
    yield (
        "the same in processor time",
        _spread([one.cpu_s / here.cpu_s - 1 for here, one, _ in rounds]),
        f"{1000 * statistics.median(here.cpu_s for here, _, _ in rounds) / n:.0f} ms a form here",
        "0.10",
    )
    yield (
        "pages a second of two workers / of one",
        _spread([one.wall_s / two.wall_s for _, one, two in rounds]),
        f"{n / statistics.median(two.wall_s for _, _, two in rounds):.2f} a second by two",
        "1.8 on idle cores",
    )
    yield (
        "processor time of two workers / of one",
        _spread([two.cpu_s / one.cpu_s for _, one, two in rounds]),
        detail,
        "",
    )


def _spread(ratios: list[float]) -> str:
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def _memory(scratch: Path, options: argparse.Namespace) -> Iterator[Line]:
    """A child's memory after a tenth of the pages, and after all."""
    folder = scratch / "crops"
    folder.mkdir()
    for number in range(options.crops):
        crop = np.full((64, 240), 245, np.uint8)
        cv2.putText(crop, f"{number:05}", (12, 48), cv2.FONT_HERSHEY_SIMPLEX, 1.3, 20, 3)
        cv2.imwrite(str(folder / f"{number:05}.png"), crop)
    seen: list[tuple[int, float]] = []
    with service(scratch / "state", children=1) as worker:

        def look(done: int) -> None:
            if done >= (len(seen) + 1) * options.crops // 10:
                seen.append((done, reader_mb(worker.worker)))

        spent = worker.read(folder, "digits", look)
    (early, first_mb), (_, last_mb) = seen[0], seen[-1]
    detail = f"{first_mb:.0f} MB after {early:,}; {options.crops / spent.wall_s:.0f} pages a second"
    grown = f"{last_mb:.0f} MB ({last_mb - first_mb:+.1f})"
    yield f"PSS of a child after {options.crops:,} crops", grown, detail, "200 MB"


def _status(scratch: Path, options: argparse.Namespace) -> Iterator[Line]:
    small_ms = _status_ms(scratch, 1_000)
    for pages in sorted({min(100_000, options.pages), options.pages}):
        large_ms = _status_ms(scratch, pages)
        detail = f"{large_ms:.2f} ms / {small_ms:.2f} ms, medians of {_LOOKS}"
        yield f"status at {pages:,} pages / at 1,000", f"{large_ms / small_ms:.2f}", detail, "3"


def _broker(scratch: Path, _options: argparse.Namespace) -> Iterator[Line]:
    queued = _broker_bytes(scratch / "broker")
    yield "broker's memory a queued page", f"{queued:.0f} bytes", f"n {_QUEUED:,}", "2,000"


def _submitting(scratch: Path, options: argparse.Namespace) -> Iterator[Line]:
    first_s, whole_s, grown_mb = _entering(scratch, options.files)
    detail = f"{options.files:,} files in {whole_s:.1f} s"
    yield "first documents of a large folder listed after", f"{first_s:.2f} s", detail, "5 s"
    yield "memory of the submitting process", f"{grown_mb:.0f} MB", "peak RSS", "150 MB"


_PARTS: dict[str, Callable[[Path, argparse.Namespace], Iterator[Line]]] = {
    "reading": _reading,
    "memory": _memory,
    "status": _status,
    "broker": _broker,
    "submitting": _submitting,
}


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
    ledger = f"sqlite:///{scratch / 'entering.sqlite'}"
    command = [sys.executable, "-m", "bench.entering", str(folder), ledger]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    first_s, whole_s, peak_mb = map(float, told.split())
    return first_s, whole_s, peak_mb


if __name__ == "__main__":
    main()
