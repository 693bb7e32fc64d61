"""Fields without writing: dirt is no digit, and print that belongs to a field neither."""

import cv2
import numpy as np
import pytest

from bench.blanks import first_empty
from ocr.arrays import Gray
from ocr.comb_print import are_print
from ocr.digits.versions import champion
from ocr.find import Placement
from ocr.find.settle import settle
from ocr.geometry import Box
from ocr.prepare import prepare, prepare_on
from ocr.readers import load_readers
from ocr.reading import Status
from ocr.upright import as_scanned
from tests.ocr.drawn_digits import handwritten

CELLS = tuple(Box(10 + 60 * k, 10, 60, 80) for k in range(4))


def paper(height: int, width: int, seed: int = 0) -> Gray:
    grain = np.random.default_rng(seed).normal(0, 2, (height, width))
    return np.asarray(np.clip(240 + grain, 0, 255), np.uint8)


def is_empty(gray: Gray, cells: tuple[Box, ...] = ()) -> bool:
    box = Box(0, 0, gray.shape[1], gray.shape[0])
    return not prepare(gray, Placement(box, cells)).lattice.atoms


@pytest.mark.parametrize("crops", [False, True])
def test_of_empty_fields_with_dirt_next_to_none_is_read_and_none_accepted(crops: bool) -> None:
    """A page of 28 boxes and one of combs; a hair may look like a 1."""
    fields = first_empty(37, load_readers(champion()), crops=crops)
    assert sum(field.is_read for field in fields) <= 1
    assert all(len(field.reading.value) <= 1 for field in fields)  # frames are no row of ones
    assert sum(field.reading.status is Status.BLANK for field in fields) >= 34


def test_dust_alone_is_no_writing_but_small_digits_beside_it_are() -> None:
    dusty = paper(100, 400)
    for x in range(20, 390, 37):
        cv2.circle(dusty, (x, 15 + x % 70), 3, (90,), -1)
    assert is_empty(dusty)
    small = handwritten("58203", height_px=27)
    dusty[20 : 20 + small.shape[0], 100 : 100 + small.shape[1]] = small[: 100 - 20]
    assert not is_empty(dusty)


def test_a_trace_of_the_other_side_is_no_writing_but_faint_pencil_is() -> None:
    strokes = (235 - handwritten("58203").astype(float)) / 175
    faint = [np.clip(240 - level * strokes, 0, 255).astype(np.uint8) for level in (9, 40)]
    assert [is_empty(gray) for gray in faint] == [True, False]


def soft_spot(shape: tuple[int, int]) -> Gray:
    """A smudge of 40 pixels, with edges 15 pixels wide, on paper."""
    spot = np.zeros(shape, np.float32)
    cv2.circle(spot, (shape[1] // 2, shape[0] // 2), 20, (50.0,), -1)
    return np.clip(paper(*shape) - cv2.GaussianBlur(spot, (0, 0), 6), 0, 255).astype(np.uint8)


def test_a_smudge_is_no_writing_but_an_unsharp_digit_is_and_so_is_one_beside_a_smudge() -> None:
    digits = handwritten("3", height_px=60)
    assert is_empty(soft_spot((100, 200)))
    assert not is_empty(np.asarray(cv2.GaussianBlur(digits, (0, 0), 4), np.uint8))
    assert not is_empty(np.hstack([soft_spot((digits.shape[0], 200)), digits]))


def test_a_frame_is_no_writing_with_paper_around_it() -> None:
    framed = paper(100, 300)
    cv2.rectangle(framed, (8, 7), (291, 92), (40,), 2)
    assert is_empty(framed)


@pytest.mark.parametrize("off_px", [(-8, 3), (5, -4), (9, 6)])
def test_faint_lines_of_an_empty_comb_are_no_ones_once_it_is_settled(
    off_px: tuple[int, int],
) -> None:
    """On a page a little askew and registered up to 0.8 mm off, each edge is on its line again.

    A few pixels off, and what cleaning leaves of a line in a cell looks like a 1.
    """
    sheet = paper(300, 900)
    where = Box(110, 110, 640, 90)
    for x in range(where.x, where.right + 1, 80):
        cv2.line(sheet, (x, where.y), (x, where.bottom), (200,), 2)
    for y in (where.y, where.bottom):
        cv2.line(sheet, (where.x, y), (where.right, y), (90,), 3)
    page = as_scanned(sheet).deskewed(0.4)
    settled = settle(page, where.moved(*off_px), 8, 300 / 25.4)
    middles = [(cell.x, cell.y + cell.height / 2, 1.0) for cell in settled.cells]
    columns = (page.to_scan_px @ np.transpose(middles))[0]
    assert columns == pytest.approx(np.arange(where.x, where.right, 80), abs=1.6)
    assert not prepare_on(page, settled).lattice.atoms


def test_ticks_between_cells_are_print_and_a_one_within_a_cell_is_not() -> None:
    tick, one = Box(67, 50, 5, 40), Box(37, 30, 8, 50)
    inks = [np.ones((box.height, box.width), np.bool_) for box in (tick, one)]
    assert are_print([tick, one], inks, CELLS) == [True, False]


def test_boxes_of_their_own_are_print_and_a_zero_as_large_as_its_cell_is_not() -> None:
    boxes = [Box(cell.x + 5, 12, 50, 76) for cell in CELLS]
    drawn, zero = np.zeros((76, 50), np.uint8), np.zeros((76, 50), np.uint8)
    cv2.rectangle(drawn, (1, 1), (48, 74), (1,), 2)
    cv2.ellipse(zero, (25, 38), (23, 36), 0, 0, 360, (1,), 2)
    assert are_print(boxes, [drawn > 0] * 4, CELLS) == [True] * 4
    assert are_print(boxes[:1], [drawn > 0], CELLS) == [False]
    assert are_print(boxes, [zero > 0] * 4, CELLS) == [False] * 4
