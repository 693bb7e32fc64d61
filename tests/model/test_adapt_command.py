"""Adapting from the command line: a new version, and nothing else touched."""

import json
import shutil
import warnings

import cv2
import numpy as np
import pytest

from model.dataset import is_held_out, list_entries
from ocr.digits.versions import champion
from tests.model.commands import formdigits
from tests.model.drawn_fields import write_fields
from tests.model.drawn_signs import draw_folders
from tests.ocr.drawn_digits import plain

SETTINGS = """
steps_per_epoch = 8
batch_size = 8
weight_average = 0.5
validation_share = 0.2
validation_lines = 16
calibration_lines = 40
standing_lines = 16
"""


def write_bases(models):
    """The shipped digit network alone, and with a line network that has learned nothing yet."""
    from model.export import export_float
    from model.line.network import make_line_network

    for name in ("bare", "base"):
        shutil.copytree(champion().path, models / name, ignore=shutil.ignore_patterns("lines*"))
        card = json.loads((models / name / "card.json").read_text())
        (models / name / "card.json").write_text(json.dumps({**card, "version": name}))
    network = make_line_network(dropout=0.0)
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # Keras's own
        network.save(models / "base" / "lines.keras")
        export_float(network, models / "base" / "lines.tflite")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """60 drawn fields in 60 documents, a data set of drawn digits, an untrained base."""
    place = tmp_path_factory.mktemp("adapting")
    rng = np.random.default_rng(0)
    texts = {f"{k}.png": "".join(rng.choice(list("01478"), 3)) for k in range(60)}
    write_fields(place, texts.items())
    for k, (name, text) in enumerate(texts.items()):
        height = int(rng.integers(40, 70))
        cv2.imwrite(str(place / "images" / name), plain(text, height, 4 + k % 4).gray)
    draw_folders(place / "data", "0123456789", per_class=10)
    draw_folders(place / "data", "0123456789", per_class=2, split="test")
    (place / "smoke.toml").write_text(SETTINGS)
    write_bases(place / "state" / "models")
    return place


def adapt(place, *more, base="base"):
    return formdigits(
        "model", "adapt", "--images", place / "images", "--labels", place / "labels.csv",
        "--data", place / "data", "--config", place / "smoke.toml", "--epochs", 1, "--base", base,
        *more, state=place / "state",
    )  # fmt: skip


def test_a_base_without_weights_is_refused_with_the_remedy(place):
    done = adapt(place, base="bare")
    assert done.returncode == 5
    assert "lines.keras" in done.stderr
    assert "model train-lines" in done.stderr


def test_adapting_makes_a_version_and_leaves_base_champion_and_test_alone(place):
    test_before = sorted((place / "data" / "test").rglob("*.png"))
    base_before = (place / "state" / "models" / "base" / "lines.tflite").read_bytes()
    done = adapt(place, "--version", "mine", "--run", place / "run")
    assert done.returncode == 0, done.stderr
    assert "held-out fields, exact" in done.stdout
    models = place / "state" / "models"
    assert sorted(path.name for path in models.iterdir()) == ["bare", "base", "mine"]
    assert (models / "base" / "lines.tflite").read_bytes() == base_before
    assert (models / "mine" / "lines.tflite").read_bytes() != base_before
    assert sorted((place / "data" / "test").rglob("*.png")) == test_before

    adapted = json.loads((models / "mine" / "card.json").read_text())["adapted"]
    fields = adapted["fields"]
    assert fields["learned"] + fields["checked"] + fields["held_out"] == 60
    assert adapted["base"] == "base"
    assert len(adapted["labels_sha256"]) == 64
    for when in ("before", "after"):
        assert adapted[when]["fields"]["n"] == fields["held_out"]
        assert adapted[when]["digits"]["n"] == 20
        assert adapted[when]["lines"]["low"] <= adapted[when]["lines"]["high"]

    entries = [e for e in list_entries(place / "data") if e.source == "adapted"]
    assert len(entries) == fields["digits_added"] > 60  # of about 140; 96 measured
    assert not any(is_held_out(entry.writer, 0.2) for entry in entries)
    aside = (place / "run" / "set-aside.csv").read_text().splitlines()
    assert len(aside) - 1 == sum(fields["set_aside"].values())


def test_too_few_fields_are_refused(place, tmp_path):
    images, labels = write_fields(tmp_path, [("a.png", "10")], ["a.png"])
    done = adapt(place, "--images", images, "--labels", labels)
    assert done.returncode == 8
    assert "50 are the fewest" in done.stderr


def test_a_data_set_of_other_classes_is_refused_before_anything_is_added(place, tmp_path):
    draw_folders(tmp_path / "data", "0123AB", per_class=8)
    done = adapt(place, "--data", tmp_path / "data")
    assert done.returncode == 8
    assert "0 to 9" in done.stderr
    assert not (tmp_path / "data" / "manifest.csv").exists()
