"""Entering a folder's documents into the ledger: by the submitting command, or in its place.

A command that is killed while it lists would leave a job that never ends. So it keeps a lease on
the listing, and when that runs out, a worker's sweeper lists the folder from the start; documents
that the job has already are left as they are.
"""

import logging
import threading
import time
from collections.abc import Callable

import ocr
from workers.ledger import Ledger, jobs
from workers.listing import chunks
from workers.settings import Settings

log = logging.getLogger(__name__)


def enter(
    ledger: Ledger, job_id: str, settings: Settings, watch: Callable[[], bool] = lambda: False
) -> None:
    """Enter all documents of the job's folder; those it has already are left alone.

    Args:
        ledger: The ledger.
        job_id: The job.
        settings: How long files settle, and leases last.
        watch: Keep entering new files as long as this is true.

    Raises:
        LedgerError: The ledger is out of reach.
        JobError: The folder cannot be read.
    """
    with ledger.read() as books:
        root = str(jobs.find(books, job_id).folder)
    renewed_at = time.time()
    for chunk in chunks(root, settings.settle_seconds, watch):
        with ledger.read() as books:
            new = jobs.unknown_documents(books, job_id, chunk)
        now = time.time()
        if new or now - renewed_at > settings.lease_seconds / 2:
            with ledger.write() as books:
                jobs.add_documents(books, job_id, new, now + settings.lease_seconds)
            renewed_at = now
    close(ledger, job_id)


def close(ledger: Ledger, job_id: str) -> None:
    """Note that the job gets no further documents."""
    with ledger.write() as books:
        jobs.close_listing(books, job_id, time.time())


def take_over(ledger: Ledger, now: float, settings: Settings) -> threading.Thread | None:
    """List the folder of a job whose submitting command is gone, in a thread; None if all live."""
    with ledger.read() as books:
        left = jobs.left_listings(books, now)
    for job_id in left:
        with ledger.write() as books:
            mine = jobs.lease_listing(books, job_id, now, now + settings.lease_seconds)
        if mine:
            log.warning("job %s: its submitting command is gone; listing its folder", job_id)
            thread = threading.Thread(target=_list, args=(ledger, job_id, settings), daemon=True)
            thread.start()
            return thread
    return None


def _list(ledger: Ledger, job_id: str, settings: Settings) -> None:
    try:
        enter(ledger, job_id, settings)
    except ocr.FormDigitsError as error:
        log.warning("job %s waits for its folder to be listed: %s", job_id, error)
