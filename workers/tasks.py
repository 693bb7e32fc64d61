"""The one Celery task: a page, named by the ledger's ids."""

import logging
import signal
from functools import cache
from types import FrameType

import cv2
from celery.exceptions import TimeLimitExceeded, WorkerLostError
from celery.signals import task_failure, worker_process_init

import ocr
from workers import pagework
from workers.app import WORKER, app
from workers.ledger import Ledger, LedgerError, open_ledger
from workers.settings import Settings, load_settings
from workers.sweeper import hand_back

log = logging.getLogger(__name__)


@app.task(name="formdigits.read_page", Request="workers.acknowledge:ReconnectingRequest")
def read_page(job: str, document: int, page: int) -> None:
    """Read one page; every ending leaves a result in the ledger, or the page open in it."""
    key = (document, page)
    signal.signal(signal.SIGUSR1, _raise_out_of_time)  # what Celery sends at the soft limit
    try:
        pagework.read_and_record(_ledger(), key, WORKER)
    except _OutOfTime:
        pagework.record_error(_ledger(), key, ocr.PageTimeout())
    except LedgerError as error:
        log.warning("job %s document %d page %d waits: %s", job, document, page, error)
    except Exception:
        log.exception("job %s document %d page %d: the reader failed", job, document, page)
        pagework.record_error(_ledger(), key, ocr.PageFailed())


class _OutOfTime(BaseException):
    """The soft time limit, in place of Celery's own.

    That one is an Exception, and a reader that takes any Exception of a decoder for a damaged
    image (as it must: no list of theirs is complete) would report the slow page as damaged.
    """


def _raise_out_of_time(_signal: int, _frame: FrameType | None) -> None:
    raise _OutOfTime


@worker_process_init.connect
def _set_up_child(**_: object) -> None:
    """One thread a child: the children together use all cores."""
    cv2.setNumThreads(1)


@task_failure.connect
def _hand_back_lost(exception: BaseException, args: tuple[str, int, int], **_: object) -> None:
    """The main process tells the ledger at once that a child died or was killed for its time."""
    if isinstance(exception, WorkerLostError | TimeLimitExceeded):
        job, document, page = args
        log.warning("job %s document %d page %d: its process died", job, document, page)
        hand_back(_settings().ledger, (document, page))


@cache
def _settings() -> Settings:
    return load_settings()


def _ledger() -> Ledger:
    return open_ledger(_settings().ledger)
