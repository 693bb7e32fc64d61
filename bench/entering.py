"""Enter a folder's files as a job, as `formdigits submit` does, in a process with nothing besides.

Prints the seconds to the first documents and to the last, and the peak memory in MB.
"""

import sys
import time
from pathlib import Path

from bench.memory import peak_mb
from workers.ledger import NewJob, jobs, open_ledger
from workers.listing import chunks
from workers.settings import Settings
from workers.submitting import enter


def main(folder: str, url: str) -> None:
    """Enter it into a new ledger."""
    settings = Settings(settle_seconds=0.0)
    begun = time.perf_counter()
    next(chunks(Path(folder), settings.settle_seconds))
    first_s = time.perf_counter() - begun
    ledger = open_ledger(url)
    with ledger.write() as books:
        job_id = jobs.create(books, NewJob(folder, "{}", "digits", "m"), time.time(), 20)
    enter(ledger, job_id, settings)
    print(first_s, time.perf_counter() - begun, peak_mb())


if __name__ == "__main__":
    main(*sys.argv[1:])
