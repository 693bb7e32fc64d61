"""The ledger, on SQLite and PostgreSQL alike: jobs, results, counters."""

import threading
from collections import Counter

import pytest
from ledger_steps import LEASE_S, NOW, fail, field, lease, offered, readings, record, status, submit

from ocr import FieldReading, JobError, PageReading, ServiceError, Status
from workers.ledger import JobState, counters, jobs, open_ledger
from workers.ledger import pages as page_book
from workers.ledger.leases import Lease


def test_a_job_goes_from_queued_through_running_to_done(ledger, new_job):
    job = submit(ledger, new_job, ["a.png"])
    assert status(ledger, job).state is JobState.QUEUED
    (key,) = offered(ledger, job)
    leased = lease(ledger, key)
    assert leased == Lease(job, "/scans", "{}", "m1", "a.png", opened=False)
    assert status(ledger, job).state is JobState.RUNNING
    assert record(ledger, key, field("01234"))
    done = status(ledger, job)
    assert (done.state, done.done, done.errors) == (JobState.DONE, 1, 0)
    assert done.ended


def test_readings_come_back_as_they_were(ledger, new_job):
    job = submit(ledger, new_job, ["a.png"])
    (key,) = offered(ledger, job)
    lease(ledger, key)
    nothing = FieldReading("zip", "postal_code", "", "", None, Status.MISSING, "not found", None)
    record(ledger, key, field("01234"), nothing)
    (reading,) = readings(ledger, job)
    assert reading == PageReading("a.png", 1, "digits", (field("01234"), nothing), model="m1")


def test_a_result_delivered_twice_is_written_once(ledger, new_job):
    job = submit(ledger, new_job, ["a.png"])
    (key,) = offered(ledger, job)
    lease(ledger, key)
    assert record(ledger, key, field("1"))
    assert not record(ledger, key, field("2"))
    fail(ledger, key)
    assert [each.fields[0].value for each in readings(ledger, job)] == ["1"]
    assert status(ledger, job).done == 1


def test_counters_agree_with_the_rows(ledger, new_job):
    job = submit(ledger, new_job, [f"{n}.png" for n in range(6)])
    verdicts = [Status.ACCEPTED, Status.REVIEW, Status.BLANK, Status.MISSING, Status.ACCEPTED]
    *good, bad = offered(ledger, job)
    for key, verdict in zip(good, verdicts, strict=True):
        lease(ledger, key)
        record(ledger, key, field("1", verdict), field("2", Status.REVIEW))
    fail(ledger, bad)
    tally = Counter(item.status for page in readings(ledger, job) for item in page.fields)
    told = status(ledger, job)
    assert tally[Status.ACCEPTED] == told.accepted == 2
    assert tally[Status.REVIEW] == told.review == 6
    assert tally[Status.BLANK] == told.blank == 1
    assert tally[Status.MISSING] == told.missing == 1
    assert tally[Status.ERROR] == told.errors == 1
    assert (told.documents, told.pages, told.done) == (6, 6, 6)


def test_the_export_is_ordered_by_characters_not_by_locale(ledger, new_job):
    paths = ["b.png", "B.png", "a/z.png", "a.png", "ä.png", "10.png", "9.png"]
    job = submit(ledger, new_job, paths)
    for key in reversed(offered(ledger, job)):
        record(ledger, key, field("1"))
    assert [each.document for each in readings(ledger, job)] == sorted(paths)


def test_opening_a_document_queues_its_other_pages_once(ledger, new_job):
    job = submit(ledger, new_job, ["a.pdf"])
    (first,) = offered(ledger, job)
    lease(ledger, first)
    with ledger.write() as books:
        assert page_book.open_document(books, first[0], 3, "abc", 100)
        assert not page_book.open_document(books, first[0], 3, "abc", 100)
    record(ledger, first, field("1"))
    assert not status(ledger, job).ended
    rest = offered(ledger, job)
    assert [number for _, number in rest] == [2, 3]
    for key in rest:
        leased = lease(ledger, key)
        assert leased is not None
        assert leased.opened
        record(ledger, key, field("1"))
    assert status(ledger, job).state is JobState.DONE
    assert [each.page for each in readings(ledger, job)] == [1, 2, 3]


def test_a_job_is_not_done_before_its_folder_is_listed(ledger, new_job):
    with ledger.write() as books:
        job = jobs.create(books, new_job, NOW, LEASE_S)
        jobs.add_documents(books, job, ["a.png"], NOW + LEASE_S)
    (key,) = offered(ledger, job)
    record(ledger, key, field("1"))
    assert not status(ledger, job).ended
    with ledger.write() as books:
        jobs.add_documents(
            books, job, ["a.png", "b.png"], NOW + LEASE_S
        )  # listed again after a crash
        jobs.close_listing(books, job, NOW)
    assert not status(ledger, job).ended
    (other,) = offered(ledger, job)
    record(ledger, other, field("1"))
    assert status(ledger, job).state is JobState.DONE
    assert status(ledger, job).documents == 2


def test_a_cancelled_job_gives_out_no_page_until_retried(ledger, new_job):
    job = submit(ledger, new_job, ["a.png", "b.png"])
    first, second = offered(ledger, job)
    record(ledger, first, field("1"))
    with ledger.write() as books:
        jobs.cancel(books, job)
    assert lease(ledger, second) is None
    assert status(ledger, job).state is JobState.CANCELLED
    with ledger.read() as books:
        assert jobs.unfinished(books) == []
    with ledger.write() as books:
        assert jobs.retry(books, job) == 1
    assert offered(ledger, job) == [second]
    assert lease(ledger, second) is not None


def test_retry_queues_only_what_failed(ledger, new_job):
    job = submit(ledger, new_job, ["a.png", "b.png"])
    good, bad = offered(ledger, job)
    record(ledger, good, field("1"))
    fail(ledger, bad)
    assert status(ledger, job).errors == 1
    with ledger.write() as books:
        assert jobs.retry(books, job) == 1
    assert (status(ledger, job).errors, status(ledger, job).ended) == (0, False)
    assert offered(ledger, job) == [bad]
    record(ledger, bad, field("2"))
    assert [each.fields[0].value for each in readings(ledger, job)] == ["1", "2"]
    assert status(ledger, job).state is JobState.DONE


def test_the_rate_is_that_of_the_last_minute(ledger, new_job):
    job = submit(ledger, new_job, [f"{n}.png" for n in range(4)])
    keys = offered(ledger, job)
    lease(ledger, keys[0])
    for key in keys[:2]:
        record(ledger, key, field("1"))
    early = status(ledger, job, NOW + 2)
    assert early.rate == pytest.approx(1.0)  # 2 pages in the 2 s since the first lease
    assert early.seconds_left == pytest.approx(2.0)
    late = status(ledger, job, NOW + 1000)
    assert (late.rate, late.seconds_left) == (0.0, None)


def test_unknown_and_finished_jobs_are_refused(ledger, new_job):
    with pytest.raises(JobError, match='no job "nope"'), ledger.read() as books:
        counters.status(books, "nope", NOW)
    job = submit(ledger, new_job, ["a.png"])
    (key,) = offered(ledger, job)
    record(ledger, key, field("1"))
    with pytest.raises(JobError, match="is done"), ledger.write() as books:
        jobs.cancel(books, job)


def test_sqlite_waits_for_a_writer_and_readers_do_not(tmp_path, new_job):
    ledger = open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    job = submit(ledger, new_job, ["a.png"])
    second = threading.Thread(target=lambda: submit(ledger, new_job, ["b.png"]))
    with ledger.write() as books:
        second.start()
        assert status(ledger, job).documents == 1  # while the writer holds its lock
        jobs.add_documents(books, job, ["c.png"], NOW + LEASE_S)
    second.join()
    with ledger.read() as books:
        assert {each.documents for each in counters.statuses(books, NOW)} == {1, 2}
    ledger.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody:secret@127.0.0.1:1/formdigits",
        "sqlite:////no/such/folder/ledger.sqlite",
        "no-such-database://x",
        "not a url",
    ],
)
def test_a_ledger_out_of_reach_is_one_clear_sentence(url):
    with pytest.raises(ServiceError, match="FORMDIGITS_LEDGER_URL") as caught:
        open_ledger(url)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
