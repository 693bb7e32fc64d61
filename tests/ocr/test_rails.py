"""Combs whose cells bold digits part or fill, and those in light lines or on a light band."""

import cv2
import pytest

from ocr.find.structure import Kind, find_structure
from ocr.upright import as_scanned
from tests.ocr.ruled_pages import PEN, comb, frame, paper, px

PITCH, TALL, CELLS = 6.5, 8.0, 7
LEFT, TOP = 30.0, 80.0


def stroke(page, cell, start, end, thick=6):
    """A pen stroke in a cell, its ends in shares of the cell."""
    ends = (px(LEFT + (cell + x) * PITCH, TOP + y * TALL) for x, y in (start, end))
    cv2.line(page, *ends, PEN, thick)


def seven_of_bars(page, cell):
    """A bar from side to side and a stroke down from it."""
    stroke(page, cell, (0.0, 0.15), (1.0, 0.15), 3)
    stroke(page, cell, (0.75, 0.15), (0.6, 0.9))


def bold_zero(page, cell):
    """Straight strokes all around, near the lines of the cell."""
    for start, end in (((0.2, 0.15), (0.8, 0.15)), ((0.2, 0.85), (0.8, 0.85))):
        stroke(page, cell, start, end)
    for start, end in (((0.2, 0.15), (0.2, 0.85)), ((0.8, 0.15), (0.8, 0.85))):
        stroke(page, cell, start, end)


@pytest.mark.parametrize("digit", [seven_of_bars, bold_zero])
@pytest.mark.parametrize("at", [(0,), (CELLS - 1,), (2, 3), tuple(range(CELLS))])
def test_a_comb_keeps_the_cells_that_digits_part_or_fill(digit, at):
    page = paper()
    comb(page, LEFT, TOP, PITCH, TALL, CELLS)
    for cell in at:
        digit(page, cell)
    (found,) = find_structure(as_scanned(page))
    assert (found.kind, len(found.cells)) == (Kind.COMB, CELLS)


def test_a_row_of_boxes_keeps_the_box_that_a_digit_parts():
    page = paper()
    for cell in range(CELLS):
        frame(page, LEFT + 9 * cell, TOP, PITCH, TALL)
    left, right, row = LEFT + 9 * 3, LEFT + 9 * 3 + PITCH, TOP + 0.75 * TALL
    cv2.line(page, px(left, row), px(right, row), PEN, 5)
    (found,) = find_structure(as_scanned(page))
    assert (found.kind, len(found.cells)) == (Kind.BOXES, CELLS)


def test_a_comb_of_light_lines_is_found():
    page = paper()
    level = int(page[0, 0]) - 24
    for cell in range(CELLS):
        corners = px(LEFT + cell * PITCH, TOP), px(LEFT + (cell + 1) * PITCH, TOP + TALL)
        cv2.rectangle(page, *corners, level, 1)
    (found,) = find_structure(as_scanned(page))
    assert (found.kind, len(found.cells)) == (Kind.COMB, CELLS)


def test_white_cells_on_a_light_band_are_found():
    page = paper()
    level = int(page[0, 0])
    band = px(LEFT - 2, TOP - 1.5), px(LEFT + 8 * CELLS, TOP + TALL + 1.5)
    cv2.rectangle(page, *band, level - 26, -1)
    for cell in range(CELLS):
        corners = px(LEFT + 8 * cell, TOP), px(LEFT + 8 * cell + 6.2, TOP + TALL)
        cv2.rectangle(page, *corners, level, -1)
    (found,) = find_structure(as_scanned(page))
    assert len(found.cells) == CELLS


def test_single_light_lines_are_no_comb():
    page = paper()
    level = int(page[0, 0]) - 24
    for row in (TOP, TOP + 8.0):
        cv2.line(page, px(30, row), px(120, row), level, 1)
    cv2.line(page, px(60, TOP - 20), px(60, TOP + 40), level, 1)
    assert find_structure(as_scanned(page)) == ()
