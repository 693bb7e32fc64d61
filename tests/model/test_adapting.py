"""Adapting to labelled fields: what is aligned, what is learned, what is refused."""

import csv
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from model.adding import add_digits
from model.aligning import align, align_fields, segmented
from model.config import AdaptConfig
from model.dataset import list_entries, load
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
from tests.model.drawn_fields import write_fields
from tests.model.drawn_signs import draw_folders
from tests.ocr.drawn_digits import PEN, handwritten, plain

CELLS = Path(__file__).parents[3] / "shared" / "data" / "strings" / "clinic-cells"


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
    said = replace(readers, read_line=None).ask([ink])[0]
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
