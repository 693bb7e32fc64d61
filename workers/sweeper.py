"""The sweeper: brings what the ledger says is open to the broker, again and again.

Submitting, retrying and cancelling only write the ledger. Each worker runs a sweeper beside its
children; it keeps the broker's queue short but never empty, hands back pages whose worker died,
and sends again what the broker lost. Many sweepers do no harm: the ledger gives a page to one.
"""

import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread

from celery import Celery
from kombu.exceptions import OperationalError
from redis import RedisError

from ocr import JobError, ServiceError
from workers.app import QUEUES, longest_seconds, queue_length
from workers.broker import embedded_folder, revive
from workers.leasewatch import LeaseWatch
from workers.ledger import Ledger, counters, crew, jobs, leases, open_ledger, pages
from workers.ledger.jobs import OpenJob
from workers.ledger.pages import PageKey
from workers.liveness import Liveness
from workers.priority import Priority
from workers.settings import Settings
from workers.submitting import take_over
from workers.unable import Unable

log = logging.getLogger(__name__)

PERIOD_S = 0.5
# Between looks at whether a job has come or grown, which cost a tenth of a round: with a round's
# period alone a batch waited a quarter of a second for its first page.
_LOOK_S = 0.1
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
        settings: Where the ledger is, and the limits.
        broker_url: The broker, also if it is the embedded one.
        children: Processes that read, on this worker.
        worker: The name under which this worker leases pages.
        job: This job comes before others, and the worker stops when it has ended; None to serve
            all jobs, oldest first, for ever.
    """

    settings: Settings
    broker_url: str
    children: int
    worker: str
    job: str | None


def sweep_until_orphaned(app: Celery, sweep: Sweep, told: Connection) -> None:
    """Sweep while the worker that started this process lives.

    Args:
        app: The configured Celery app.
        sweep: What to do.
        told: Gets a word each round, so that a sweeper that hangs is found.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the worker, which stops this
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # what it was told: a worker that died while this process began is no longer its parent
    parent = multiprocessing.parent_process()
    worker = parent.pid if parent and parent.pid else os.getppid()
    log.info("worker %d: sweeper %d", worker, os.getpid())
    _serve_metrics(app, sweep.settings, worker)
    longest_s = longest_seconds(sweep.settings.page_seconds)
    watch = LeaseWatch(sweep.worker, sweep.settings.lease_seconds, longest_s)
    liveness = Liveness(sweep.worker, worker, longest_s)
    unable = Unable(sweep.settings.unable_seconds)
    listing: Thread | None = None
    while os.getppid() == worker:
        try:
            told.send(None)
            ledger = open_ledger(sweep.settings.ledger)
            known = open_jobs(ledger)
            if listing is None or not listing.is_alive():
                listing = take_over(ledger, time.time(), sweep.settings)
            liveness.look(app, ledger, time.monotonic())
            sweep_once(app, ledger, sweep, watch)
            unable.look(ledger, time.time(), time.monotonic())
            if sweep.job and _ended(ledger, sweep.job):
                os.kill(worker, signal.SIGTERM)  # Celery's warm stop: pages begun are finished
                return
            wait_for_news(ledger, known)
            continue
        except ServiceError as error:
            log.warning("sweeper waits: %s", error)
            liveness.start_over()
        except (OperationalError, RedisError, OSError) as error:
            log.warning("sweeper waits for the broker: %s", type(error).__name__)
            liveness.start_over()
            _revive(embedded_folder(sweep.settings))
        time.sleep(PERIOD_S)


def wait_for_news(ledger: Ledger, known: list[OpenJob]) -> None:
    """Until the next round is due, or until there is work that the last one did not know of."""
    due = time.monotonic() + PERIOD_S
    while time.monotonic() < due:
        time.sleep(_LOOK_S)
        if open_jobs(ledger) != known:
            return


def open_jobs(ledger: Ledger) -> list[OpenJob]:
    """What there is to do, as far as a job's row tells."""
    with ledger.read() as books:
        return jobs.unfinished(books)


def sweep_once(app: Celery, ledger: Ledger, sweep: Sweep, watch: LeaseWatch) -> int:
    """Renew this worker's leases, end others' that ran out, and fill the queue up.

    Returns:
        How many pages were sent to the broker.
    """
    with ledger.read() as books:
        live = sorted(jobs.unfinished(books), key=lambda each: each.id != sweep.job)
        due = watch.look(leases.held(books), time.monotonic())
        refused = {each.job: each for each in crew.refusals(books) if each.worker == sweep.worker}
    if due.renewals:
        with ledger.write() as books:
            leases.renew(books, due.renewals, time.time(), sweep.settings.lease_seconds)
    for each in due.run_out:
        with ledger.write() as books:
            # This worker lives, and tells of children that die: their results were lost to a
            # ledger out of reach, so the page is not to blame.
            blamed = each.worker != sweep.worker
            leases.end_run_out(books, each, time.time(), blamed)
    now = time.time()
    able = [each for each in live if each.id not in refused or not refused[each.id].holds(now)]
    return sum(
        _fill_queue(
            app,
            ledger,
            sweep,
            priority,
            {each.id: each.id in refused for each in able if each.priority is priority},
        )
        for priority in Priority
    )


def _fill_queue(
    app: Celery, ledger: Ledger, sweep: Sweep, priority: Priority, live: Mapping[str, bool]
) -> int:
    """Send pages of jobs, in their order; of one that this worker could not read, a single one."""
    queue, now = QUEUES[priority], time.time()
    waiting = queue_length(app, queue) if live else 0
    lost_s = _LOST_ANYWAY_S if waiting else _LOST_WHEN_EMPTY_S
    free = sweep.children * PAGES_WAITING_PER_CHILD - waiting
    sent = 0
    for job_id, doubtful in live.items():
        if sent >= free:
            break
        most = 1 if doubtful else free - sent
        with ledger.write() as books:
            keys = pages.offer(books, job_id, most, now - lost_s, now)
        _send(app, queue, job_id, keys)
        sent += len(keys)
    return sent


def hand_back(ledger_url: str, key: PageKey, worker: str) -> None:
    """Queue a page whose process died, from the worker's main process.

    No connection stays open there: SQLite's must not be carried into the children forked later.
    """
    ledger = open_ledger(ledger_url)
    with ledger.write() as books:
        leases.hand_back(books, key, worker, time.time())
    ledger.close()


def _send(app: Celery, queue: str, job_id: str, keys: list[PageKey]) -> None:
    task = app.tasks["formdigits.read_page"]
    with app.producer_pool.acquire() as producer:
        for document, page in keys:
            words = (job_id, document, page)
            task.apply_async(words, queue=queue, producer=producer, retry=False)


def _ended(ledger: Ledger, job_id: str) -> bool:
    try:
        with ledger.read() as books:
            return counters.status(books, job_id, time.time()).ended
    except JobError:
        return True  # there is none, or it was purged


def _revive(embedded: Path | None) -> None:
    if embedded is None:
        return
    try:
        revive(embedded)
    except ServiceError as error:
        log.warning("%s", error)


def _serve_metrics(app: Celery, settings: Settings, worker: int) -> None:
    if not settings.metrics_port:
        return
    try:
        from workers.metrics import serve  # noqa: PLC0415  # an optional package

        serve(app, settings.ledger, worker, settings.metrics_address, settings.metrics_port)
    except ImportError:
        log.warning('no metrics: prometheus-client is missing; pip install "formdigits[metrics]"')
    except ServiceError as error:
        log.warning("%s", error)
