"""The time limit of a page: it counts while the page is read, not while the ledger is away."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OutOfTime(BaseException):
    """The time is up.

    No Exception: a reader that takes any Exception of a decoder for a damaged image (as it must:
    no list of theirs is complete) would report the slow page as damaged.
    """


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in the block after so many seconds; in the process's main thread only.

    Celery's own soft limit counts from the task's start: a ledger locked for long would make
    every page that waits for it look slow.
    """
    before = signal.signal(signal.SIGALRM, _raise)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _raise(_signal: int, _frame: FrameType | None) -> None:
    raise OutOfTime
