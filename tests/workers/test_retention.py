"""Purging: what ended long ago goes, whole; what is running stays."""

import pytest
from ledger_steps import NOW, fail, field, lease, offered, record, status, submit
from sqlalchemy import func, select

from ocr import JobError
from workers import purging
from workers.ledger import Ledger, NewJob, counters, jobs
from workers.ledger.tables import (
    correction,
    document,
    job,
    metadata,
    page,
    reading,
    refusal,
    schema_revision,
    worker,
)

OF_JOBS = (job, document, page, reading, correction, refusal)
DAY_S = 86_400.0


def read_job(ledger: Ledger, new: NewJob, at: float = NOW) -> str:
    """A job of two pages, one of them an error, with a correction; done."""
    name = submit(ledger, new, ["a.png", "b.png"])
    good, bad = offered(ledger, name)
    lease(ledger, good, at)
    record(ledger, good, field("1"), now=at)
    fail(ledger, bad)
    corrected = {"document_id": good[0], "page": 1, "position": 0, "value": "7", "by": "me"}
    with ledger.write() as books:
        books.execute(correction.insert().values(corrected | {"at": at}))
    return name


def rows(ledger: Ledger) -> dict[str, int]:
    with ledger.read() as books:
        return {
            table.name: books.scalar(select(func.count()).select_from(table)) for table in OF_JOBS
        }


def purged(ledger: Ledger, days: float, name: str | None = None) -> list[str]:
    old = purging.find_old(ledger, days * DAY_S, name)
    return [each.job for each in purging.purge(ledger, old, days * DAY_S)]


@pytest.fixture
def ten_days_later(monkeypatch):
    monkeypatch.setattr(purging.time, "time", lambda: NOW + 10 * DAY_S)


@pytest.mark.usefixtures("ten_days_later")
def test_a_job_that_ended_long_ago_goes_with_all_its_rows(ledger, new_job, state, monkeypatch):
    monkeypatch.setattr(purging, "_CHUNK", 1)
    name = read_job(ledger, new_job)
    log = state / "logs" / f"{name}.log"
    log.parent.mkdir(parents=True)
    log.touch()
    assert purged(ledger, 11) == []
    assert rows(ledger) == {
        "job": 1,
        "document": 2,
        "page": 2,
        "reading": 2,
        "correction": 1,
        "refusal": 0,
    }
    assert purged(ledger, 9) == [name]
    assert set(rows(ledger).values()) == {0}
    assert not log.exists()


@pytest.mark.usefixtures("ten_days_later")
def test_other_jobs_stay_whole(ledger, new_job):
    running = submit(ledger, new_job, ["a.png"])
    cancelled = submit(ledger, new_job, ["a.png"])
    with ledger.write() as books:
        jobs.cancel(books, cancelled)
    old = read_job(ledger, new_job)
    assert purged(ledger, 9) == [cancelled, old]
    assert status(ledger, running).pages == 1
    assert rows(ledger) == {
        "job": 1,
        "document": 1,
        "page": 1,
        "reading": 0,
        "correction": 0,
        "refusal": 0,
    }


@pytest.mark.usefixtures("ten_days_later")
def test_a_job_named_must_have_ended_that_long_ago(ledger, new_job):
    running = submit(ledger, new_job, ["a.png"])
    with pytest.raises(JobError, match=f'has not ended.*"formdigits cancel {running}"'):
        purged(ledger, 0, running)
    old, other = read_job(ledger, new_job), read_job(ledger, new_job)
    with pytest.raises(JobError, match="more recently"):
        purged(ledger, 11, old)
    with pytest.raises(JobError, match='no job "nope"'):
        purged(ledger, 0, "nope")
    assert purged(ledger, 9, old) == [old]
    assert status(ledger, other).done == 2


@pytest.mark.usefixtures("ten_days_later")
def test_a_purge_that_was_killed_shows_no_half_job_and_is_finished_by_the_next(ledger, new_job):
    name = read_job(ledger, new_job)
    with ledger.write() as books:
        assert purging.retention.mark(books, name, NOW + 10 * DAY_S)
        assert purging.retention.remove_documents(books, name, 1) == 1
    with ledger.read() as books:
        assert counters.statuses(books, NOW) == []
    with pytest.raises(JobError, match="no job"):
        status(ledger, name)
    assert purged(ledger, 9) == [name]
    assert set(rows(ledger).values()) == {0}


@pytest.mark.usefixtures("ten_days_later")
def test_a_job_queued_again_in_the_meantime_stays(ledger, new_job):
    name = read_job(ledger, new_job)
    old = purging.find_old(ledger, DAY_S, None)
    with ledger.write() as books:
        assert jobs.retry(books, name) == 1
    assert list(purging.purge(ledger, old, DAY_S)) == []
    assert status(ledger, name).pages == 2


def test_every_table_but_that_of_the_workers_is_emptied_by_a_purge():
    others = {table.name for table in metadata.sorted_tables} - {t.name for t in OF_JOBS}
    assert others == {worker.name, schema_revision.name}
