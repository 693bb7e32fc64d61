"""The structure of a page: places for digits are found, and nothing where there are none."""

import cv2
import numpy as np
import pytest
from sklearn.datasets import load_sample_images

from ocr.find.pitch import even_lines
from ocr.find.structure import Kind, find_structure
from ocr.geometry import Box
from ocr.upright import as_scanned
from tests.ocr.ruled_pages import (
    DPI,
    PEN,
    PX,
    comb,
    dotted,
    frame,
    is_at,
    kinds,
    paper,
    px,
    rule,
    table,
    write,
)

# --- combs and boxes ------------------------------------------------------------------------------


@pytest.mark.parametrize("cells", [2, 5, 18])
@pytest.mark.parametrize("written", ["", "18"])
def test_a_comb_is_found_with_its_cells_whatever_their_number(cells, written):
    page = paper()
    comb(page, 30, 80, 6, 7.5, cells)
    write(page, 31.5, 86, written, 4.5)
    (found,) = find_structure(as_scanned(page))
    assert (found.kind, len(found.cells)) == (Kind.COMB, cells)
    assert is_at(found.box, 30, 80, 6 * cells, 7.5)
    assert [cell.x for cell in found.cells] == pytest.approx(
        [(30 + 6 * k) * PX for k in range(cells)], abs=3
    )


def test_a_stroke_through_a_cell_and_a_lost_line_leave_a_comb_whole():
    page = paper()
    comb(page, 30, 80, 7, 8, 8)
    rule(page, (33.4, 80), (33.4, 88), 3)  # a 1 from edge to edge
    cv2.line(page, px(51, 81.5), px(51, 86.5), 244, 4)
    (found,) = find_structure(as_scanned(page))
    assert (found.kind, len(found.cells)) == (Kind.COMB, 8)


def bar(page, left, right, at):
    """A bar of a digit from one side of a cell to the other."""
    cv2.line(page, px(left, at), px(right, at), PEN, 3)


@pytest.mark.parametrize("parted", [(0,), (3,), (2, 3), (0, 1, 3)])
def test_a_comb_stays_whole_where_bars_of_digits_part_its_cells(parted):
    page = paper()
    comb(page, 30, 80, 7, 8, 4)
    for k in parted:
        bar(page, 30 + 7 * k, 37 + 7 * k, 83.5)
        rule(page, (33 + 7 * k, 83.5), (33 + 7 * k, 87), 3)
    (found,) = find_structure(as_scanned(page))
    assert (found.kind, len(found.cells)) == (Kind.COMB, 4)
    assert is_at(found.box, 30, 80, 28, 8)


def test_combs_that_share_their_lines_are_found_one_by_one():
    page = paper()
    for row in range(5):
        comb(page, 30, 80 + 8 * row, 6, 8, 9)
        for k in (row, 8 - row):
            bar(page, 30 + 6 * k, 36 + 6 * k, 83 + 8 * row)
    found = find_structure(as_scanned(page))
    assert [(place.kind, len(place.cells)) for place in found] == [(Kind.COMB, 9)] * 5


def test_an_open_comb_is_found_by_its_ticks():
    page = paper()
    rule(page, (30, 90), (72, 90))
    for k in range(8):
        rule(page, (30 + 6 * k, 87), (30 + 6 * k, 90))
    (found,) = find_structure(as_scanned(page))
    assert (found.kind, len(found.cells)) == (Kind.COMB, 7)
    assert is_at(found.box, 30, 82.5, 42, 7.5)


def test_a_framed_comb_with_short_ticks_has_its_cells():
    page = paper()
    frame(page, 30, 80, 42, 8)
    for k in range(1, 6):
        rule(page, (30 + 7 * k, 85), (30 + 7 * k, 88))
    (found,) = find_structure(as_scanned(page))
    assert (found.kind, len(found.cells)) == (Kind.COMB, 6)
    assert is_at(found.box, 30, 80, 42, 8)


def test_a_dotted_comb_is_found():
    page = paper()
    for y in (80, 88):
        dotted(page, (30, y), (72, y))
    for k in range(7):
        dotted(page, (30 + 7 * k, 80), (30 + 7 * k, 88))
    (found,) = find_structure(as_scanned(page))
    assert (found.kind, len(found.cells)) == (Kind.COMB, 6)


def test_separate_boxes_of_one_size_are_one_row_and_others_are_single():
    page = paper()
    for k in range(5):
        frame(page, 30 + 8 * k, 80, 6, 7)
    frame(page, 30, 120, 40, 10)
    frame(page, 30, 150, 25, 9)
    write(page, 32, 128, "806")  # loops in a box are no cells of their own
    found = find_structure(as_scanned(page))
    assert kinds(found) == [Kind.BOXES, Kind.BOX, Kind.BOX]
    assert len(found[0].cells) == 5
    assert is_at(found[1].box, 30, 120, 40, 10)


@pytest.mark.parametrize("gap_mm", [0.8, 0.9, 1.05])
def test_boxes_hardly_apart_are_one_field_whatever_their_distance(gap_mm):
    page = paper()
    for k in range(7):
        frame(page, 30 + (6 + gap_mm) * k, 80, 6, 7.5)
    (found,) = find_structure(as_scanned(page))
    assert found.kind in {Kind.COMB, Kind.BOXES}
    assert len(found.cells) == 7


def test_a_section_with_fields_in_it_is_no_field():
    page = paper()
    frame(page, 20, 70, 120, 17)
    comb(page, 60, 75, 6, 7, 6)
    assert kinds(find_structure(as_scanned(page))) == [Kind.COMB]


# --- lines ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("draw", [rule, dotted])
def test_a_line_to_write_on_is_the_room_above_it(draw):
    page = paper()
    draw(page, (60, 100), (110, 100))
    write(page, 70, 99, "4711")
    (found,) = find_structure(as_scanned(page))
    assert found.kind == Kind.LINE
    assert is_at(found.box, 60, 91.5, 50, 9)


def test_a_rule_across_the_page_is_none():
    page = paper()
    rule(page, (15, 100), (195, 100))
    assert find_structure(as_scanned(page)) == ()


# --- nothing to be found --------------------------------------------------------------------------


def test_nothing_is_found_on_blank_paper():
    assert find_structure(as_scanned(paper())) == ()


def test_nothing_is_found_on_a_page_of_text():
    page = paper()
    for line in range(45):
        words = f"{line} lines of a letter, with HIGH LETTERS and numbers 10{line}8 and no field"
        write(page, 20, 20 + 6 * line, words, 2.6)
    write(page, 20, 14, "DOBB BOX", 9.0)
    assert find_structure(as_scanned(page)) == ()


@pytest.mark.parametrize("number", [0, 1])
def test_little_is_found_on_a_photograph(number):
    photo = cv2.cvtColor(load_sample_images().images[number], cv2.COLOR_RGB2GRAY)
    for size in ((640, 427), (1754, 1170), (3508, 2340)):
        assert len(find_structure(as_scanned(cv2.resize(photo, size)))) <= 8


@pytest.mark.parametrize("size", [(8, 8), (2000, 12), (12, 2000), (60, 60), (700, 500)])
def test_noise_of_any_size_is_no_mistake(size):
    noise = np.random.default_rng(1).integers(0, 256, size, dtype=np.uint8)
    for place in find_structure(as_scanned(noise)):
        assert place.box.right <= size[1]
        assert place.box.bottom <= size[0]


@pytest.mark.parametrize("dpi", [100, 200, 300, 600])
def test_the_same_places_are_found_at_any_resolution(dpi):
    page = paper()
    comb(page, 30, 80, 6, 7.5, 8)
    table(page)
    rule(page, (60, 200), (110, 200))
    factor = dpi / DPI
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    resized = cv2.resize(page, None, fx=factor, fy=factor, interpolation=method)
    found = find_structure(as_scanned(resized))
    assert kinds(found) == [Kind.COMB, Kind.TABLE, Kind.TABLE, Kind.TABLE, Kind.LINE]
    box = found[0].box
    scaled = Box(*(round(v / factor) for v in (box.x, box.y, box.width, box.height)))
    assert is_at(scaled, 30, 80, 48, 7.5)


# --- evenly spaced lines --------------------------------------------------------------------------


def test_even_lines_leave_out_strokes_and_put_in_what_is_missing():
    (even,) = even_lines([10.0, 20.2, 24.0, 29.9, 50.1, 60.0], 10.0)
    assert even.spaces == 5
    assert even.edges == pytest.approx([10, 20, 30, 40, 50, 60], abs=0.4)


def test_two_combs_in_a_row_are_two():
    lines = [0.0, 10, 20, 30, 55, 65, 75]
    assert [even.spaces for even in even_lines(lines, 10.0)] == [3, 2]
    assert even_lines([0.0, 33, 71], 10.0) == []


@pytest.mark.parametrize(("stroke_mm", "boxes"), [((101, 109), 1), ((100, 110), 2)])
def test_a_tall_digit_parts_no_box_and_a_printed_line_does(stroke_mm, boxes):
    page = paper()
    frame(page, 60, 100, 24, 10)
    rule(page, (66, stroke_mm[0]), (66, stroke_mm[1]))
    found = find_structure(as_scanned(page))
    assert kinds(found) == [Kind.BOX] * boxes
    assert is_at(found[-1].box, 60, 100, 24, 10) == (boxes == 1)
