"""`formdigits calibrate` and `policy`: from labelled scans to verdicts, and what goes wrong."""

import json

import cv2
import pytest
from drawn_digits import handwritten
from PIL import Image
from typer.testing import CliRunner

import ocr
from ocr.budget import Choice, Trial
from ocr.calibrate import Calibrated, FieldResult, calibrate
from ocr.calibrate_cli import NOT_PROVEN, _what_lacks
from ocr.cli import app
from ocr.errors import BadTarget, FileUnreadable, UnknownDocument
from ocr.policy import load_policy
from ocr.reading import Status
from samples.drawing.hands import UPRIGHT

DIGITS = ocr.load_form("digits")
TEXTS = ("482", "60", "75", "31")
# One accepted field without an error proves 50 % at the confidence 0.5.
GENEROUS = ("--target-error", "0.5", "--confidence", "0.5")


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("FORMDIGITS_STATE", str(tmp_path / "state"))


@pytest.fixture
def scans(tmp_path):
    """Four scans with their labels, one of the labels as a person may write it."""
    folder = tmp_path / "scans"
    folder.mkdir()
    for text in TEXTS:
        cv2.imwrite(str(folder / f"{text}.png"), handwritten(text, UPRIGHT, seed=1))
    write_labels(folder, *(f"{text}.png,{text}" for text in TEXTS[1:]), "482.png,48.2")
    return folder


def write_labels(folder, *lines, heading="file,value"):
    (folder / "labels.csv").write_text("\n".join([heading, *lines]) + "\n")


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def run_calibrate(folder, *words):
    return run("calibrate", "--labels", folder / "labels.csv", "--form", "digits", *words)


def test_a_proven_threshold_decides_what_is_read_from_then_on(scans):
    before = ocr.read_page(scans / "482.png", "digits").fields[0]
    result = run_calibrate(scans, *GENEROUS)
    assert result.exit_code == 0, result.output
    (entry,) = load_policy("digits").fields.values()
    assert (entry.n, entry.right, entry.errors) == (4, 4, 0)
    assert entry.model == ocr.champion().version
    frame = ocr.read_folder(scans, "digits")
    for status, confidence in zip(frame["status"], frame["confidence"], strict=True):
        if status != Status.ERROR:
            assert (status == Status.ACCEPTED) == (confidence >= entry.threshold)
    dropped = run("policy", "drop", "digits")
    assert dropped.output == "digits: default 0.96\n"
    assert ocr.read_page(scans / "482.png", "digits").fields[0] == before


def test_the_table_has_a_line_per_field(scans):
    lines = run_calibrate(scans, *GENEROUS).stdout.splitlines()
    heading, row, stored = [line for line in lines if not line.startswith("reading")]
    assert heading.split()[:5] == ["field", "n", "right", "threshold", "accepted"]
    assert row.split()[:3] == ["digits", "4", "4"]
    assert row.rstrip().endswith(" proven")
    assert stored.endswith("digits.json")
    shown = run("policy", "show").stdout
    assert "target 0.5 at 0.5, model " in shown
    assert run("policy", "show", "date").stdout == "date: default 0.96\n"


def test_too_few_labels_are_told_and_store_nothing(scans):
    result = run_calibrate(scans, "--target-error", "0.01")
    assert result.exit_code == NOT_PROVEN
    accepted = next(w for w in result.stdout.splitlines() if w.startswith("digits: not proven"))
    assert f"{299 - int(accepted.split()[6])} more accepted without an error" in accepted
    assert load_policy("digits").fields == {}


def test_the_lacking_labels_are_counted_by_the_share_accepted():
    choice = Choice(Trial(0.5, 150, 0, 0.02), proven=False, lacking=149)
    result = FieldResult("amount", 300, 250, choice)
    said = _what_lacks(result, Calibrated((result,), (), 0.01, 0.95, "m1"))
    assert "149 more accepted without an error" in said
    assert said.endswith("298 more labelled fields")


def test_unreadable_documents_are_named_and_not_counted(scans):
    (scans / "empty.png").write_bytes(b"")
    write_labels(scans, "empty.png,5", "60.png,60")
    result = run_calibrate(scans, *GENEROUS)
    assert "not counted: empty.png page 1: empty_file" in result.output
    assert load_policy("digits").fields["digits"].n == 1


def test_a_label_of_a_later_page_is_compared_with_that_page(scans):
    pages = [Image.fromarray(handwritten(text, UPRIGHT, seed=1)) for text in ("482", "60")]
    pages[0].save(scans / "two.tif", save_all=True, append_images=pages[1:])
    write_labels(scans, "two.tif,2,60", "two.tif,1,999", heading="document,page,value")
    (field,) = calibrate(scans / "labels.csv", DIGITS, 0.5, confidence=0.5).fields
    assert (field.n, field.right) == (2, 1)
    write_labels(scans, "two.tif,3,60", heading="document,page,value")
    with pytest.raises(UnknownDocument, match=r"two.tif has no page 3, its last is 2"):
        calibrate(scans / "labels.csv", DIGITS, 0.5)


def test_documents_that_are_not_there_are_told_before_reading(scans):
    write_labels(scans, "60.png,60", "gone.png,1", "../out.png,2")
    with pytest.raises(UnknownDocument, match=r"2 of 3 labelled documents .*--images"):
        calibrate(scans / "labels.csv", DIGITS, 0.01)
    with pytest.raises(FileUnreadable, match="no such folder"):
        calibrate(scans / "labels.csv", DIGITS, 0.01, scans / "none")


@pytest.mark.parametrize(
    ("target", "confidence"),
    [(0.0, 0.95), (-0.1, 0.95), (0.51, 0.95), (float("nan"), 0.95), (0.01, 1.0), (0.01, 0.3)],
)
def test_a_target_out_of_range_is_told(scans, target, confidence):
    with pytest.raises(BadTarget, match="; give"):
        calibrate(scans / "labels.csv", DIGITS, target, confidence=confidence)


def test_the_read_command_follows_the_policy(scans):
    run_calibrate(scans, *GENEROUS)
    threshold = load_policy("digits").fields["digits"].threshold
    said = json.loads(run("read", scans / "60.png", "--form", "digits", "--json").stdout)
    (field,) = said["fields"]
    assert (field["status"] == "accepted") == (field["confidence"] >= threshold)
