"""Pictures of a whole job: all pages are there, the index is sorted, and nothing in it runs."""

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import cv2
import numpy as np
import pytest
from ledger_steps import read_some
from typer.testing import CliRunner

import ocr
from workers import Client, annotating
from workers.commands import app

NASTY = "<img src=x onerror=alert(1)>\"'&.png"


class Index(HTMLParser):
    """What a browser sees of an index."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.links, self.sources, self.tags, self.text = [], [], set(), ""
        self.feed((folder / "index.html").read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        kept = dict(attributes)
        assert not any(name.startswith("on") for name in kept)
        self.links += [kept["href"]] if "href" in kept else []
        self.sources += [kept["src"]] if "src" in kept else []

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def job(scans, draw_scan):
    """A job of six good scans, three broken ones, and one with a name that means harm."""
    draw_scan(scans / "nasty.png", "90210")
    (scans / "nasty.png").rename(scans / NASTY)
    submitted = Client().submit(scans, "digits")
    read_some(submitted, 100)
    return submitted


def confidences(text: str) -> list[float]:
    return [float(each) for each in re.findall(r"(?:accepted|review) (\d\.\d+)", text)]


def test_every_page_is_listed_and_every_crop_shown_the_least_confident_first(job, tmp_path):
    assert job.annotate(tmp_path / "pictures") == 10
    index = Index(tmp_path / "pictures")
    read = sorted(float(row["confidence"]) for row in job.rows() if row["confidence"])
    assert confidences(index.text) == pytest.approx(read, abs=1e-3)
    for row in job.rows():
        assert row["document"] in index.text
        assert row["value"] in index.text
        assert row["reason"] in index.text, "error rows too"
    assert len(index.sources) == 7, "a crop of each field"
    assert sorted(set(index.links)) == [
        f"pages/{path.name}" for path in sorted((tmp_path / "pictures" / "pages").iterdir())
    ]


def test_an_index_loads_and_runs_nothing_whatever_documents_are_called(job, tmp_path):
    job.annotate(tmp_path / "pictures")
    index = Index(tmp_path / "pictures")
    assert NASTY in index.text
    assert all(source.startswith("data:image/jpeg;base64,") for source in index.sources)
    assert not index.tags & {"script", "iframe", "link", "object"}


def test_pictures_of_pages_are_small(scans, tmp_path):
    page = np.full((3508, 2480), 250, np.uint8)
    cv2.putText(page, "4711", (600, 900), cv2.FONT_HERSHEY_SIMPLEX, 6, 20, 14)
    shutil.rmtree(scans)
    scans.mkdir()
    cv2.imwrite(str(scans / "a4.png"), page)
    job = Client().submit(scans, "digits")
    read_some(job, 1)
    job.annotate(tmp_path / "pictures")
    (picture,) = (tmp_path / "pictures" / "pages").iterdir()
    assert max(cv2.imread(str(picture)).shape) == 1000


def test_a_page_whose_file_has_gone_or_shrunk_since_stays_in_the_index(job, scans, tmp_path):
    (scans / "0.png").unlink()
    cv2.imwrite(str(scans / "1.png"), np.full((9, 9), 200, np.uint8))
    assert job.annotate(tmp_path / "pictures") == 10
    index = Index(tmp_path / "pictures")
    assert "0.png" in index.text
    assert len(index.sources) == 6


def test_of_a_large_job_the_least_confident_fields_are_shown(job, tmp_path, monkeypatch):
    monkeypatch.setattr(annotating, "_MOST_CROPS", 2)
    job.annotate(tmp_path / "pictures")
    index = Index(tmp_path / "pictures")
    read = sorted(float(row["confidence"]) for row in job.rows() if row["confidence"])
    assert confidences(index.text) == pytest.approx(read[:2], abs=1e-3)
    assert "(2 of 7)" in index.text
    assert len(list((tmp_path / "pictures" / "pages").iterdir())) == 7, "all pages have theirs"


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        ("no/pictures", "no folder .*no; create it first"),
        ("file", "is a file; give a folder's name"),
        ("full", "is not empty; give a new folder"),
    ],
)
def test_a_folder_that_cannot_take_pictures_is_refused_before_any_work(
    scans, tmp_path, monkeypatch, folder, message
):
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    Path("full").mkdir()
    Path("full", "of").touch()
    words = ["run", str(scans), "--form", "digits", "-o", "x.csv", "--annotate", folder]
    with pytest.raises(ocr.ExportError, match=message):
        CliRunner().invoke(app, words, catch_exceptions=False)
    assert Client().statuses() == []


def test_a_folder_where_nothing_can_be_made_is_told_with_its_remedy(job):
    with pytest.raises(ocr.ExportError, match=r"^/proc/pictures: .*choose another folder"):
        job.annotate("/proc/pictures")


def test_what_breaks_off_leaves_no_pictures(job, tmp_path):
    def broken(pages):
        yield next(iter(pages))
        raise ZeroDivisionError

    before = sorted(tmp_path.iterdir())
    with pytest.raises(ZeroDivisionError):
        job.annotate(tmp_path / "pictures", broken)
    assert sorted(tmp_path.iterdir()) == before


def test_an_export_draws_a_submitted_jobs_pages(job, tmp_path):
    words = ["export", job.id, "-o", str(tmp_path / "x.csv"), "--annotate", str(tmp_path / "new")]
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0
    assert (tmp_path / "x.csv").exists()
    assert (tmp_path / "new" / "index.html").exists()
    assert "10 pages drawn" in done.output
