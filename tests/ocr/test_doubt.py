"""What no number may be taken from, and what looks a little like it."""

import cv2
import numpy as np
import pytest

from bench.hard_crops import Answer, read_hard_crops
from bench.hard_drawing import NEVER_READ
from ocr.arrays import Gray
from ocr.doubt import has_blot, is_two_lines
from ocr.find import Placement
from ocr.geometry import Box
from ocr.prepare import FieldInk, prepare
from ocr.reading import Status
from ocr.strike import is_struck_out
from tests.ocr.drawn_digits import PEN, handwritten


def field(gray: Gray) -> FieldInk:
    return prepare(gray, Placement(Box(0, 0, gray.shape[1], gray.shape[0])))


def struck(gray: Gray) -> bool:
    ink = field(gray)
    assert ink.inked is not None
    return is_struck_out(ink.darkness, ink.inked, ink.lattice.digit_height_px)


def line(gray: Gray, start: tuple[float, float], end: tuple[float, float]) -> Gray:
    """The crop with a pen's line; ends as shares of the crop."""
    height, width = gray.shape
    ends = [(round(x * width), round(y * height)) for x, y in (start, end)]
    return np.asarray(cv2.line(gray.copy(), *ends, (PEN,), 4, cv2.LINE_AA), np.uint8)


@pytest.mark.parametrize(
    ("start", "end"), [((0.05, 0.5), (0.95, 0.52)), ((0.05, 0.66), (0.95, 0.38))]
)
def test_a_stroke_through_a_number_strikes_it_out(
    start: tuple[float, float], end: tuple[float, float]
) -> None:
    assert struck(line(handwritten("58203"), start, end))


@pytest.mark.parametrize("text", ["58203", "11147", "777", "4000", "12-", "250/-"])
def test_numbers_with_bars_dashes_and_slashes_are_not_struck_out(text: str) -> None:
    assert not struck(handwritten(text, seed=3))


def test_an_underlined_number_is_not_struck_out() -> None:
    assert not struck(line(handwritten("58203"), (0.0, 0.86), (1.0, 0.86)))


def test_two_numbers_one_below_the_other_are_two_lines_and_one_is_not() -> None:
    one, other = handwritten("5820"), handwritten("3716", seed=1)
    width = max(one.shape[1], other.shape[1])
    rows = [
        cv2.copyMakeBorder(gray, 0, 0, 0, width - gray.shape[1], cv2.BORDER_REPLICATE)
        for gray in (one, other)
    ]
    assert is_two_lines(field(np.vstack(rows)).lattice)
    assert not is_two_lines(field(one).lattice)


def test_one_digit_with_strokes_that_run_together_is_a_blot_where_the_pen_is_broad_enough() -> None:
    even = [np.zeros((60, 40), np.uint8) for _ in range(3)]
    for strokes in even:
        cv2.ellipse(strokes, (20, 30), (12, 22), 0, 0, 360, 255, 6, cv2.LINE_AA)
    blotted = even[0].copy()
    cv2.line(blotted, (15, 12), (15, 48), 255, 6, cv2.LINE_AA)  # beside the loop's own side
    assert not has_blot(even, 4.0)
    assert has_blot([*even[1:], blotted], 4.0)
    assert not has_blot([*even[1:], blotted], 8.0)
    assert not has_blot([blotted], 4.0)
    assert not has_blot([even[1], blotted, blotted], 4.0)  # a hand that always writes so


def test_light_writing_on_dark_is_segmented_as_dark_on_light() -> None:
    gray = handwritten("5820")
    positive, negative = field(gray).lattice, field(np.asarray(255 - gray, np.uint8)).lattice
    assert [atom.box for atom in negative.atoms] == [atom.box for atom in positive.atoms]


@pytest.fixture(scope="module")
def answers() -> list[Answer]:
    return list(read_hard_crops(4))


def test_of_what_must_not_be_read_next_to_nothing_is_accepted(answers: list[Answer]) -> None:
    """Four crops of each kind; the bench's many show below 1 %, so one of 36 is bad luck."""
    accepted = [answer for answer in answers if answer.field.status is Status.ACCEPTED]
    assert sum(answer.kind in NEVER_READ for answer in accepted) <= 1
    assert sum(answer.kind == "white_on_black" and answer.right for answer in accepted) >= 1


def test_a_doubted_field_says_why_and_can_never_be_accepted(answers: list[Answer]) -> None:
    doubted = [a.field for a in answers if "struck_out" in a.field.reason]
    assert doubted
    assert all(f.confidence is not None and f.confidence <= 0.1 for f in doubted)
