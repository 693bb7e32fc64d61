"""Places for digits that are less than their field, and those that only stand beside something."""

import pytest

from ocr.find.structure import find_structure
from ocr.recognize import BLANK, Recognition, in_doubt
from ocr.upright import as_scanned
from tests.ocr.ruled_pages import comb, frame, paper, rule, write


def is_cut(page):
    return [place.is_cut_short for place in find_structure(as_scanned(page))]


def with_comb():
    """A comb of five written cells, 30 to 65 mm from the left."""
    page = paper()
    comb(page, 30, 80, 7, 9, 5)
    for k in range(5):
        write(page, 31.5 + 7 * k, 87, str(k + 3))
    return page


@pytest.mark.parametrize("left", [24, 66.5])
def test_a_digit_without_a_cell_beside_a_comb_is_the_rest_of_its_number(left):
    page = with_comb()
    write(page, left, 87, "8")
    assert is_cut(page) == [True]


def test_labels_lines_and_other_places_beside_a_comb_do_not_cut_it():
    page = with_comb()
    write(page, 18, 86, "No.", 2.6)
    rule(page, (68, 60), (68, 120))
    assert is_cut(page) == [False]
    page = with_comb()
    frame(page, 69, 80, 40, 9)
    write(page, 71, 87, "417")
    assert is_cut(page) == [False, False]


def test_a_box_for_one_digit_with_another_digit_beside_it_is_part_of_a_field():
    page = paper()
    for left in (30, 90):
        frame(page, left, 80, 6.5, 9)
        write(page, left + 1.2, 87, "4")
    write(page, 38, 87, "7")
    assert is_cut(page) == [True, False]


def test_a_box_for_a_whole_number_has_sides_of_its_own():
    page = paper()
    frame(page, 30, 80, 40, 9)
    write(page, 33, 87, "3047")
    write(page, 72, 87, "8")
    assert is_cut(page) == [False]


def test_what_is_cut_short_is_never_accepted_and_what_is_blank_stays_so():
    doubted = in_doubt(Recognition("123", "123", 0.99, "repaired"), "cut_short")
    assert (doubted.value, doubted.reason) == ("123", "cut_short repaired")
    assert doubted.confidence < 0.5
    assert in_doubt(BLANK, "cut_short") == BLANK


def test_half_a_cell_beside_a_comb_is_no_other_place():
    page = with_comb()
    frame(page, 65, 80, 7, 4.5)  # the bar of a digit closes the upper half of its cell
    write(page, 66.5, 88, "8")
    assert is_cut(page)[0]


def test_part_of_a_cell_beside_a_comb_is_its_next_cell():
    page = with_comb()
    frame(page, 65, 80, 4.5, 9)  # a tall digit closes part of its cell
    assert is_cut(page)[0]
