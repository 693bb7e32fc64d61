"""A job's progress: a bar with rate and time left on a terminal, plain lines when piped."""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, track

from ocr import PageReading
from workers.batch import poll
from workers.client import Job
from workers.ledger import JobStatus

_PERIOD_S = 0.1  # of looking; a status costs under a millisecond
_LINE_S = 5.0  # between plain lines


def follow(job: Job, check: Callable[[], None]) -> JobStatus:
    """Show a job's progress on stderr until it has ended; calls `check` at every look."""
    console = Console(stderr=True)
    if console.is_terminal:
        return _with_bar(job, check, console)
    return _with_lines(job, check, console)


def drawing(pages: Iterable[PageReading], total: int) -> Iterator[PageReading]:
    """Pages that are drawn, with a bar and the time left on a terminal."""
    console = Console(stderr=True)
    quiet = not console.is_terminal
    yield from track(pages, "drawing pages", total, console=console, disable=quiet)


def line(status: JobStatus) -> str:
    """One line that says how far a job is."""
    more = "" if status.listed else "+"
    ahead = f", {pace(status)}" if not status.ended else ""
    return (
        f"job {status.job}: {status.state}, {status.done} of {status.pages}{more} pages{ahead}, "
        f"{tally(status)}{waits(status)}"
    )


def tally(status: JobStatus) -> str:
    """Fields by verdict, and pages that could not be read."""
    return (
        f"{status.accepted} accepted, {status.review} review, {status.blank} blank, "
        f"{status.missing} missing, {status.errors} error"
    )


def pace(status: JobStatus) -> str:
    """Rate and time left."""
    left = "?" if status.seconds_left is None else timedelta(seconds=round(status.seconds_left))
    return f"{status.rate:.1f} pages/s, {left} left"


def waits(status: JobStatus) -> str:
    """Why nothing is read, if so."""
    return f"; waits: {status.waits}" if status.waits else ""


def _with_bar(job: Job, check: Callable[[], None], console: Console) -> JobStatus:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        TextColumn("{task.fields[tally]}"),
    )
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task(f"job {job.id}", total=None, pace="", tally="")
        for status in poll(job, check, _PERIOD_S):
            progress.update(
                bar,
                completed=status.done,
                total=status.pages,
                pace=pace(status),
                tally=tally(status) + waits(status),
            )
    return status


def _with_lines(job: Job, check: Callable[[], None], console: Console) -> JobStatus:
    shown = time.monotonic()
    for status in poll(job, check, _PERIOD_S):
        if status.ended or time.monotonic() - shown > _LINE_S:
            shown = time.monotonic()
            console.print(line(status), highlight=False, soft_wrap=True)
    return status
