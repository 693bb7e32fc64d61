"""A job keeps the form and the model version that it began with, whatever changes meanwhile."""

import shutil
import time

import pytest
from ledger_steps import LEASE_S, offered

import ocr
from workers import Client
from workers.pagework import Limits, read_and_record

FORM = 'name = "count"\nlayout = "crop"\n[[field]]\nname = "{}"\ntype = "digits"\n'


def read_some(job, pages: int) -> None:
    """Read pages of a job in this process."""
    for key in offered(job._ledger, job.id, time.time())[:pages]:
        read_and_record(job._ledger, key, "w1", Limits(page_s=60, lease_s=LEASE_S))


@pytest.fixture
def form(tmp_path):
    path = tmp_path / "count.toml"
    path.write_text(FORM.format("before"))
    return path


def test_a_form_that_changes_or_goes_changes_no_job(scans, form):
    job = Client().submit(scans, form)
    read_some(job, 2)
    form.write_text(FORM.format("after"))
    later = Client().submit(scans, form)
    form.unlink()
    with job._ledger.write() as books:
        books.exec_driver_sql("UPDATE page SET offered = 0")
    read_some(job, 100)
    read_some(later, 100)
    assert {row["field"] for row in job.rows()} == {"before", ""}  # error rows have no field
    assert {row["field"] for row in later.rows()} == {"after", ""}
    assert job.status().done == later.status().done == 9


def test_a_new_champion_reads_only_later_jobs(scans, state):
    first = ocr.champion()
    job = Client().submit(scans, "digits")
    models = state / "models"
    shutil.copytree(first.path, models / "newer")
    (models / "champion").write_text("newer")
    later = Client().submit(scans, "digits")
    read_some(job, 100)
    read_some(later, 100)
    assert {row["model"] for row in job.rows()} == {first.version, ""}
    assert {row["model"] for row in later.rows()} == {"newer", ""}
