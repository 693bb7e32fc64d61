"""`formdigits purge`: remove jobs that ended long ago."""

import time
from collections.abc import Iterator

import ocr
from workers.ledger import Ledger, jobs, retention
from workers.ledger.retention import Ended

# Documents deleted in one transaction: with 20 fields each a tenth of a second, workers wait.
_CHUNK = 500


def find_old(ledger: Ledger, older_than_s: float, job_id: str | None) -> list[Ended]:
    """Jobs that a purge would remove.

    Args:
        ledger: The ledger.
        older_than_s: Seconds since their end, at least.
        job_id: Only this one; None for all.

    Raises:
        JobError: There is no such job, or it has not ended or not long enough ago.
    """
    with ledger.read() as books:
        if job_id is not None:
            jobs.find(books, job_id)
        found = retention.ended_before(books, time.time() - older_than_s)
    if job_id is None:
        return found
    mine = [each for each in found if each.job == job_id]
    if not mine:
        raise ocr.JobError(
            f"job {job_id} has not ended, or more recently than --older-than says; give fewer "
            f'days, or "formdigits cancel {job_id}" first'
        )
    return mine


def purge(ledger: Ledger, old: list[Ended], older_than_s: float) -> Iterator[Ended]:
    """Remove jobs with all their rows and their logs; gives each when it is gone.

    One that somebody queued again in the meantime stays. The files in the folder are not touched.

    Raises:
        LedgerError: The ledger is out of reach; call it again.
    """
    for each in old:
        with ledger.write() as books:
            marked = retention.mark(books, each.job, time.time() - older_than_s)
        if marked:
            _remove(ledger, each.job)
            yield each


def _remove(ledger: Ledger, job_id: str) -> None:
    removed = _CHUNK
    while removed:
        with ledger.write() as books:
            removed = retention.remove_documents(books, job_id, _CHUNK)
    with ledger.write() as books:
        retention.remove_job(books, job_id)
    (ocr.state_folder() / "logs" / f"{job_id}.log").unlink(missing_ok=True)
