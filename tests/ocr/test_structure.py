"""The structure of a page: places for digits are found, and nothing where there are none."""

import cv2
import numpy as np
import pytest
from sklearn.datasets import load_sample_images

from ocr.find.pitch import even_lines
from ocr.find.structure import Kind, find_structure
from ocr.geometry import Box
from ocr.upright import as_scanned

DPI = 150
PX = DPI / 25.4  # pixels per millimetre of the drawn pages
PRINT, PEN = 60, 40


def paper():
    return np.full((round(297 * PX), round(210 * PX)), 244, np.uint8)


def px(*mm):
    return tuple(round(side * PX) for side in mm)


def rule(page, start_mm, end_mm, line_px=2):
    cv2.line(page, px(*start_mm), px(*end_mm), PRINT, line_px)


def frame(page, left, top, width, height):
    cv2.rectangle(page, px(left, top), px(left + width, top + height), PRINT, 2)


def comb(page, left, top, pitch, height, cells):
    frame(page, left, top, pitch * cells, height)
    for k in range(1, cells):
        rule(page, (left + k * pitch, top), (left + k * pitch, top + height))


def dotted(page, start_mm, end_mm):
    steps = round(float(np.hypot(*np.subtract(end_mm, start_mm))))
    for x, y in np.linspace(start_mm, end_mm, steps + 1):
        cv2.circle(page, px(x, y), 1, PRINT, -1)


def write(page, left, baseline, text, height_mm=5.0):
    scale = height_mm * PX / 22
    cv2.putText(page, text, px(left, baseline), cv2.FONT_HERSHEY_SIMPLEX, scale, PEN, 3)


def kinds(found):
    return [place.kind for place in found]


def overlap(one, other):
    """Intersection over union."""
    wide = min(one.right, other.right) - max(one.x, other.x)
    tall = min(one.bottom, other.bottom) - max(one.y, other.y)
    both = max(0, wide) * max(0, tall)
    return both / (one.width * one.height + other.width * other.height - both)


def is_at(box, left, top, width, height):
    return overlap(box, Box(*px(left, top, width, height))) > 0.8


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


def test_a_section_with_fields_in_it_is_no_field():
    page = paper()
    frame(page, 20, 70, 120, 17)
    comb(page, 60, 75, 6, 7, 6)
    assert kinds(find_structure(as_scanned(page))) == [Kind.COMB]


# --- lines and tables -----------------------------------------------------------------------------


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


def table(page, rows=6, columns=3, *, skip=()):
    for row in range(rows):
        for column in range(columns):
            if (row, column) not in skip:
                frame(page, 40 + 30 * column, 100 + 9 * row, 30, 9)


def test_a_table_is_its_columns_with_one_cell_a_row():
    page = paper()
    table(page)
    found = find_structure(as_scanned(page))
    assert kinds(found) == [Kind.TABLE] * 3
    assert [(place.table, place.column, place.first_row) for place in found] == [
        (1, column, 1) for column in (1, 2, 3)
    ]
    assert [len(place.cells) for place in found] == [6, 6, 6]
    assert is_at(found[1].cells[2], 70, 118, 30, 9)


def counts_under_rules(page, rows=8, columns=(75, 110, 145), draw=rule):
    """Rules from side to side, and nothing between the columns but paper."""
    for row in range(rows + 1):
        draw(page, (20, 100 + 9 * row), (170, 100 + 9 * row))
        for column in columns if row < rows else ():
            write(page, 22, 106 + 9 * row, "Ward", 3.0)
            write(page, column + row % 3, 107 + 9 * row, f"{(389 * (row + column)) % 900 + 100}")


@pytest.mark.parametrize("draw", [rule, dotted])
def test_counts_under_rules_are_columns_without_lines_between_them(draw):
    page = paper()
    counts_under_rules(page, draw=draw)
    found = find_structure(as_scanned(page))
    assert [(place.kind, len(place.cells)) for place in found] == [(Kind.TABLE, 8)] * 4
    for place, column in zip(found[1:], (75, 110, 145), strict=True):
        for row, cell in enumerate(place.cells):
            x, y = px(column + 6, 104.5 + 9 * row)
            assert cell.x < x < cell.right
            assert cell.y < y < cell.bottom


def test_a_table_that_is_open_at_the_right_has_its_last_column():
    page = paper()
    counts_under_rules(page)
    for edge in (70, 105, 140):
        rule(page, (edge, 100), (edge, 172))
    found = find_structure(as_scanned(page))
    assert [len(place.cells) for place in found] == [8] * 4
    assert is_at(found[3].cells[0], 140, 100, 30, 9)


def test_a_text_on_ruled_lines_is_no_table():
    page = paper()
    for row in range(9):
        rule(page, (20, 100 + 9 * row), (150, 100 + 9 * row))
        words = ("We the people of", "a town in order to", "form a better one do")[row % 3]
        write(page, 22 + row % 4, 99 + 9 * row, words, 4.0)
    assert Kind.TABLE not in kinds(find_structure(as_scanned(page)))


def test_writing_that_closes_a_cell_does_not_cut_its_column():
    page = paper()
    table(page)
    cv2.line(page, px(55, 118), px(55, 127), PRINT, 3)  # a 1 from line to line in row 3
    assert [len(place.cells) for place in find_structure(as_scanned(page))] == [6, 6, 6]


def test_a_column_that_begins_lower_says_in_which_row():
    page = paper()
    table(page, skip={(0, 0)})
    rule(page, (40, 109), (70, 109))
    places = {(place.column, place.first_row) for place in find_structure(as_scanned(page))}
    assert places == {(1, 2), (2, 1), (3, 1)}


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
