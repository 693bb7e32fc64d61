"""Adapting to labelled fields: what is aligned, what is learned, what is refused."""

import csv
import json
import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import cv2
import numpy as np
import pytest

from model.adding import add_digits
from model.aligning import align, align_fields, segmented
from model.config import AdaptConfig
from model.dataset import is_held_out, list_entries, load
from model.labelled import LabelledField, read_labelled
from model.line.real import RealLine, varied_view
from model.line.text import fits
from model.material import arrange
from model.variants import DIGITS
from ocr.digits.normalize import normalize
from ocr.digits.versions import champion
from ocr.errors import DataError
from ocr.geometry import Box
from ocr.readers import load_readers
from tests.model.drawn_signs import draw_folders
from tests.ocr.drawn_digits import PEN, handwritten, plain

CELLS = Path(__file__).parents[3] / "shared" / "data" / "strings" / "clinic-cells"
FORMDIGITS = [sys.executable, "-c", "from workers.cli import main; main()"]
SETTINGS = """
steps_per_epoch = 8
batch_size = 8
weight_average = 0.5
validation_share = 0.2
validation_lines = 16
calibration_lines = 40
standing_lines = 16
"""


@pytest.fixture(scope="module")
def readers():
    return load_readers(champion())


def labelled(text, gray, file="a.png"):
    return LabelledField(file, file, text, gray)


def aligned(text, gray, readers):
    (result,) = align_fields([labelled(text, gray)], readers)
    return result


# --- alignment -----------------------------------------------------------------------------------


def test_each_digit_gets_its_own_ink(readers):
    """Drawn apart, the digits are each other's size and hold all the ink between them."""
    writing = plain("40718")
    result = aligned("40718", writing.gray, readers)
    assert result.doubt == ""
    chances = readers.classify(np.stack([normalize(crop) for crop in result.crops]))
    assert [readers.classify.labels[k] for k in chances.argmax(axis=1)] == list("40718")
    scale = segmented(writing.gray).scale
    ink = sum(int((crop >= 96).sum()) for crop in result.crops)
    assert ink == pytest.approx(writing.ink.sum() * scale**2, rel=0.15)


def test_marks_are_passed_over_and_no_digit(readers):
    gray = plain("1407").gray
    cv2.circle(gray, (118, 82), 4, PEN, -1)  # at the foot of the gap between 4 and 0
    result = aligned("14.07", gray, readers)
    assert result.doubt == ""
    heights = [crop.shape[0] for crop in result.crops]
    assert len(heights) == 4
    assert min(heights) > 0.8 * max(heights)  # the point is far smaller


@pytest.mark.parametrize("text", ["4071", "407188", "40788", "1"])
def test_a_wrong_label_is_set_aside(readers, text):
    result = aligned(text, plain("40718").gray, readers)
    assert result.doubt in {"no_path", "unlikely_digit", "leftover_ink"}
    assert result.crops == ()


def test_blank_paper_is_set_aside(readers):
    assert aligned("7", np.full((60, 200), 230, np.uint8), readers).doubt == "no_ink"


def test_a_mark_that_the_ink_does_not_show_is_a_doubt(readers):
    ink = segmented(plain("47").gray)
    said = readers.ask([ink])[0]
    assert align(ink.lattice, said.probabilities, said.labels, "47")[1] == ""
    assert align(ink.lattice, said.probabilities, said.labels, "4.7")[1] == "missing_mark"


# --- the data set --------------------------------------------------------------------------------


def test_digits_are_added_once_with_their_document(tmp_path, readers):
    draw_folders(tmp_path, "0123456789")
    before = len(list_entries(tmp_path))
    field = aligned("4071", plain("4071").gray, readers)
    for _ in range(2):
        assert add_digits(tmp_path, "corrections", [field]) == 4
        entries = list_entries(tmp_path)  # fails where manifest and disk disagree
        added = [entry for entry in entries if entry.source == "corrections"]
        assert len(entries) == before + 4
        assert sorted(entry.label for entry in added) == ["0", "1", "4", "7"]
        assert {(entry.split, entry.writer) for entry in added} == {("train", "a.png")}
    assert len(load(tmp_path, "train").images) == before + 4


def test_the_digits_of_a_field_that_is_doubtful_now_are_taken_out(tmp_path, readers):
    draw_folders(tmp_path, "0123456789")
    field = aligned("4071", plain("4071").gray, readers)
    add_digits(tmp_path, "corrections", [field])
    wrong = aligned("9999", plain("4071").gray, readers)
    assert wrong.doubt
    assert add_digits(tmp_path, "corrections", [wrong]) == 0
    assert all(entry.source == "folder" for entry in list_entries(tmp_path))


def test_equal_digits_are_added_once(tmp_path, readers):
    draw_folders(tmp_path, "0123456789")
    gray = plain("4071").gray
    twins = list(
        align_fields([labelled("4071", gray, "a.png"), labelled("4071", gray, "b.png")], readers)
    )
    assert add_digits(tmp_path, "corrections", twins) == 4


# --- lines ---------------------------------------------------------------------------------------


def test_varied_lines_differ_keep_their_ink_and_have_room_for_their_text():
    gray = handwritten("1407")
    box = segmented(gray).written
    line = RealLine(gray, box, "1407")
    views = [varied_view(line, np.random.default_rng(seed)) for seed in range(60)]
    assert len({view.tobytes() for view in views}) == 60
    assert all(view.shape[0] == 32 and fits("1407", view) for view in views)
    shares = [(view > 100).mean() for view in views]
    assert 0.03 < min(shares) <= max(shares) < 0.5  # strokes stay strokes


def test_a_mark_is_free_only_where_the_label_tells_none():
    """A network that is sure of 1.2 is punished for the point by '12' read as marks, not freely."""
    import tensorflow as tf

    from model.line.adapt_task import mixed_ctc_loss

    logits = np.full((1, 5, 16), -20.0, np.float32)
    for step, label in enumerate([1, 15, 10, 15, 2]):  # 1, blank, point, blank, 2
        logits[0, step, label] = 20.0
    exact, free, marked = (
        float(mixed_ctc_loss(tf.constant([text]), tf.constant(logits))[0])
        for text in ([1, 2, -1, -1], [1, 2, -2, -2], [1, 10, 2, -1])
    )
    assert free < 0.01
    assert marked < 0.01
    assert exact > 10


def test_batches_hold_real_and_written_lines_and_are_made_again(tmp_path):
    from model.line.adapt_task import mixed_batches

    draw_folders(tmp_path, "0123456789", per_class=8)
    material = arrange(load(tmp_path, "train"), DIGITS, source_power=1.0)
    gray = handwritten("1407")
    lines = [RealLine(gray, segmented(gray).written, "1407")]
    config = AdaptConfig(batch_size=8)
    first, again = (mixed_batches(material, lines, config, group=2) for _ in range(2))
    for (pictures, texts), (same, same_texts) in zip(first, again, strict=True):
        assert (pictures == same).all()
        assert (texts == same_texts).all()
        assert ((texts[:, -1] == -2) == [True] * 4 + [False] * 4).all()
        assert texts[0].tolist()[:5] == [1, 4, 0, 7, -2]


def test_the_box_of_a_varied_line_may_reach_over_the_edge():
    gray = handwritten("7")
    whole = Box(0, 0, gray.shape[1], gray.shape[0])
    view = varied_view(RealLine(gray, whole, "7"), np.random.default_rng(0))
    assert view.shape[0] == 32


# --- bad input -----------------------------------------------------------------------------------


def write_fields(folder, rows, images=(), header=("file", "value")):
    (folder / "images").mkdir(parents=True, exist_ok=True)
    for name in images:
        cv2.imwrite(str(folder / "images" / name), plain("10").gray)
    with (folder / "labels.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return folder / "images", folder / "labels.csv"


@pytest.mark.parametrize(
    ("rows", "images", "message"),
    [
        ([("a.png", "10"), ("b.png", "10")], ["a.png"], "label_without_image: 1 files, first b"),
        ([("a.png", "10")], ["a.png", "b.png"], "image_without_label: 1 files, first b"),
        ([("a.png", " ")], ["a.png"], "empty_label: 1 files, first a"),
        ([("a.png", "ten")], ["a.png"], "empty_label"),
        ([("a.png", "1o")], ["a.png"], "unknown_sign"),
        ([("a.png", "10"), ("a.png", "11")], ["a.png"], "labelled_twice"),
        ([("a.png", "10")], ["a.png"], "labels 1 fields, 2 are the fewest"),
    ],
)
def test_labels_with_a_mistake_name_it(tmp_path, rows, images, message):
    with pytest.raises(DataError, match=message):
        read_labelled(*write_fields(tmp_path, rows, images), fewest=2)


def test_wrong_columns_and_files_are_named(tmp_path):
    images, labels = write_fields(tmp_path, [("a.png", "1")], ["a.png"], ("file", "text"))
    with pytest.raises(DataError, match="file, text; file and value are needed"):
        read_labelled(images, labels, fewest=1)
    with pytest.raises(DataError, match="cannot be read"):
        read_labelled(images, tmp_path / "none.csv", fewest=1)
    write_fields(tmp_path, [("a.png", "1")])
    with pytest.raises(DataError, match="no folder of images"):
        read_labelled(tmp_path / "none", labels, fewest=1)
    (images / "a.png").write_bytes(b"no image")
    with pytest.raises(DataError, match=r"unreadable_image: 1 files, first a\.png"):
        read_labelled(images, labels, fewest=1)


# --- through the command -------------------------------------------------------------------------


def formdigits(*arguments, state):
    environment = {**os.environ, "FORMDIGITS_STATE": str(state)}
    words = [*FORMDIGITS, *map(str, arguments)]
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)


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


@pytest.mark.skipif(not CELLS.exists(), reason=f"no labelled strings at {CELLS}")
def test_most_real_cells_are_aligned(readers):
    """70 % of 200 measured; the rest is set aside rather than cut wrongly."""
    with (CELLS / "labels.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))[::112]
    fields = [
        labelled(row["value"], cv2.imread(str(CELLS / "images" / row["file"]), 0), row["file"])
        for row in rows
    ]
    results = list(align_fields(fields, readers))
    assert np.mean([not result.doubt for result in results]) > 0.5
    assert all(len(r.crops) == len(r.field.digits) for r in results if not r.doubt)
