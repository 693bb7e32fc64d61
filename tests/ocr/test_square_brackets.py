"""Square brackets to write between are boxes; boxes to tick, frames and words are none."""

import cv2
import numpy as np

from ocr.find.structure import Kind, find_structure
from ocr.upright import as_scanned
from tests.ocr.ruled_pages import PRINT, frame, paper, px, write

TOP, BOTTOM = 80.0, 88.0


def bracket(page, x, inward):
    for start, end in (
        ((x, TOP), (x, BOTTOM)),
        ((x, TOP), (x + inward, TOP)),
        ((x, BOTTOM), (x + inward, BOTTOM)),
    ):
        cv2.line(page, px(*start), px(*end), PRINT, 3)


def brackets(width_mm, inward_mm=1.2):
    page = paper()
    bracket(page, 60, inward_mm)
    bracket(page, 60 + width_mm, -inward_mm)
    return page


def test_room_between_brackets_is_a_box():
    page = brackets(50)
    write(page, 64, 87, "7 4 1", 5.0)
    (found,) = find_structure(as_scanned(page))
    assert found.kind is Kind.BOX
    sides = (found.box.x, found.box.y, found.box.right, found.box.bottom)
    assert np.allclose(sides, (*px(61, TOP), *px(109, BOTTOM)), atol=6)


def test_brackets_to_tick_between_are_no_field():
    assert find_structure(as_scanned(brackets(5))) == ()


def test_brackets_that_open_outwards_are_no_field():
    assert find_structure(as_scanned(brackets(50, -1.2))) == ()


def test_a_frame_is_one_box_and_not_brackets_too():
    page = paper()
    frame(page, 60, TOP, 50, 8)
    assert [each.kind for each in find_structure(as_scanned(page))] == [Kind.BOX]
