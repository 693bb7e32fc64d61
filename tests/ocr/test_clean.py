"""Cleaning: what was printed goes, what was written stays whole."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
from drawn_digits import PAPER, plain
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ocr.clean import long_runs, stroke_width_px, strokes_of
from ocr.segment import INK_LEVEL

PRINT = 90  # gray level of rules and frames


def pieces(ink):
    """Connected components of more than dirt: a thousandth of the crop."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    return int((stats[1:, 4] > ink.size / 1000).sum())


def kept_and_left(strokes, truth):
    """Share of the writing that is still there, and ink elsewhere as a share of the writing."""
    ink = strokes >= INK_LEVEL
    around = cv2.dilate(truth.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    return (ink & truth).sum() / truth.sum(), (ink & ~around).sum() / truth.sum()


def assert_only_writing(strokes, truth, digits, least_kept=0.95):
    kept, left = kept_and_left(strokes, truth)
    assert kept >= least_kept
    assert left <= 0.02
    assert pieces(strokes >= INK_LEVEL) == digits


def test_writing_on_bare_paper_stays_as_it_is():
    writing = plain("140780")
    assert_only_writing(strokes_of(writing.gray), writing.ink, 6, least_kept=0.98)


@pytest.mark.parametrize("row", [25, 55, 86])
@pytest.mark.parametrize("line_px", [1, 2, 3])
def test_a_ruled_line_goes_and_the_strokes_that_cross_it_stay_whole(row, line_px):
    writing = plain("140780")
    cv2.line(writing.gray, (0, row), (writing.gray.shape[1], row), PRINT, line_px)
    # A line through the flat top of a 7 takes some of it along.
    assert_only_writing(strokes_of(writing.gray), writing.ink, 6, least_kept=0.90)


def test_a_slightly_sloping_line_goes():
    writing = plain("140780")
    height, width = writing.gray.shape
    cv2.line(writing.gray, (0, height - 24), (width, height - 20), PRINT, 2)
    assert_only_writing(strokes_of(writing.gray), writing.ink, 6, least_kept=0.90)


def test_a_box_frame_goes():
    writing = plain("140780")
    height, width = writing.gray.shape
    cv2.rectangle(writing.gray, (6, 6), (width - 7, height - 7), PRINT, 3)
    assert_only_writing(strokes_of(writing.gray), writing.ink, 6)


def test_comb_lines_go_and_upright_ones_beside_them_stay():
    writing = plain("117110", pitch=0.9)
    step, height = 54, writing.gray.shape[0]
    separators = [25 + step * k - 10 for k in range(7)]
    for column in separators:
        cv2.line(writing.gray, (column, 12), (column, height - 12), PRINT, 2)
    assert_only_writing(strokes_of(writing.gray, separators), writing.ink, 6)


@pytest.mark.parametrize("thick_px", [3, 9, 14])
def test_the_frame_around_a_comb_goes_however_thick_it_is(thick_px):
    writing = plain("117110", pitch=0.9)
    height, width = writing.gray.shape
    gray = cv2.copyMakeBorder(writing.gray, *(4, 4, 4, 4), cv2.BORDER_CONSTANT, value=PAPER)
    cv2.rectangle(gray, (4, 4), (width + 3, height + 3), PRINT, thick_px)
    separators = [4 + round(k * width / 6) for k in range(7)]
    truth = np.pad(writing.ink, 4)
    kept, left = kept_and_left(strokes_of(gray, separators), truth)
    assert kept >= 0.95
    assert left <= 0.02


def test_a_shadow_over_the_crop_changes_nothing():
    writing = plain("140780")
    shadow = np.linspace(1.0, 0.55, writing.gray.shape[1])
    gray = np.rint(writing.gray * shadow).astype(np.uint8)
    assert_only_writing(strokes_of(gray), writing.ink, 6)


def test_scanner_noise_changes_nothing():
    writing = plain("140780")
    noise = np.random.default_rng(5).normal(0, 6, writing.gray.shape)
    gray = np.clip(writing.gray + noise, 0, 255).astype(np.uint8)
    assert_only_writing(strokes_of(gray), writing.ink, 6)


def test_hairlines_of_security_print_go():
    writing = plain("140780")
    printed = np.full_like(writing.gray, PAPER)
    height, width = printed.shape
    for start in range(-height, width, 14):
        cv2.line(printed, (start, 0), (start + height, height), 165, 1, cv2.LINE_AA)
    gray = np.minimum(writing.gray, printed)
    assert_only_writing(strokes_of(gray), writing.ink, 6, least_kept=0.9)


@pytest.mark.parametrize("contrast", [0.15, 0.4])
def test_a_faint_pen_is_as_good_as_a_dark_one(contrast):
    writing = plain("140780")
    gray = np.rint(PAPER - (PAPER - writing.gray.astype(float)) * contrast).astype(np.uint8)
    assert_only_writing(strokes_of(gray), writing.ink, 6)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_blank_crop_gives_nothing(level):
    assert not strokes_of(np.full((110, 400), level, np.uint8)).any()


def test_plain_ink_is_seen_however_uneven_a_stamp_makes_the_paper():
    writing = plain("140780")
    stamp = np.full_like(writing.gray, PAPER)
    for left in range(0, stamp.shape[1], 40):
        stamp[:, left : left + 24] = PAPER - 55
    kept, left = kept_and_left(strokes_of(np.minimum(writing.gray, stamp)), writing.ink)
    assert kept >= 0.95
    assert left <= 0.02


def test_paper_with_noise_gives_nothing():
    noise = np.random.default_rng(2).normal(230, 3, (110, 400))
    assert not (strokes_of(np.clip(noise, 0, 255).astype(np.uint8)) >= INK_LEVEL).any()


def test_an_empty_frame_gives_nothing():
    gray = np.full((110, 400), PAPER, np.uint8)
    cv2.rectangle(gray, (5, 5), (394, 104), PRINT, 3)
    assert not (strokes_of(gray) >= INK_LEVEL).any()


def test_an_empty_comb_gives_nothing_where_its_lines_cross_either():
    gray = np.full((110, 400), PAPER, np.uint8)
    separators = list(range(15, 400, 74))
    for left, right in pairwise(separators):
        cv2.rectangle(gray, (left, 12), (right, 97), PRINT, 3)
    assert not (strokes_of(gray, separators) >= INK_LEVEL).any()


@pytest.mark.parametrize("pen_px", [3, 4, 8, 15])
def test_the_pens_width_is_measured(pen_px):
    ink = np.zeros((80, 200), np.bool_)
    ink[20:70, 30 : 30 + pen_px] = ink[40 : 40 + pen_px, 60:180] = True
    # Distances count from pixel middles: an odd width is a pixel too much.
    assert stroke_width_px(ink) == pytest.approx(pen_px, abs=1.0)


def test_no_ink_has_no_width():
    assert stroke_width_px(np.zeros((20, 20), np.bool_)) == 0.0


def test_only_long_thin_runs_are_lines():
    ink = np.zeros((60, 200), np.uint8)
    ink[10:12, :] = 1  # a rule
    ink[25:27, 50:90] = 1  # the bar of a 7
    ink[40:55, 20:190] = 1  # a blot
    lines = long_runs(ink, 120, 5)
    assert lines[10:12].mean() > 0.95
    assert not lines[20:].any()


@given(
    arrays.arrays(
        np.uint8, st.tuples(st.integers(8, 60), st.integers(8, 60)), elements=st.integers(0, 255)
    ),
    st.lists(st.integers(-5, 70), max_size=3),
)
def test_any_crop_gives_strokes_of_its_shape(gray, separators):
    strokes = strokes_of(gray, separators)
    assert strokes.shape == gray.shape
    assert strokes.dtype == np.uint8
