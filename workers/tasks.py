"""The Celery tasks: a page, named by the ledger's ids, and the canary that tells of life."""

import logging
import time
from functools import cache

from celery import Task
from celery.exceptions import TimeLimitExceeded, WorkerLostError
from celery.signals import task_failure, worker_process_init

from workers.app import WORKER, app
from workers.child import set_up_child
from workers.ledger import LedgerError, crew, open_ledger
from workers.pagework import Limits, read_and_record
from workers.settings import Settings, load_settings
from workers.sweeper import hand_back

log = logging.getLogger(__name__)


@app.task(name="formdigits.read_page", Request="workers.acknowledge:ReconnectingRequest")
def read_page(job: str, document: int, page: int) -> None:
    """Read one page; every ending leaves a result in the ledger, or the page open in it."""
    settings = _settings()
    limits = Limits(settings.page_seconds, settings.lease_seconds)
    try:
        read_and_record(open_ledger(settings.ledger), (document, page), WORKER, limits)
    except LedgerError as error:
        log.warning("job %s document %d page %d waits: %s", job, document, page, error)


@app.task(name="formdigits.canary", Request="workers.acknowledge:ReconnectingRequest")
def canary(worker: str) -> None:
    """Tell the ledger that this worker takes tasks, and that a child ends them."""
    try:
        with open_ledger(_settings().ledger).write() as books:
            crew.answer(books, worker, time.time())
    except LedgerError as error:
        log.warning("a canary cannot be entered: %s", error)


@worker_process_init.connect
def _set_up_child(**_: object) -> None:
    set_up_child()


@task_failure.connect
def _hand_back_lost(
    sender: Task, exception: BaseException, args: tuple[str, int, int], **_: object
) -> None:
    """The main process tells the ledger at once that a child died or was killed for its time."""
    lost = isinstance(exception, WorkerLostError | TimeLimitExceeded)
    if lost and sender.name == read_page.name:
        job, document, page = args
        log.warning("job %s document %d page %d: its process died", job, document, page)
        hand_back(_settings().ledger, (document, page), WORKER)


@cache
def _settings() -> Settings:
    return load_settings()
