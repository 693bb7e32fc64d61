"""Groups of cells that make one number, and those that stay fields of their own."""

import cv2
import numpy as np
import pytest

from ocr.comb_print import are_print
from ocr.find.structure import find_structure
from ocr.forms import FormField
from ocr.geometry import Box
from ocr.upright import as_scanned
from ocr.values import interpret
from tests.ocr.ruled_pages import comb, paper, px, rule

PITCH, GAP = 6, 4


def with_groups(sizes, marks, gap=GAP):
    """A page with groups of cells and marks between them."""
    page, left = paper(), 30
    for size, mark in zip(sizes, [*marks, None], strict=True):
        comb(page, left, 80, PITCH, 8, size)
        left += PITCH * size
        if mark == "/":
            rule(page, (left + 0.36 * gap, 85.5), (left + 0.64 * gap, 82))
        elif mark == "-":
            rule(page, (left + 0.3 * gap, 84), (left + 0.7 * gap, 84))
        elif mark == ".":
            cv2.circle(page, px(left + gap / 2, 87), 3, 60, -1)
        left += gap
    return page


@pytest.mark.parametrize(
    ("sizes", "marks"),
    [
        ((2, 2, 4), [None, None]),
        ((2, 2, 4), ["/", "/"]),
        ((2, 2, 4), [".", "."]),
        ((4, 2, 2), ["-", "-"]),
        ((2, 2, 2), ["/", "/"]),
        ((3, 3, 4), ["-", "-"]),
        ((5, 4), ["-"]),
    ],
)
def test_groups_of_one_number_are_one_place(sizes, marks):
    (found,) = find_structure(as_scanned(with_groups(sizes, marks)))
    assert (found.groups, len(found.cells), found.has_cents) == (sizes, sum(sizes), False)
    assert [len(part.cells) for part in found.parted()] == list(sizes)
    assert not found.is_cut_short


def test_a_point_before_two_cells_makes_them_cents():
    (found,) = find_structure(as_scanned(with_groups((5, 2), ["."])))
    assert (found.groups, found.has_cents) == ((5, 2), True)
    field = FormField(name="comb_1", type="amount", cents=True, cells=7)
    assert interpret("8093823", field, comb=True).text == "80938.23"


@pytest.mark.parametrize(
    ("sizes", "marks", "gap"),
    [
        ((3, 3), [None], GAP),  # two counts, or one number: nobody knows
        ((3, 3), ["."], GAP),
        ((3, 3, 4), ["-", None], GAP),
        ((3, 4), ["/"], PITCH),  # room for a cell that was not found
        ((2, 2, 4), [None, None], 3 * PITCH),
    ],
)
def test_groups_of_which_that_is_not_sure_stay_fields(sizes, marks, gap):
    found = find_structure(as_scanned(with_groups(sizes, marks, gap)))
    assert [len(place.cells) for place in found] == list(sizes)
    assert all(place.is_cut_short == (gap <= PITCH) for place in found)


def test_counts_beside_one_another_in_columns_are_fields_of_their_own():
    page = paper()
    for row in range(4):
        for column in range(3):
            comb(page, 30 + 20 * column, 80 + 11 * row, 5.5, 8, 3)
    found = find_structure(as_scanned(page))
    assert len(found) == 12
    assert not any(place.is_cut_short or place.groups for place in found)


def test_what_stands_between_groups_is_no_digit():
    cells = [Box(x, 0, 30, 40) for x in (0, 32, 90, 122)]  # two groups of separate boxes
    boxes = [Box(10, 10, 6, 20), Box(29, 10, 4, 20), Box(72, 5, 8, 30), Box(88, 5, 8, 30)]
    inks = [np.ones((box.height, box.width), np.bool_) for box in boxes]
    assert are_print(boxes, inks, cells) == [False, False, True, False]


def test_the_frame_that_is_left_of_a_group_is_no_digit():
    cells = [Box(x, 0, 30, 40) for x in (0, 30, 80, 110)]
    frame = np.zeros((40, 60), np.bool_)
    frame[:3] = frame[-3:] = frame[:, -3:] = True
    assert are_print([Box(0, 0, 60, 40)], [frame], cells) == [True]
