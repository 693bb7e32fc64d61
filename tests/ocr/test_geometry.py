"""Boxes: edges, slices, and what is left of them inside a page."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ocr.geometry import Box, around, middles_in

coordinates = st.integers(-300, 300)
sides = st.integers(0, 300)
boxes = st.builds(Box, coordinates, coordinates, sides, sides)


def test_a_box_indexes_rows_first():
    page = np.arange(20).reshape(4, 5)
    assert page[Box(1, 2, 3, 2).slices].tolist() == [[11, 12, 13], [16, 17, 18]]
    assert (Box(1, 2, 3, 2).right, Box(1, 2, 3, 2).bottom) == (4, 4)


def test_a_moved_box_keeps_its_size():
    assert Box(5, 6, 7, 8).moved(-2, 3) == Box(3, 9, 7, 8)


def test_a_box_beyond_the_page_is_clipped_to_nothing():
    assert Box(200, -50, 10, 20).clipped(100, 100).width == 0
    assert Box(-5, -5, 10, 10).clipped(100, 100) == Box(0, 0, 5, 5)


@given(boxes, sides, sides)
def test_a_clipped_box_holds_the_pixels_that_both_have(box, width, height):
    clipped = box.clipped(width, height)
    columns = set(range(box.x, box.right)) & set(range(width))
    rows = set(range(box.y, box.bottom)) & set(range(height))
    assert set(range(clipped.x, clipped.right)) == columns
    assert set(range(clipped.y, clipped.bottom)) == rows
    assert 0 <= clipped.x <= clipped.right <= width
    assert 0 <= clipped.y <= clipped.bottom <= height


@given(st.lists(boxes, max_size=5), st.lists(boxes, max_size=5))
def test_middles_of_many_boxes_are_told_as_of_one(some, rooms):
    expected = [any(room.has_middle_of(box) for room in rooms) for box in some]
    assert middles_in(some, rooms) == expected


@given(st.lists(boxes, min_size=1, max_size=5))
def test_the_box_around_boxes_ends_where_the_outermost_do(some):
    whole = around(some)
    assert (whole.x, whole.y) == (min(box.x for box in some), min(box.y for box in some))
    assert whole.right == max(box.right for box in some)
    assert whole.bottom == max(box.bottom for box in some)
