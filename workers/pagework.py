"""One page's work: lease it, open its document, read it, record what was read.

Knows the ledger and `ocr`, not Celery. Running it twice for a page, or at once in two places,
writes the page's result once.
"""

import hashlib
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection

import ocr
from workers.fetching import local_file
from workers.ledger import Ledger, LedgerError, crew, leases, pages, readings, results
from workers.ledger.connect import LEDGER_WAIT_S
from workers.ledger.crew import Refusal
from workers.ledger.leases import Lease
from workers.ledger.pages import PageKey
from workers.storage import StorageError
from workers.timelimit import OutOfTime, time_limit

log = logging.getLogger(__name__)

_RETRY_S = 1.0
# What a machine may lack for a job: its model version, a policy that can be used, or a way to its
# storage. Other machines may have it, so the page is not to blame.
_LACKING = (ocr.ModelError, ocr.PolicyError, StorageError)
# A worker that cannot read a job takes no more than one of its pages a second from those who can.
_LEAVE_S = 1.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things may take.

    Attributes:
        page_s: Reading a page; before that, counting its document's pages.
        lease_s: How long a page stays leased without a renewal.
    """

    page_s: float
    lease_s: float


def read_and_record(ledger: Ledger, key: PageKey, worker: str, limits: Limits) -> None:
    """Read a page that nobody else reads, and write its result; an unreadable one is a result.

    A page of a job that this machine lacks something for is left to others.

    Raises:
        LedgerError: The ledger is out of reach; the page stays leased, the sweeper finds it.
    """
    with ledger.write() as books:
        refused = crew.refusal_of(books, worker, key[0])
        lease = None
        if refused and refused.holds(time.time()):
            pages.leave_to_others(books, key)
        else:
            lease = leases.lease(books, key, worker, time.time(), limits.lease_s)
    if lease is None:
        if refused:
            time.sleep(_LEAVE_S)
        return
    try:
        reading = _read_or_say_why(ledger, key, lease, limits.page_s)
    except _LACKING as error:
        log.warning("job %s: this worker cannot read it: %s; its pages wait", lease.job, error)
        refusal = Refusal(worker, lease.job, str(error), time.time())
        _persist(ledger, lambda books: _give_back(books, key, refusal))
        return
    except LedgerError:
        raise
    except ocr.ServiceError as error:  # what only some pages need, such as poppler
        log.warning("job %s document %d page %d is left to others: %s", lease.job, *key, error)
        _persist(ledger, lambda books: _leave(books, key, worker))
        time.sleep(_LEAVE_S)
        return
    _persist(ledger, lambda books: _record(books, key, reading, refused))
    log.debug("document %d page %d: %d fields", *key, len(reading.fields))


def _record(
    books: Connection, key: PageKey, reading: ocr.PageReading, refused: Refusal | None
) -> None:
    results.record(books, key, reading, time.time())
    if refused:
        crew.accept(books, refused.worker, refused.job)


def _leave(books: Connection, key: PageKey, worker: str) -> None:
    leases.hand_back(books, key, worker, time.time(), ocr.NoAbleWorker())


def _give_back(books: Connection, key: PageKey, refusal: Refusal) -> None:
    leases.give_back(books, key, refusal.worker)
    crew.refuse(books, refusal)


def _read_or_say_why(ledger: Ledger, key: PageKey, lease: Lease, page_s: float) -> ocr.PageReading:
    try:
        file = _file(lease, page_s)
        if not lease.opened:
            _open(ledger, key, lease, file, page_s)
        with ledger.read() as books:
            twin = readings.of_same_content(books, *key)
        if twin is not None:
            return replace(twin, document=lease.path)
        with time_limit(page_s):
            return _read(key, lease, file)
    except OutOfTime:
        error: ocr.DocumentError = ocr.PageTimeout()
    except ocr.DocumentError as found:
        error = found
    except (ocr.ServiceError, *_LACKING):
        raise
    except Exception:
        log.exception("job %s document %d page %d: the reader failed", lease.job, *key)
        error = ocr.PageFailed()
    return ocr.error_reading(lease.path, key[1], ocr.name_before_reading(_forms(lease.form)), error)


def _file(lease: Lease, page_s: float) -> Path:
    """The document's file; fetching it takes no time from reading it."""
    try:
        with time_limit(page_s):
            return local_file(lease.folder, lease.path)
    except OutOfTime:
        raise StorageError(
            f"{lease.folder}: fetching {lease.path} took too long; see the network"
        ) from None


def _read(key: PageKey, lease: Lease, file: Path) -> ocr.PageReading:
    forms = _forms(lease.form)
    return ocr.read_page(file, forms, page=key[1], document=lease.path, model=lease.model)


def _open(ledger: Ledger, key: PageKey, lease: Lease, file: Path, page_s: float) -> None:
    """Count the document's pages; those after the first are queued in the ledger."""
    try:
        with time_limit(page_s), file.open("rb") as content:
            count = ocr.count_pages(file)
            digest = hashlib.file_digest(content, "sha256").hexdigest()
            size_bytes = os.fstat(content.fileno()).st_size
    except OSError as error:
        raise ocr.FileUnreadable(f"{lease.path}: {error}") from error
    _persist(ledger, lambda books: pages.open_document(books, key[0], count, digest, size_bytes))
    log.info("job %s: %s, %d pages, %d bytes", lease.job, lease.path, count, size_bytes)


def _persist(ledger: Ledger, change: Callable[[Connection], object]) -> None:
    """Write to the ledger, again and again for as long as a ledger may be waited for.

    What was read is too dear to be thrown away because a database restarts.
    """
    deadline = time.monotonic() + LEDGER_WAIT_S
    while True:
        try:
            with ledger.write() as books:
                change(books)
        except LedgerError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_RETRY_S)
        else:
            return


@lru_cache(maxsize=8)
def _forms(form_json: str) -> ocr.Forms:
    """The job's forms; parsed once, since a worker reads thousands of pages of few jobs."""
    return ocr.forms_from_json(form_json)
