"""`formdigits worker`: a Celery worker, its sweeper, and the embedded broker if none is set."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from celery.signals import setup_logging

import ocr
from workers.app import WORKER, app, configure
from workers.broker import broker_of
from workers.keeper import Keeper
from workers.ledger import crew, open_ledger
from workers.logs import log_to_stderr
from workers.settings import Settings
from workers.sweeper import Sweep


def work(settings: Settings, children: int, job: str | None = None) -> int:
    """Read pages until told to stop (SIGTERM, SIGINT: pages begun are finished).

    Args:
        settings: Where the ledger and the broker are.
        children: How many processes read.
        job: Prefer this job, and stop when it has ended.

    Returns:
        Celery's exit status.

    Raises:
        ServiceError: The ledger or the broker cannot be used.
        ModelError: There is no digit model.
    """
    log_to_stderr()
    setup_logging.connect(_keep_logging)
    signal.signal(signal.SIGTERM, _leave)  # until Celery sets its own: the broker is to be stopped
    ocr.champion()
    open_ledger(settings.ledger).close()
    with broker_of(settings) as url:
        configure(url, settings.page_seconds, settings.child_memory_mb)
        app.loader.import_default_modules()
        with _sweeper(Sweep(settings, url, children, WORKER, job)):
            return _celery_worker(children)


def _celery_worker(children: int) -> int:
    worker = app.Worker(
        concurrency=children,
        hostname=f"formdigits-{os.getpid()}@%h",
        quiet=True,
        # Workers need not know of each other, and the round of greetings costs a second at start.
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    return int(worker.exitcode or 0)


def _leave_crew(sweep: Sweep) -> None:
    ledger = open_ledger(sweep.settings.ledger)
    with ledger.write() as books:
        crew.leave(books, sweep.worker)
    ledger.close()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _keep_logging(**_: object) -> None:
    """Celery leaves logging alone when somebody listens to this signal."""


@contextmanager
def _sweeper(sweep: Sweep) -> Iterator[None]:
    """Runs until the worker ends, also by kill -9."""
    keeper = Keeper(sweep)
    try:
        yield
    finally:
        keeper.stop()
        with suppress(ocr.ServiceError):  # else its row goes when others miss it
            _leave_crew(sweep)
