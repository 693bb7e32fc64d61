"""What a status costs: the same, however many pages a job has."""

from ledger_steps import NOW, field, lease, offered, record, status, submit
from sqlalchemy import Connection

from workers.ledger import Ledger, counters, open_ledger

FEW, MANY = 10, 200_000


def steps_of_a_status(ledger: Ledger, job: str) -> int:
    """Instructions that SQLite's engine executes: what is read, counted without a clock."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    with ledger.read() as books:
        connection = books.connection.driver_connection
        connection.set_progress_handler(count, 1)
        counters.status(books, job, NOW + 2)
        connection.set_progress_handler(None, 1)
    return steps


def finish_pages(books: Connection, job: str, pages: int) -> None:
    """Enter pages as if they had been read within the last minute."""
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
    books.exec_driver_sql(
        f"INSERT INTO document (id, job_id, path) {numbers} SELECT i + 100, ?, i FROM n",
        (pages, job),
    )
    books.exec_driver_sql(
        "INSERT INTO page (document_id, number, job_id, state, attempts, offered, model, finished)"
        " SELECT id, 1, job_id, 'done', 1, 0, 'm1', ? FROM document WHERE id > 100",
        (NOW,),
    )
    books.exec_driver_sql("UPDATE job SET pages = pages + ?, read = read + ?", (pages, pages))


def test_a_status_reads_as_much_of_a_large_job_as_of_a_small_one(tmp_path, new_job):
    steps = []
    for pages in (FEW, MANY):
        ledger = open_ledger(f"sqlite:///{tmp_path / str(pages)}")
        job = submit(ledger, new_job, ["a.png", "b.png"])
        first, _ = offered(ledger, job)
        lease(ledger, first)
        record(ledger, first, field("1"))
        with ledger.write() as books:
            finish_pages(books, job, pages)
        assert status(ledger, job).done == pages + 1
        steps.append(steps_of_a_status(ledger, job))
        ledger.close()
    assert steps[0] == steps[1] > 0


def test_the_rate_forgets_what_is_older_than_a_minute(ledger, new_job):
    job = submit(ledger, new_job, [f"{n:03}.png" for n in range(200)])
    keys = offered(ledger, job) + offered(ledger, job)
    for number, key in enumerate(keys[:100]):  # ten pages a second
        at = NOW + number / 10
        lease(ledger, key, at)
        record(ledger, key, field("1"), now=at)
    for number, key in enumerate(keys[100:]):  # then one a second
        at = NOW + 10 + number
        lease(ledger, key, at)
        record(ledger, key, field("1"), now=at)
        if number > 60:
            assert 0.9 < status(ledger, job, at).rate < 1.1 or number == 99
    assert status(ledger, job, at).ended


def test_a_pause_is_not_taken_for_a_slow_job(ledger, new_job):
    job = submit(ledger, new_job, [f"{n}.png" for n in range(9)])
    morning = NOW + 36_000
    for number, key in enumerate(offered(ledger, job)[:8]):
        at = NOW if number < 2 else morning + number
        lease(ledger, key, at)
        record(ledger, key, field("1"), now=at)
    assert 0.8 < status(ledger, job, morning + 8).rate < 1.2  # one page a second since morning
