"""Places that are open above: combs on a line, combs of dashes, brackets."""

import pytest

from ocr.find.structure import Kind, find_structure
from ocr.upright import as_scanned
from tests.ocr.ruled_pages import frame, is_at, kinds, paper, rule, write


def open_comb(page, left, bottom, pitch, height, cells):
    rule(page, (left, bottom), (left + pitch * cells, bottom))
    for k in range(cells + 1):
        rule(page, (left + k * pitch, bottom - height), (left + k * pitch, bottom))


def dashes(page, left, bottom, count, width=5.0, gap=2.0):
    for k in range(count):
        start = left + k * (width + gap)
        rule(page, (start, bottom), (start + width, bottom))


@pytest.mark.parametrize("cells", [2, 5, 9])
@pytest.mark.parametrize("barred", [False, True])
def test_an_open_comb_is_as_tall_as_its_sides(cells, barred):
    page = paper()
    open_comb(page, 30, 90, 7, 7.5, cells)
    for k in range(0, cells if barred else 0, 3):  # bars of 7s close some cells
        rule(page, (30 + 7 * k, 84.5), (37 + 7 * k, 84.5), 3)
    (found,) = find_structure(as_scanned(page))
    assert (found.kind, len(found.cells)) == (Kind.COMB, cells)
    assert is_at(found.box, 30, 82.5, 7 * cells, 7.5)


def test_open_combs_near_one_another_are_found_one_by_one():
    page = paper()
    for left, cells in ((30, 2), (47, 2), (64, 3)):
        open_comb(page, left, 90, 6.5, 7, cells)
    found = find_structure(as_scanned(page))
    assert [len(place.cells) for place in found] == [2, 2, 3]


@pytest.mark.parametrize("count", [3, 6, 12])
def test_dashes_are_a_comb_with_a_cell_for_each(count):
    page = paper()
    dashes(page, 30, 100, count)
    write(page, 31, 99, "2")
    (found,) = find_structure(as_scanned(page))
    assert (found.kind, len(found.cells)) == (Kind.COMB, count)
    assert is_at(found.box, 29, 92.5, 7 * count, 7.5)


def test_two_dashes_are_a_comb_beside_longer_ones_of_their_kind_alone():
    page = paper()
    dashes(page, 30, 100, 2)
    assert find_structure(as_scanned(page)) == ()
    dashes(page, 30, 120, 4)
    assert [len(place.cells) for place in find_structure(as_scanned(page))] == [2, 4]


@pytest.mark.parametrize(("width", "gaps"), [(5.0, (2, 9)), (2.5, (2, 2)), (14.0, (2, 2))])
def test_strokes_that_are_no_row_of_dashes_are_no_comb(width, gaps):
    page = paper()
    left = 30
    for gap in (*gaps, 0):
        rule(page, (left, 100), (left + width, 100))
        left += width + gap
    assert Kind.COMB not in kinds(find_structure(as_scanned(page)))


def test_a_line_to_cut_along_is_no_comb():
    page = paper()
    dashes(page, 12, 150, 26)
    assert find_structure(as_scanned(page)) == ()


@pytest.mark.parametrize(("sides", "top", "height"), [(4, 91.5, 8.5), (9, 91, 9)])
def test_one_writes_into_a_bracket_that_is_open_above(sides, top, height):
    page = paper()
    rule(page, (60, 100), (110, 100))
    for end in (60, 110):
        rule(page, (end, 100 - sides), (end, 100))
    write(page, 64, 98, "4711")
    (found,) = find_structure(as_scanned(page))
    assert is_at(found.box, 60, top, 50, height)


def test_the_foot_of_a_frame_is_no_bracket():
    page = paper()
    frame(page, 30, 100, 60, 40)
    rule(page, (30, 130), (30, 160))
    rule(page, (90, 130), (90, 160))
    assert find_structure(as_scanned(page)) == ()
