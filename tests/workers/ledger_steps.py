"""A job's steps through the ledger, what tests of the ledger are made of; one reads."""

import time

from ocr import Box, FieldReading, PageReading, PageTimeout, Status
from workers import Job
from workers.ledger import JobStatus, Ledger, NewJob, counters, jobs, leases, pages, results
from workers.ledger.pages import PageKey
from workers.ledger.readings import page_readings
from workers.pagework import Limits, read_and_record

NOW = 1_000_000.0
LEASE_S = 20.0


def field(value: str, status: Status = Status.ACCEPTED) -> FieldReading:
    return FieldReading("count", "digits", value, value, 0.97, status, "", Box(1, 2, 3, 4))


def submit(ledger: Ledger, new: NewJob, paths: list[str]) -> str:
    with ledger.write() as books:
        job = jobs.create(books, new, NOW, LEASE_S)
        jobs.add_documents(books, job, paths, NOW + LEASE_S)
        jobs.close_listing(books, job, NOW)
    return job


def offered(ledger: Ledger, job: str, now: float = NOW) -> list[PageKey]:
    with ledger.write() as books:
        return pages.offer(books, job, 100, now - 5, now)


def lease(ledger: Ledger, key: PageKey, now: float = NOW) -> leases.Lease | None:
    with ledger.write() as books:
        return leases.lease(books, key, "w1", now, LEASE_S)


def record(ledger: Ledger, key: PageKey, *fields: FieldReading, now: float = NOW + 1) -> bool:
    reading = PageReading("as leased", key[1], "digits", fields, model="m1")
    with ledger.write() as books:
        return results.record(books, key, reading, now)


def fail(ledger: Ledger, key: PageKey) -> None:
    with ledger.write() as books:
        results.record_error(books, key, PageTimeout(), NOW + 1)


def status(ledger: Ledger, job: str, now: float = NOW + 2) -> JobStatus:
    with ledger.read() as books:
        return counters.status(books, job, now)


def readings(ledger: Ledger, job: str) -> list[PageReading]:
    with ledger.read() as books:
        return list(page_readings(books, job))


def read_some(job: Job, pages: int) -> None:
    """Read pages of a job in this process."""
    for key in offered(job._ledger, job.id, time.time())[:pages]:
        read_and_record(job._ledger, key, "w1", Limits(page_s=60, lease_s=LEASE_S))
