"""A job keeps the form and the model version that it began with, whatever changes meanwhile."""

import json
import shutil
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from ledger_steps import read_some

import ocr
from workers import Client
from workers.ledger import results

SAMPLES = Path(__file__).parents[2] / "samples"
FORM = 'name = "count"\nlayout = "crop"\n[[field]]\nname = "{}"\ntype = "digits"\n'


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


def test_a_job_keeps_all_its_forms_and_each_page_the_one_it_was_read_with(tmp_path):
    mixed, forms = tmp_path / "mixed", tmp_path / "forms"
    mixed.mkdir()
    forms.mkdir()
    shutil.copy(SAMPLES / "change-of-address.toml", forms)
    shutil.copy(SAMPLES / "forms" / "clean.png", mixed / "a.png")
    shutil.copy(SAMPLES / "forms" / "clean.png", mixed / "twin.png")
    shutil.copy(SAMPLES / "checks" / "us-decimals.jpg", mixed / "b.jpg")
    cv2.imwrite(str(mixed / "letter.png"), np.full((900, 700), 245, np.uint8))
    for name in ("torn.png", "worn.png"):
        (mixed / name).touch()
    job = Client().submit(mixed, [forms, "check"])
    shutil.rmtree(forms)
    read_some(job, 5)
    with job._ledger.write() as books:
        (worn,) = books.exec_driver_sql("SELECT id FROM document WHERE path = 'worn.png'").one()
        results.record_error(books, (worn, 1), ocr.PageCrashed(), time.time())
    read = {row["document"]: (row["form"], row["status"]) for row in job.rows()}
    assert {document: form for document, (form, _) in read.items()} == {
        "a.png": "change-of-address",
        "b.jpg": "check",
        "letter.png": "",
        "torn.png": "",
        "twin.png": "change-of-address",
        "worn.png": "",
    }
    (letter,) = [row for row in job.rows() if row["document"] == "letter.png"]
    assert (letter["status"], letter["reason"].split(":")[0]) == ("error", "unknown_form")
    assert job.status().form == "change-of-address, check"
    with job._ledger.read() as books:
        kept = books.exec_driver_sql("SELECT form FROM job").scalar()
    assert [form["name"] for form in json.loads(kept)] == ["change-of-address", "check"]


def test_a_crashed_page_of_a_single_form_names_it(scans):
    job = Client().submit(scans, "digits")
    with job._ledger.write() as books:
        results.record_error(books, (1, 1), ocr.PageCrashed(), time.time())
    assert {row["form"] for row in job.rows()} == {"digits"}
