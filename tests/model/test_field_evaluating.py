"""`formdigits model evaluate --fields`: what labelled fields say of a version."""

import json

import cv2
import pytest

from samples.drawing.hands import UPRIGHT
from tests.model.commands import formdigits
from tests.ocr.drawn_digits import handwritten


@pytest.fixture
def scans(tmp_path):
    """Three scans; one label says something else than its scan, one scan is broken."""
    for text in ("482", "75", "31"):
        cv2.imwrite(str(tmp_path / f"{text}.png"), handwritten(text, UPRIGHT, seed=1))
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n")
    rows = ["file,value", "482.png,482", "75.png,75", "31.png,99", "broken.png,1"]
    (tmp_path / "labels.csv").write_text("\n".join(rows) + "\n")
    return tmp_path


def test_fields_are_counted_right_by_their_labels_with_what_confidence_is_worth(scans):
    report = scans / "report.html"
    done = formdigits(
        "model", "evaluate", "--fields", scans / "labels.csv", "--form", "digits", "--json",
        "--html", report, state=scans / "state",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    (field,) = told["fields"]
    assert (field["exact"]["n"], round(3 * field["exact"]["value"])) == (3, 2)
    assert field["risk"][0]["error"]["n"] == 3
    assert field["risk"][-1]["error"]["n"] < 3
    assert 0.2 < field["reliability"]["error"]["value"] < 0.8  # one of three is surely wrong
    (line,) = told["unreadable"]
    assert line.startswith("broken.png page 1: ")
    assert "risk and coverage" in report.read_text()


def test_figures_are_printed_for_people(scans):
    done = formdigits(
        "model", "evaluate", "--fields", scans / "labels.csv", "--form", "digits",
        state=scans / "state",
    )  # fmt: skip
    assert "not counted: broken.png page 1" in done.stdout
    assert "expected calibration error" in done.stdout


@pytest.mark.parametrize("words", [["--fields", "labels.csv"], ["--form", "digits"], []])
def test_signs_or_fields_are_asked_for_whole(tmp_path, words):
    done = formdigits("model", "evaluate", *words, state=tmp_path / "state")
    assert done.returncode == 2
    assert "--fields and --form" in done.stderr
