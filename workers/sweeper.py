"""The sweeper: brings what the ledger says is open to the broker, again and again.

Submitting, retrying and cancelling only write the ledger. Each worker runs a sweeper beside its
children; it keeps the broker's queue short but never empty, hands back pages whose worker died,
and sends again what the broker lost. Many sweepers do no harm: the ledger gives a page to one.
"""

import logging
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from celery import Celery
from kombu.exceptions import OperationalError
from redis import RedisError

from ocr import ServiceError
from workers.app import QUEUE, WORKER
from workers.broker import revive
from workers.ledger import Ledger, jobs, open_ledger
from workers.ledger import pages as page_book
from workers.ledger.pages import PageKey

log = logging.getLogger(__name__)

PERIOD_S = 0.5
# Pages waiting in the broker for each child: at 20 ms for the smallest field crop a child takes
# 25 in a period. At 1.2 KB each the broker's memory stays small whatever the job's size.
PAGES_WAITING_PER_CHILD = 32
# With an empty queue, a page that was sent is with a child within moments, or lost.
_LOST_WHEN_EMPTY_S = 5.0
# With a full one it may just wait; a page sent twice costs one look into the ledger.
_LOST_ANYWAY_S = 600.0


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweeper is told.

    Attributes:
        ledger_url: The ledger.
        children: Processes that read, on this worker.
        longest_s: How long a page can be in work.
        embedded: Folder of the embedded broker, which the sweeper starts again should it die;
            None for a broker elsewhere.
        job: This job comes before others, and the worker stops when it has ended; None to serve
            all jobs, oldest first, for ever.
    """

    ledger_url: str
    children: int
    longest_s: float
    embedded: Path | None
    job: str | None


def sweep_until_orphaned(app: Celery, sweep: Sweep) -> None:
    """Sweep while the worker that started this process lives."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the worker, which stops this
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    worker = os.getppid()
    while os.getppid() == worker:
        try:
            ledger = open_ledger(sweep.ledger_url)
            sweep_once(app, ledger, sweep, time.time())
            if sweep.job and _ended(ledger, sweep.job):
                os.kill(worker, signal.SIGTERM)  # Celery's warm stop: pages begun are finished
                return
        except ServiceError as error:
            log.warning("sweeper waits: %s", error)
        except (OperationalError, RedisError, OSError) as error:
            log.warning("sweeper waits for the broker: %s", type(error).__name__)
            _revive(sweep.embedded)
        time.sleep(PERIOD_S)


def sweep_once(app: Celery, ledger: Ledger, sweep: Sweep, now: float) -> int:
    """Renew this worker's leases, end others' expired ones, and fill the queue up.

    Returns:
        How many pages were sent to the broker.
    """
    with ledger.read() as books:
        live = sorted(jobs.unfinished(books), key=lambda job_id: job_id != sweep.job)
        ours = page_book.running_out(books, WORKER, now, sweep.longest_s)
        late = [key for job_id in live for key in page_book.expired(books, job_id, now)]
    if ours:
        with ledger.write() as books:
            page_book.renew(books, ours, now)
    for key in set(late).difference(ours):
        with ledger.write() as books:
            page_book.hand_back(books, key, now)
    return _fill_queue(app, ledger, sweep, live, now)


def _fill_queue(app: Celery, ledger: Ledger, sweep: Sweep, live: Sequence[str], now: float) -> int:
    waiting = _queue_length(app) if live else 0
    lost_s = _LOST_ANYWAY_S if waiting else _LOST_WHEN_EMPTY_S
    free = sweep.children * PAGES_WAITING_PER_CHILD - waiting
    sent = 0
    for job_id in live:
        if sent >= free:
            break
        with ledger.write() as books:
            keys = page_book.offer(books, job_id, free - sent, now - lost_s, now)
        _send(app, job_id, keys)
        sent += len(keys)
    return sent


def hand_back(ledger_url: str, key: PageKey) -> None:
    """Queue a page whose process died, from the worker's main process.

    No connection stays open there: SQLite's must not be carried into the children forked later.
    """
    ledger = open_ledger(ledger_url)
    with ledger.write() as books:
        page_book.hand_back(books, key, time.time())
    ledger.close()


def _send(app: Celery, job_id: str, keys: list[PageKey]) -> None:
    task = app.tasks["formdigits.read_page"]
    with app.producer_pool.acquire() as producer:
        for document, page in keys:
            task.apply_async((job_id, document, page), producer=producer, retry=False)


def _queue_length(app: Celery) -> int:
    with app.connection_for_write() as connection:
        queue = app.amqp.queues[QUEUE](connection.channel())
        return int(queue.queue_declare().message_count)


def _ended(ledger: Ledger, job_id: str) -> bool:
    with ledger.read() as books:
        return jobs.status(books, job_id, time.time()).ended


def _revive(embedded: Path | None) -> None:
    if embedded is None:
        return
    try:
        revive(embedded)
    except ServiceError as error:
        log.warning("%s", error)
