"""Tables of a page: columns of numbers, with lines between them and without."""

from itertools import pairwise

import cv2
import numpy as np
import pytest

from ocr.find.ruling import find_ruling
from ocr.find.structure import Kind, find_structure
from ocr.runs import runs_of
from ocr.upright import as_scanned
from tests.ocr.ruled_pages import (
    PRINT,
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


def test_a_head_higher_than_the_rows_takes_none_of_them():
    page = paper()
    counts_under_rules(page)
    rule(page, (20, 86), (170, 86))
    found = [place for place in find_structure(as_scanned(page)) if place.kind == Kind.TABLE]
    assert [len(place.cells) for place in found] == [8] * 4


def dashed(page, start_mm, end_mm):
    steps = round(float(np.hypot(*np.subtract(end_mm, start_mm)) / 2))
    ends = np.linspace(start_mm, end_mm, steps + 1)
    for start, end in pairwise(ends):
        rule(page, start, start + 0.6 * (end - start), line_px=1)


def test_dashed_lines_part_a_table():
    page = paper()
    for row in range(7):
        dashed(page, (40, 100 + 9 * row), (130, 100 + 9 * row))
    for column in range(4):
        dashed(page, (40 + 30 * column, 100), (40 + 30 * column, 154))
    found = find_structure(as_scanned(page))
    assert [(place.kind, len(place.cells)) for place in found] == [(Kind.TABLE, 6)] * 3


@pytest.mark.parametrize(("end_mm", "is_line"), [(52, False), (64, True)])
def test_the_feet_of_a_words_letters_are_no_dashed_line(end_mm, is_line):
    page = paper()
    dashed(page, (40, 100), (end_mm, 100))
    assert kinds(find_structure(as_scanned(page))) == [Kind.LINE] * is_line


def test_gaps_in_the_lines_of_a_table_leave_its_cells():
    page = paper()
    table(page)
    for row in range(1, 6):
        x, y = px(44 + 13 * row, 100 + 9 * row)
        page[y - 3 : y + 4, x : x + 20] = page[0, 0]
    x, y = px(70, 121)
    page[y : y + 15, x - 3 : x + 4] = page[0, 0]
    found = find_structure(as_scanned(page))
    assert [(place.kind, len(place.cells)) for place in found] == [(Kind.TABLE, 6)] * 3


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


# --- rows that no rule parts ----------------------------------------------------------------------


def uprights(page, top, bottom, edges=(40, 75, 105, 135)):
    for edge in edges:
        rule(page, (edge, top), (edge, bottom))
    for row in (top, bottom):
        rule(page, (edges[0], row), (edges[-1], row))


@pytest.mark.parametrize("left_out", [(), (2, 3), (6,)])
def test_numbers_under_one_another_between_upright_lines_are_rows(left_out):
    page = paper()
    uprights(page, 90, 200)
    for row in {*range(9)} - {*left_out}:
        for column in (46, 79, 110):
            baseline = 101 + 11 * row + (column * row) % 3 / 2
            write(page, column, baseline, f"{(389 * (row + column)) % 900 + 100}")
    found = find_structure(as_scanned(page))
    assert kinds(found) == [Kind.TABLE] * 3
    for place, column in zip(found, (46, 79, 110), strict=True):
        for row in range(9):
            x, y = px(column + 6, 98.5 + 11 * row)
            cells = [cell for cell in place.cells if cell.x < x < cell.right]
            assert sum(cell.y < y < cell.bottom for cell in cells) == 1


def test_rows_below_a_head_are_those_of_a_table():
    page = paper()
    uprights(page, 90, 200)
    rule(page, (40, 100), (135, 100))
    for row in range(8):
        for column in (46, 79, 110):
            write(page, column, 109 + 11 * row, f"{(389 * (row + column)) % 900 + 100}")
    (head, *found) = find_structure(as_scanned(page))
    assert head.cells[0].y < 95 * PX < head.cells[0].bottom
    assert len(found) == 2
    assert all(len(place.cells) >= 9 for place in (head, *found))


@pytest.mark.parametrize("pitch_mm", [4.5, 30])
def test_print_and_few_lines_between_upright_lines_are_no_rows(pitch_mm):
    page = paper()
    uprights(page, 90, 200)
    for row in range(int(100 // pitch_mm)):
        for column in (42, 77, 107):
            write(page, column, 97 + pitch_mm * row, "a column", 2.4)
    assert find_structure(as_scanned(page)) == ()


def test_a_ruled_line_is_where_it_is_printed():
    page = np.full((2168, 1533), 244, np.uint8)  # 7.3 pixels a millimetre
    page[300:303, 100:400] = PRINT
    page[500:700, 200:203] = PRINT
    ruling = find_ruling(as_scanned(page))
    assert runs_of(ruling.across.any(axis=0)) == [(100, 400)]
    assert runs_of(ruling.down.any(axis=1)) == [(500, 700)]


# --- broken and light lines -----------------------------------------------------------------------


def test_a_table_whose_rules_are_broken_all_along_has_its_cells():
    page = paper()
    table(page, rows=10)
    rng = np.random.default_rng(3)
    for row in range(11):
        for x in rng.choice(np.arange(38, 128, 11), 4, replace=False):
            left, top = px(int(x), 100 + 9 * row)
            page[top - 3 : top + 4, left : left + round(6 * PX)] = page[0, 0]
    found = find_structure(as_scanned(page))
    assert sum(len(place.cells) for place in found if place.kind == Kind.TABLE) >= 28
    assert {len(place.cells) for place in found if place.kind == Kind.TABLE} >= {10}


def test_an_upright_that_is_broken_at_a_rule_parts_its_cells():
    page = paper()
    table(page, rows=8)
    x, y = px(70, 163)
    page[y - 5 : y + 6, x - 3 : x + 4] = page[0, 0]
    rule(page, (40, 163), (130, 163))
    found = find_structure(as_scanned(page))
    assert [(place.kind, len(place.cells)) for place in found] == [(Kind.TABLE, 8)] * 3


def test_rows_of_boxes_with_captions_between_them_are_no_broken_table():
    page = paper()
    for row in range(6):
        for left in (40, 75, 115):
            frame(page, left, 100 + 14 * row, 25, 7.5)
            rule(page, (left + 9, 95.6 + 14 * row), (left + 9, 99.6 + 14 * row))  # a tall letter
    found = find_structure(as_scanned(page))
    assert kinds(found) == [Kind.BOX] * 18


@pytest.mark.parametrize(("streak", "columns"), [(False, 3), (True, 3)])
def test_hairlines_make_a_table_and_a_scanners_streak_no_column(streak, columns):
    page = paper()
    light = page[0, 0] - 20
    for row in range(9):
        page[px(100 + 9 * row)[0], slice(*px(40, 130))] = light
    for edge in (40, 70, 100, 130):
        page[slice(*px(100, 172)), px(edge)[0]] = light
    if streak:
        page[:, px(84)[0]] = light
    noise = np.random.default_rng(5).normal(0, 2, page.shape)
    found = find_structure(as_scanned(np.clip(page + noise, 0, 255).astype(np.uint8)))
    assert [(place.kind, len(place.cells)) for place in found] == [(Kind.TABLE, 8)] * columns


# --- cells for each digit -------------------------------------------------------------------------


def counts_in_cells(page, rows=5, thick_px=2, heads=False):
    """Rows of nine touching cells: three counts of three digits."""
    for row in range(rows):
        comb(page, 60, 100 + 9 * row, 7, 9, 9)
    for edge in (60, 81, 102, 123):
        rule(page, (edge, 100), (edge, 100 + 9 * rows), thick_px)
        if heads:
            rule(page, (edge, 92), (edge, 100))
    if heads:
        rule(page, (60, 92), (123, 92))


@pytest.mark.parametrize("by", [{"thick_px": 4}, {"heads": True}])
def test_thick_lines_and_heads_part_the_cells_of_each_count(by):
    page = paper()
    counts_in_cells(page, **by)
    combs = [place for place in find_structure(as_scanned(page)) if place.kind == Kind.COMB]
    assert [len(place.cells) for place in combs] == [3] * 15
    assert is_at(combs[4].box, 81, 109, 21, 9)


def test_a_count_of_many_digits_is_whole_without_heads_and_thick_lines():
    page = paper()
    counts_in_cells(page)
    assert [len(place.cells) for place in find_structure(as_scanned(page))] == [9] * 5


def test_thick_lines_part_no_single_comb():
    page = paper()
    counts_in_cells(page, rows=1, thick_px=4)
    assert [len(place.cells) for place in find_structure(as_scanned(page))] == [9]


def test_writing_that_hides_a_cell_leaves_it_to_its_count():
    page = paper()
    counts_in_cells(page, thick_px=4)
    left, top = px(95, 118)
    page[top + 6 : top + 12, left - 6 : left + 30] = PRINT
    combs = [place for place in find_structure(as_scanned(page)) if place.kind == Kind.COMB]
    assert [len(place.cells) for place in combs] == [3] * 15


def test_a_bar_from_the_top_of_a_digit_to_the_side_leaves_the_last_cell_to_its_comb():
    page = paper()
    comb(page, 60, 100, 7, 11, 4)
    rule(page, (81, 103), (88, 103), 2)
    assert [len(place.cells) for place in find_structure(as_scanned(page))] == [4]
