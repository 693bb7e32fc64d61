"""The line reader: its view of a field, its strings and their probabilities, and the fusion."""

from itertools import pairwise, product
from math import exp

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.decode import Hypothesis
from ocr.fusion import fuse
from ocr.geometry import Box
from ocr.line.ctc import DIGITS, best_strings, digit_steps, log_probabilities, spread, with_marks
from ocr.line.labels import BLANK, LABELS
from ocr.line.reader import LineReader, LineReading
from ocr.line.view import HEIGHT_PX, STRIDE_PX, line_view


def steps_of(text, sure=0.96):
    """Time steps that say a text of `LABELS`, `_` for a blank, each with the same certainty."""
    rest = (1 - sure) / BLANK
    steps = np.full((len(text), BLANK + 1), rest)
    for step, sign in enumerate(text):
        steps[step, BLANK if sign == "_" else LABELS.index(sign)] = sure
    return np.log(steps).astype(np.float32)


def by_all_paths(steps, digits):
    """Probability of a string: the sum over every path, as CTC defines it."""
    total = 0.0
    for path in product(range(DIGITS + 1), repeat=len(steps)):
        kept = [n for k, n in enumerate(path) if k == 0 or n != path[k - 1]]
        if "".join(str(n) for n in kept if n != DIGITS) == digits:
            total += exp(sum(steps[k, n] for k, n in enumerate(path)))
    return total


# --- strings -------------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["", "7", "77", "70", "070", "1234", "11111"]))
def test_a_strings_probability_is_the_sum_over_all_paths(seed, digits):
    logits = np.random.default_rng(seed).normal(0, 2, (2, 4, BLANK + 1))
    steps = digit_steps(logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True))
    together = log_probabilities(steps, ["42", digits, ""])[:, 1]
    for view in range(2):
        assert exp(together[view]) == pytest.approx(by_all_paths(steps[view], digits), abs=1e-12)


@pytest.mark.parametrize(
    ("text", "digits"),
    [("_1_2_", "12"), ("112", "12"), ("1_1", "11"), ("1.1", "11"), ("___", ""), ("-5,0-", "50")],
)
def test_marks_part_digits_as_blanks_do(text, digits):
    assert best_strings(digit_steps(steps_of(text)))[0][0] == digits


def test_strings_come_best_first_and_without_repeats():
    strings = best_strings(digit_steps(steps_of("_1_23_7_", sure=0.6)))
    assert len({text for text, _ in strings}) == len(strings) > 3
    assert all(a >= b for (_, a), (_, b) in pairwise(strings))


@pytest.mark.parametrize(
    ("text", "digits", "raw"),
    [
        ("_12.50_", "1250", "12.50"),
        ("?1,23-_", "123", "1,23-"),
        ("3/_4", "34", "3/4"),
        ("_1_2_", "12", "12"),
        ("77_", "7", "7"),
        ("7_7", "77", "77"),
    ],
)
def test_a_string_is_told_with_its_marks_but_not_what_is_no_mark(text, digits, raw):
    steps = steps_of(text)
    merged = digit_steps(steps)
    assert with_marks(steps, merged, spread(merged, digits), digits) == raw


def test_views_are_averaged_as_probabilities():
    reading = LineReading(np.stack([steps_of("_1_", 0.9), steps_of("_7_", 0.9)]))
    alone = LineReading(steps_of("_1_", 0.9)[None])
    assert reading.best == ("1", "7")
    assert {"1", "7"} <= reading.strings
    assert exp(reading.log_p(["1"])[0]) == pytest.approx(exp(alone.log_p(["1"])[0]) / 2, rel=0.1)


# --- view ----------------------------------------------------------------------------------------


def written(height, text="20", paper=220, ink=60):
    page = np.full((height * 3, height * 8), paper, np.uint8)
    scale = height / 22
    cv2.putText(
        page, text, (height, 2 * height), cv2.FONT_HERSHEY_SIMPLEX, scale, ink, 2 + height // 12
    )
    rows, columns = np.nonzero(page < (paper + ink) / 2)
    box = Box(int(columns.min()), int(rows.min()), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)
    return page, box


@pytest.mark.parametrize("height", [12, 30, 90, 200])
def test_a_line_looks_alike_at_every_resolution(height):
    view = line_view(*written(height))
    fine = line_view(*written(60))
    assert view.shape[0] == HEIGHT_PX
    assert view.shape[1] % STRIDE_PX == 0
    same = cv2.resize(view, (fine.shape[1], fine.shape[0]))
    assert np.corrcoef(same.ravel(), fine.ravel())[0, 1] > 0.8


@pytest.mark.parametrize(("paper", "ink"), [(250, 0), (250, 200), (120, 90), (90, 30)])
def test_paper_and_pen_make_no_difference(paper, ink):
    view = line_view(*written(40, paper=paper, ink=ink))
    plain = line_view(*written(40))
    assert np.corrcoef(view.ravel(), plain.ravel())[0, 1] > 0.98


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(st.integers(1, 90), st.integers(1, 300)),
    st.tuples(*[st.integers(-50, 320)] * 2, *[st.integers(1, 400)] * 2),
)
def test_any_box_on_any_crop_gives_a_view(size, box):
    crop = np.random.default_rng(0).integers(0, 256, size, dtype=np.uint8)
    view = line_view(crop, Box(*box))
    assert view.shape[0] == HEIGHT_PX
    assert 2 * STRIDE_PX <= view.shape[1] <= 800
    assert view.dtype == np.uint8


def reader_of(*texts):
    """A line reader whose network says these texts of its views, one after the other."""
    said = iter(texts)

    def network(batch):
        steps = batch.shape[2] // STRIDE_PX
        return np.stack([steps_of(next(said).ljust(steps, "_"), 0.99) for _ in batch])

    return LineReader(network)


def test_views_are_added_only_where_the_first_do_not_agree():
    assert reader_of("_12_", "_12_")(*written(40)).best == ("12", "12")
    views = ("_12_", "_72_", "_12_", "_12_", "_17_")
    assert reader_of(*views)(*written(40)).best == ("12", "72", "12", "12", "17")


def test_more_views_of_a_line_leave_what_the_first_said():
    gray, ink = written(40)
    reader = reader_of("_12_", "_12_", "_72_", "_72_", "_72_")
    first = reader(gray, ink)
    all_views = reader.at_length(gray, ink, first)
    assert all_views.best == ("12", "12", "72", "72", "72")
    parts = [first.log_p(["12"])[0], reader_of("_72_", "_72_")(gray, ink).log_p(["12"])[0]]
    mean = np.logaddexp.reduce([parts[0], parts[0], *[parts[1]] * 3]) - np.log(5)
    assert all_views.log_p(["12"])[0] == pytest.approx(float(mean), abs=0.01)


def test_digits_of_a_line_are_found_where_they_stand():
    gray, ink = written(40)
    reading = reader_of("___1___2___", "___1___2___")(gray, ink)
    first, second = reading.columns(ink)
    assert ink.x < first < second < ink.right
    view = line_view(gray, ink)
    per_px = (second - first) / (4 * STRIDE_PX)  # four steps apart
    assert per_px * view.shape[1] == pytest.approx(ink.width + 12 * per_px, rel=0.05)


# --- fusion --------------------------------------------------------------------------------------


def hypothesis(digits, log_p):
    return Hypothesis(digits, log_p, ())


def test_without_a_line_the_lattice_speaks_alone():
    first, second = fuse([hypothesis("12", -1.0), hypothesis("72", -2.0)], None)
    assert (first.digits, second.digits) == ("12", "72")
    assert exp(first.log_p) + exp(second.log_p) == pytest.approx(1.0)


def test_what_both_hold_likely_beats_what_only_one_is_sure_of():
    line = LineReading(steps_of("_8_", 0.7)[None])
    fused = fuse([hypothesis("3", -0.1), hypothesis("8", -2.4)], line)
    assert fused[0].digits == "8"
    assert sum(exp(candidate.log_p) for candidate in fused) == pytest.approx(1.0)


def test_a_string_of_the_line_alone_is_considered():
    line = LineReading(steps_of("_1_0_0_0_")[None])
    fused = fuse([hypothesis("10", -0.05), hypothesis("100", -3.0)], line)
    assert fused[0].digits == "1000"
    assert fused[0].segmented is None
