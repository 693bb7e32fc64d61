"""Jobs that no worker can read: they wait, and in the end their pages are error rows.

A page is never given up because one machine lacks its job's model version; only when all workers
that run have refused the job for long.
"""

import logging

import ocr
from workers.ledger import Ledger, crew, results

log = logging.getLogger(__name__)

_CHUNK = 200  # pages in one transaction, a fifth of a second


class Unable:
    """A sweeper's memory of the jobs that nobody can read, and since when."""

    def __init__(self, patience_s: float) -> None:
        """No such job was seen.

        Args:
            patience_s: How long such a job waits for a worker that can.
        """
        self._patience_s = patience_s
        self._since: dict[str, float] = {}

    def look(self, ledger: Ledger, now: float, clock_s: float) -> None:
        """Give up some pages of each job that has waited too long.

        Args:
            ledger: The ledger.
            now: The time, as everywhere in the ledger.
            clock_s: A clock that never jumps, such as `time.monotonic`.
        """
        with ledger.read() as books:
            refusals = crew.refusals(books)
            lacking = crew.refused_by_all(crew.members(books), refusals, now) if refusals else {}
        self._since = {job: self._since.get(job, clock_s) for job in lacking}
        for job, since in self._since.items():
            if clock_s - since > self._patience_s:
                with ledger.write() as books:
                    failed = results.fail_queued(books, job, ocr.NoAbleWorker(), _CHUNK, now)
                if failed:
                    log.error("job %s: %d pages given up: %s", job, failed, lacking[job])
