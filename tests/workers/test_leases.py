"""Who has a page, or a folder to list, and what becomes of it when they die."""

import threading

from ledger_steps import LEASE_S, NOW, field, lease, offered, readings, record, status, submit

from ocr import Status
from workers.ledger import JobState, jobs, leases
from workers.ledger.leases import MAX_ATTEMPTS


def test_a_page_is_leased_to_one_worker(ledger, new_job):
    job = submit(ledger, new_job, ["a.png"])
    (key,) = offered(ledger, job)
    taken: list[leases.Lease | None] = []
    threads = [threading.Thread(target=lambda: taken.append(lease(ledger, key))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 4
    assert sum(each is not None for each in taken) == 1


def test_a_listing_is_taken_over_once_when_its_command_has_left(ledger, new_job):
    with ledger.write() as books:
        job = jobs.create(books, new_job, NOW, LEASE_S)
        jobs.add_documents(books, job, ["a.png"], NOW + 2 * LEASE_S)
    later = NOW + 2 * LEASE_S + 1
    with ledger.read() as books:
        assert jobs.left_listings(books, NOW + LEASE_S + 1) == []
        assert jobs.left_listings(books, later) == [job]
    with ledger.write() as books:
        assert jobs.lease_listing(books, job, later, later + LEASE_S)
        assert not jobs.lease_listing(books, job, later, later + LEASE_S)
        jobs.close_listing(books, job, later)
    with ledger.read() as books:
        assert jobs.left_listings(books, later + 1000) == []


def test_documents_of_a_command_that_comes_back_after_the_jobs_end_are_read(ledger, new_job):
    job = submit(ledger, new_job, ["a.png"])
    (key,) = offered(ledger, job)
    record(ledger, key, field("1"))
    assert status(ledger, job).ended
    with ledger.write() as books:
        jobs.add_documents(books, job, ["a.png"], NOW + LEASE_S)
    assert status(ledger, job).ended
    with ledger.write() as books:
        jobs.add_documents(books, job, ["b.png"], NOW + LEASE_S)
    assert not status(ledger, job).ended
    (late,) = offered(ledger, job)
    record(ledger, late, field("2"))
    assert status(ledger, job).state is JobState.DONE


def test_a_page_whose_result_was_lost_to_an_outage_is_not_blamed(ledger, new_job):
    job = submit(ledger, new_job, ["a.png"])
    for _ in range(2 * MAX_ATTEMPTS):
        (key,) = offered(ledger, job)
        assert lease(ledger, key) is not None
        with ledger.write() as books:
            (held,) = leases.held(books)
            leases.end_run_out(books, held, NOW + LEASE_S + 1, blamed=False)
    assert status(ledger, job).done == 0


def test_a_lease_is_ended_by_nobody_else_and_not_after_it_was_renewed(ledger, new_job):
    job = submit(ledger, new_job, ["a.png"])
    (key,) = offered(ledger, job)
    lease(ledger, key)
    with ledger.write() as books:
        (seen,) = leases.held(books)
        leases.hand_back(books, key, "another", NOW + 1)
        leases.renew(books, [key], NOW + 1, LEASE_S)
        leases.end_run_out(books, seen, NOW + LEASE_S + 1, blamed=True)
    assert offered(ledger, job, NOW + 10) == []


def test_pages_are_offered_once_unless_the_broker_lost_them(ledger, new_job):
    job = submit(ledger, new_job, ["a.png", "b.png"])
    both = offered(ledger, job)
    assert offered(ledger, job, NOW + 1) == []
    lease(ledger, both[0])
    assert offered(ledger, job, NOW + 6) == both[1:]


def test_a_page_whose_worker_died_comes_back_and_after_three_starts_is_an_error(ledger, new_job):
    job = submit(ledger, new_job, ["a.png"])
    now = NOW
    for attempt in range(1, MAX_ATTEMPTS + 1):
        (key,) = offered(ledger, job, now)
        assert lease(ledger, key, now) is not None
        with ledger.write() as books:
            leases.hand_back(books, key, "w1", now)
        assert status(ledger, job).ended == (attempt == MAX_ATTEMPTS)
        now += 100
    (reading,) = readings(ledger, job)
    assert reading.fields[0].status is Status.ERROR
    assert reading.fields[0].reason.startswith("page_crashed: ")


def test_a_page_lost_by_the_broker_comes_back_although_the_clock_was_set_back(ledger, new_job):
    job = submit(ledger, new_job, ["a.png"])
    first = offered(ledger, job, NOW + 86_400)
    assert offered(ledger, job, NOW) == first


def test_a_late_result_of_a_slow_worker_counts(ledger, new_job):
    job = submit(ledger, new_job, ["a.png"])
    (key,) = offered(ledger, job)
    lease(ledger, key)
    with ledger.write() as books:
        leases.hand_back(books, key, "w1", NOW)
    assert record(ledger, key, field("7"))
    assert offered(ledger, job) == []
    assert status(ledger, job).state is JobState.DONE
