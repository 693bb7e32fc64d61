"""A machine that lacks a job's model version spoils no page of it."""

import shutil
import time

import pikepdf
import pytest
from ledger_steps import LEASE_S, offered

import ocr
from workers import Client, JobState, pagework
from workers.ledger import crew
from workers.ledger.crew import Member
from workers.pagework import Limits, read_and_record
from workers.unable import Unable

PATIENCE_S = 600.0


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(pagework.time, "sleep", lambda _: None)


@pytest.fixture
def job(scans, state):
    """A job of six good and three broken scans, whose model version is on this machine no more."""
    models = state / "models"
    shutil.copytree(ocr.champion().path, models / "newer")
    (models / "champion").write_text("newer")
    job = Client().submit(scans, "digits")
    (models / "newer").rename(state / "elsewhere")
    enter(job, "lacks")
    return job


def enter(job, worker: str) -> None:
    with job._ledger.write() as books:
        crew.enter(books, Member(worker, f"host of {worker}", 1, time.time(), 60.0))


def read_all(job, worker: str, limit: int = 100) -> None:
    for key in offered(job._ledger, job.id, time.time())[:limit]:
        read_and_record(job._ledger, key, worker, Limits(page_s=60, lease_s=LEASE_S))


def pages(job, column: str) -> list[object]:
    with job._ledger.read() as books:
        return list(books.exec_driver_sql(f"SELECT {column} FROM page").scalars())


def bring_model(state) -> None:
    (state / "elsewhere").rename(state / "models" / "newer")


def let_refusals_age(job) -> None:
    with job._ledger.write() as books:
        books.exec_driver_sql("UPDATE refusal SET tried = 0")


def test_good_pages_go_back_unblamed_and_the_status_says_what_is_lacking(job):
    read_all(job, "lacks")
    status = job.status()
    assert (status.errors, status.state) == (0, JobState.RUNNING)
    assert 'no digit model "newer"' in status.waits
    assert set(pages(job, "state")) == {"queued"}
    assert set(pages(job, "attempts")) == {0}
    assert set(pages(job, "offered")) == {0.0}, "others get them at once"


def test_another_worker_reads_them_all(job, state):
    read_all(job, "lacks")
    enter(job, "able")
    assert job.status().waits == ""
    bring_model(state)
    read_all(job, "able")
    assert (job.status().state, job.status().errors) == (JobState.DONE, 3)
    assert {row["model"] for row in job.rows()} == {"newer", ""}


def test_a_worker_tries_again_and_goes_on_when_its_model_has_come(job, state):
    read_all(job, "lacks")
    bring_model(state)
    read_all(job, "lacks")
    assert job.status().done == 0, "it is too early"
    let_refusals_age(job)
    read_all(job, "lacks")
    assert job.status().waits == ""
    read_all(job, "lacks")
    assert (job.status().done, job.status().errors) == (9, 3)


def test_only_when_nobody_can_for_long_pages_become_error_rows_that_retry_reads(job, state):
    enter(job, "idle")
    unable = Unable(PATIENCE_S)
    read_all(job, "lacks")
    for clock in (0.0, PATIENCE_S + 1):
        unable.look(job._ledger, time.time(), clock)
    assert job.status().errors == 0, "another worker runs that did not refuse"
    read_all(job, "idle", limit=1)
    for clock in (0.0, PATIENCE_S):
        unable.look(job._ledger, time.time(), clock)
    assert job.status().errors == 0, "it is too early"
    unable.look(job._ledger, time.time(), PATIENCE_S + 1)
    assert (job.status().state, job.status().errors) == (JobState.DONE, 9)
    assert {row["reason"].partition(":")[0] for row in job.rows()} == {"no_able_worker"}
    bring_model(state)
    let_refusals_age(job)
    assert job.retry() == 9
    read_all(job, "lacks")
    assert (job.status().done, job.status().errors) == (9, 3)


def test_a_job_that_no_worker_serves_says_so(scans):
    job = Client().submit(scans, "digits")
    assert job.status().waits == "no worker runs"
    enter(job, "w1")
    assert job.status().waits == ""
    job.cancel()
    with job._ledger.write() as books:
        crew.leave(books, "w1")
    assert job.status().waits == ""


def test_a_page_that_needs_poppler_is_left_to_a_worker_that_has_it(tmp_path, monkeypatch):
    (tmp_path / "drawn").mkdir()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 100))
        pdf.save(tmp_path / "drawn" / "blank.pdf")
    job = Client().submit(tmp_path / "drawn", "digits")
    with monkeypatch.context() as without_poppler:
        without_poppler.setenv("PATH", "/nowhere")
        read_all(job, "w1")
        assert (pages(job, "state"), job.status().errors) == (["queued"], 0)
        for _ in range(2):
            read_all(job, "w1")
    (row,) = job.rows()
    assert row["reason"].startswith("no_able_worker: ")
    if shutil.which("pdftoppm"):
        job.retry()
        read_all(job, "w1")
        (row,) = job.rows()
        assert row["status"] == "blank"
