"""Captions in boxes: one writes below them."""

import pytest

from ocr.find.structure import Kind, find_structure
from ocr.upright import as_scanned
from tests.ocr.ruled_pages import frame, is_at, paper, rule, write


@pytest.mark.parametrize("written", ["", "4711"])
def test_the_room_of_a_box_is_below_its_caption(written):
    page = paper()
    frame(page, 30, 80, 45, 13)
    write(page, 31, 83, "Gross weight", 1.8)
    write(page, 34, 91.5, written)
    (found,) = find_structure(as_scanned(page))
    assert found.kind == Kind.BOX
    assert is_at(found.box, 30.3, 83.9, 44.5, 8.9)


@pytest.mark.parametrize(("baseline", "height"), [(86, 4.5), (91, 1.8)])
def test_digits_in_the_upper_part_and_small_ones_are_no_caption(baseline, height):
    page = paper()
    frame(page, 30, 80, 45, 13)
    write(page, 31, baseline, "4711", height)
    (found,) = find_structure(as_scanned(page))
    assert is_at(found.box, 30, 80, 45, 13)


def test_a_letter_that_hangs_down_beside_the_digits_leaves_the_caption_out():
    page = paper()
    frame(page, 30, 80, 45, 11)
    write(page, 31, 83, "How many, Gas", 1.8)
    rule(page, (48, 83), (48, 84.6))  # a long y
    write(page, 34, 90, "4711")
    (found,) = find_structure(as_scanned(page))
    assert is_at(found.box, 30.3, 85, 44.5, 5.8)
