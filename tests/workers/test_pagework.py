"""A page's time limit, and a result that waits for its ledger."""

import contextlib
import signal
import sqlite3
import time

import pytest
from ledger_steps import LEASE_S, offered

from workers import Client, pagework
from workers.ledger import LedgerError, connect, open_ledger
from workers.pagework import Limits, read_and_record
from workers.timelimit import OutOfTime, time_limit


def test_what_hangs_is_ended_also_where_every_exception_is_caught():
    def read_and_catch() -> None:
        while True:
            with contextlib.suppress(Exception):
                time.sleep(3600)

    with pytest.raises(OutOfTime), time_limit(0.01):
        read_and_catch()


def test_no_limit_is_left_behind():
    with time_limit(3600):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL


@pytest.fixture
def impatient_job(scans, monkeypatch):
    """A job in a ledger whose writers do not wait for each other."""
    monkeypatch.setattr(connect, "LEDGER_WAIT_S", 0)
    open_ledger.cache_clear()
    job = Client().submit(scans, "digits")
    yield job
    job._ledger.close()
    open_ledger.cache_clear()


def lock(state) -> sqlite3.Connection:
    other = sqlite3.connect(state / "ledger.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


def read_first(job) -> None:
    first = min(offered(job._ledger, job.id, time.time()))
    read_and_record(job._ledger, first, "w1", Limits(page_s=60, lease_s=LEASE_S))


def test_what_was_read_is_kept_until_the_ledger_takes_it(impatient_job, state, monkeypatch):
    real = pagework.ocr.read_page
    locked: list[sqlite3.Connection] = []
    waits: list[float] = []

    def read_and_lock(*words, **more):
        locked.append(lock(state))
        return real(*words, **more)

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            locked[0].execute("ROLLBACK")

    monkeypatch.setattr(pagework.ocr, "read_page", read_and_lock)
    monkeypatch.setattr(pagework.time, "sleep", wait)
    read_first(impatient_job)
    locked[0].close()
    assert len(waits) == 3
    assert impatient_job.status().done == 1
    assert impatient_job.status().errors == 0


def test_a_page_is_not_begun_without_a_lease(impatient_job, state):
    keys = offered(impatient_job._ledger, impatient_job.id, time.time())
    other = lock(state)
    with pytest.raises(LedgerError, match="locked"):
        read_and_record(impatient_job._ledger, keys[0], "w1", Limits(60, LEASE_S))
    other.execute("ROLLBACK")
    other.close()
    assert impatient_job.status().done == 0
