"""Labels changed on purpose are suspected, few others are, and the worst can be looked at."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits
from typer.testing import CliRunner

from model.checks import check
from model.cli import app
from model.contact_sheet import write_sheet
from model.formats import Format
from model.importing import import_source
from ocr.errors import ExportError
from tests.model.drawn_signs import draw_folders

PLANTED = 40


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """1,797 digits of scikit-learn, in letters to show that any label set will do; 40 wrong."""
    place = tmp_path_factory.mktemp("suspects")
    pixels, digits = load_digits(return_X_y=True)
    rng = np.random.default_rng(3)
    wrong = rng.choice(len(digits), PLANTED, replace=False)
    digits[wrong] = (digits[wrong] + rng.integers(1, 10, PLANTED)) % 10
    letters = np.array(list("ABCDEFGHIJ"))[digits]
    with (place / "rows.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows(
            [letter, *row]
            for letter, row in zip(
                letters, np.minimum(pixels * 16, 255).astype(int).tolist(), strict=True
            )
        )
    import_source(place / "rows.csv", place / "data", layout=Format.CSV, name="sk")
    (place / "wrong.json").write_text(json.dumps([f"sk-{i:06d}.png" for i in wrong]))
    return place / "data"


def planted(data):
    return set(json.loads((data.parent / "wrong.json").read_text()))


def checked(data, *words):
    done = CliRunner().invoke(app, ["check", "--data", str(data), *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_most_changed_labels_are_suspected_and_come_first(data):
    names = [Path(suspect.path).name for suspect in check(data, labels=True).suspects]
    assert len(planted(data) & set(names)) >= 0.85 * PLANTED
    assert len(set(names) - planted(data)) <= 15  # of 1,757: some of these are hard to read
    assert len(planted(data) & set(names[:20])) >= 18


def test_the_command_lists_them_as_json_and_draws_a_sheet(data, tmp_path):
    sheet = tmp_path / "sheet.png"
    report = json.loads(checked(data, "--json", "--top", "10", "--sheet", str(sheet)))
    worst = report["suspects"][0]
    assert report["sound"]
    assert sum(report["counts"]["train"].values()) == 1797
    assert worst["path"].split("/")[1] == worst["given"] != worst["suggested"]
    assert [s["margin"] for s in report["suspects"]] == sorted(
        (s["margin"] for s in report["suspects"]), reverse=True
    )
    with Image.open(sheet) as picture:
        cells = np.asarray(picture).reshape(2, picture.height // 2, 8, -1).swapaxes(1, 2)
    inked = (cells < 255).any(axis=(2, 3)).ravel()
    assert inked.tolist() == [True] * 10 + [False] * 6


def test_the_command_tells_counts_and_that_classes_are_not_evened_out(data):
    told = checked(data, "--no-labels")
    assert "train: 1797 images" in told
    assert "does not even classes out" in told
    assert "suspected" not in told


def test_a_sheet_that_cannot_be_written_is_an_error_with_a_remedy(tmp_path):
    words = ["check", "--data", str(tmp_path), "--sheet", str(tmp_path / "none" / "sheet.png")]
    assert isinstance(CliRunner().invoke(app, words).exception, ExportError)
    with pytest.raises(ExportError, match="give --sheet a file"):
        write_sheet(tmp_path, tmp_path, [])  # a folder, not a file


def test_classes_of_few_images_are_named_not_suspected(tmp_path):
    draw_folders(tmp_path)
    report = check(tmp_path, labels=True)
    assert report.suspects == ()
    assert [finding.code for finding in report.findings] == ["labels_unchecked"]
