"""Lines that training writes: reproducible, legible, and learned by a short training."""

import json
import re

import cv2
import numpy as np
import pytest

from model.config import LineConfig, load_line_config
from model.dataset import load
from model.line.chains import ten, zeros
from model.line.text import _amount, _Hand, compose
from model.line.writing import write
from model.material import arrange
from model.variants import DIGITS
from ocr.errors import DataError
from ocr.line.labels import LABELS
from ocr.line.view import STRIDE_PX, line_view
from tests.model.commands import formdigits
from tests.model.drawn_signs import draw_folders

SETTINGS = """
epochs = 2
steps_per_epoch = 6
batch_size = 8
weight_average = 0.5
validation_share = 0.2
validation_lines = 32
calibration_lines = 60
target_accuracy = 0.0
"""


@pytest.fixture
def material(tmp_path):
    draw_folders(tmp_path, "0123456789", per_class=8)
    return arrange(load(tmp_path, "train"), DIGITS, source_power=1.0)


def draw(material, seed):
    rng = np.random.default_rng(seed)
    return write(compose(material, rng), rng)


def test_the_same_seed_writes_the_same_line(material):
    first, again, other = (draw(material, seed) for seed in (1, 1, 2))
    assert first.text == again.text
    assert (first.gray == again.gray).all()
    assert first.gray.shape != other.gray.shape or (first.gray != other.gray).any()


def test_lines_hold_digits_and_marks_in_labels_that_the_network_has(material):
    texts = [draw(material, seed).text for seed in range(300)]
    assert set("".join(texts)) == set(LABELS)
    assert all(any(sign.isdigit() for sign in text) for text in texts)


def test_one_hand_writes_all_its_ones_at_one_height_some_hands_taller_than_the_rest(material):
    tall = 0
    for seed in range(150):
        signs = compose(material, np.random.default_rng(seed))
        ones = {sign.height for sign in signs if sign.label == "1"}
        whole = {height for height in ones if height > 0.85}  # not the raised cents
        assert len(whole) <= 1
        tall += bool(whole and whole.pop() > 1.15)
    assert 5 < tall < 75


def test_no_amount_begins_with_zero_and_most_with_small_digits(material):
    rng = np.random.default_rng(0)
    hand = _Hand(material, rng)
    first = [next(s.label for s in _amount(hand, rng) if s.label.isdigit()) for _ in range(400)]
    assert "0" not in first
    assert first.count("1") > 2 * first.count("5")


@pytest.mark.parametrize("count", [2, 3])
def test_zeros_in_one_stroke_hang_together_as_wide_as_they_are_many(count):
    rng = np.random.default_rng(count)
    drawn = [zeros(count, rng) for _ in range(100)]
    assert all(cv2.connectedComponents((ink > 60).astype(np.uint8))[0] == 2 for ink in drawn)
    widths = [ink.shape[1] / ink.shape[0] for ink in drawn]
    assert 0.5 * count < np.median(widths) < count


def test_a_ten_in_one_stroke_hangs_together_and_is_as_high_as_a_digit():
    rng = np.random.default_rng(10)
    drawn = [ten(rng) for _ in range(100)]
    assert all(cv2.connectedComponents((ink > 60).astype(np.uint8))[0] == 2 for ink in drawn)
    assert 38 < np.median([ink.shape[0] for ink in drawn]) < 50


def test_some_hands_write_zeros_and_ten_in_one_stroke_and_none_does_so_with_other_digits(material):
    labels = [s.label for k in range(600) for s in compose(material, np.random.default_rng(k))]
    chains = [label for label in labels if len(label) > 1 and label.isdigit()]
    assert set(chains) == {"00", "000", "10"}
    assert 15 < len(chains) < 150


def test_amounts_are_grouped_by_threes_or_as_in_india(material):
    ends = set()
    for seed in range(400):
        rng = np.random.default_rng(seed)
        text = "".join(sign.label for sign in _amount(_Hand(material, rng), rng))
        ends |= set(re.findall(r"(?<=\d)[,.](\d\d\d?[,.]\d\d\d)(?!\d)", text))
    assert {len(end) for end in ends} == {6, 7}


def test_the_ink_is_where_the_box_says(material):
    """Most of what is dark lies in the box; frames, rules and second lines may lie outside."""
    inside = []
    for seed in range(200):
        line = draw(material, seed)
        dark = line.gray.mean() - line.gray.astype(float)
        dark[dark < 0] = 0
        clipped = line.ink.clipped(line.gray.shape[1], line.gray.shape[0])
        inside.append(dark[clipped.slices].sum() / dark.sum())
    assert np.median(inside) > 0.6


def test_most_lines_have_a_time_step_for_each_sign(material):
    fits = []
    for seed in range(200):
        line = draw(material, seed)
        fits.append(line_view(line.gray, line.ink).shape[1] // STRIDE_PX >= len(line.text))
    assert np.mean(fits) > 0.97


def test_batches_are_padded_to_one_width_and_made_again_by_the_same_number(material):
    from model.line.batches import make_line_batches

    config = LineConfig(batch_size=6)
    first = make_line_batches(material, config, group=3)
    again = make_line_batches(material, config, group=3)
    for (pictures, texts), (same_pictures, same_texts) in zip(first, again, strict=True):
        assert pictures.shape[0] == texts.shape[0] == 6
        assert (pictures == same_pictures).all()
        assert (texts == same_texts).all()


def test_the_loss_is_the_same_by_tensorflow_and_by_the_operation_of_other_backends():
    from keras import ops

    from model.line.network import ctc_loss
    from ocr.line.labels import BLANK

    rng = np.random.default_rng(1)
    logits = rng.normal(size=(3, 12, BLANK + 1)).astype(np.float32)
    texts = np.array([[1, 1, 2, -1], [3, -1, -1, -1], [0, 4, 4, 9]], np.int32)
    steps = np.full(3, 12, np.int32)
    other = ops.ctc_loss(texts, logits, np.array([3, 1, 4], np.int32), steps, mask_index=BLANK)
    np.testing.assert_allclose(ctc_loss(texts, logits), other, rtol=1e-4)


def test_settings_are_read_from_toml(tmp_path):
    path = tmp_path / "lines.toml"
    path.write_text("epochs = 3\n")
    assert load_line_config(path, epochs=None).epochs == 3
    assert load_line_config(path, epochs=5).epochs == 5
    path.write_text("string_share = 0.1\n")  # a setting of the digit network
    with pytest.raises(DataError, match="string_share"):
        load_line_config(path)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("lines")
    draw_folders(place / "data", "0123456789", per_class=10)
    (place / "smoke.toml").write_text(SETTINGS)
    return place


def test_a_line_network_is_trained_exported_and_reads(place, tmp_path):
    done = formdigits(
        "model", "train-lines", "--data", place / "data", "--config", place / "smoke.toml",
        "--run", place / "run", "--version", "lines", state=place / "state",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    folder = place / "state" / "models" / "lines"
    card = json.loads((folder / "card.json").read_text())
    assert card["lines"]["training"]["epoch"] == 2
    assert card["lines"]["config"]["batch_size"] == 8
    assert set(card["line_calibration"]) == set(card["calibration"]) | {
        "segmented",
        "line",
        "views",
    }
    assert (folder / "lines.tflite").stat().st_size > 100_000
    done = formdigits("model", "promote", "lines", "--force", state=place / "state")
    assert done.returncode == 0, done.stderr
    picture = place / "preview.png"
    done = formdigits(
        "model", "preview", "--data", place / "data", "-o", picture, "--count", 8,
        state=place / "state",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert picture.read_bytes().startswith(b"\x89PNG")
    # an untrained reader must not break a reading, however little it knows
    done = formdigits("read", picture, "--form", "digits", "--json", state=place / "state")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["model"] == "lines"


def test_other_classes_than_digits_are_refused(tmp_path):
    draw_folders(tmp_path / "data", "0123AB", per_class=8)
    done = formdigits("model", "train-lines", "--data", tmp_path / "data", state=tmp_path / "state")
    assert done.returncode == 8
    assert "0 to 9" in done.stderr
