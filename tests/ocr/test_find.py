"""Finding lines, combs and a template's fields, where they are drawn."""

import cv2
import numpy as np
import pytest
from drawn_combs import PRINT, draw_comb, edges_of, paper, write_in_cells

from ocr.find import Absence, find_fields, fit_form
from ocr.find.comb import find_comb
from ocr.find.lines import horizontal_lines, line_ink, vertical_lines
from ocr.forms import Form, FormField, load_form
from ocr.geometry import Box
from ocr.upright import as_scanned


def comb_on(page, cells=8, pitch=(15, 45)):
    ink = line_ink(page)
    return find_comb(ink, vertical_lines(ink, 20), cells, pitch)


# --- lines ----------------------------------------------------------------------------------------


def test_lines_are_found_where_they_are_drawn():
    page = paper(400, 300)
    cv2.line(page, (50, 100), (350, 100), PRINT, 2)
    cv2.line(page, (80, 150), (80, 270), PRINT, 2)
    (across,) = horizontal_lines(line_ink(page), 200)
    (down,) = vertical_lines(line_ink(page), 80)
    assert (across.at, across.start, across.end) == pytest.approx((100, 50, 350), abs=6)
    assert (down.at, down.start, down.end) == pytest.approx((80, 150, 270), abs=6)


def test_a_shadow_is_no_line():
    page = np.tile(np.linspace(90, 240, 400).astype(np.uint8), (300, 1))
    assert not line_ink(page).any()


# --- combs ----------------------------------------------------------------------------------------


def test_a_comb_is_found_on_its_lines():
    page = paper(500, 200)
    draw_comb(page, 60, 70, 31.5, 50)
    comb = comb_on(page)
    assert comb.support == 9
    assert edges_of(comb.cell_boxes()) == pytest.approx([60 + 31.5 * k for k in range(9)], abs=2)
    assert (comb.top, comb.bottom) == pytest.approx((70, 121), abs=3)


def test_writing_in_the_cells_does_not_move_a_comb():
    page = paper(500, 200)
    draw_comb(page, 60, 70, 31.5, 50)
    write_in_cells(page, 60, 70, 31.5, 50)
    assert edges_of(comb_on(page).cell_boxes()) == pytest.approx(
        [60 + 31.5 * k for k in range(9)], abs=2
    )


@pytest.mark.parametrize("missing", [(4,), (0,), (8,), (2, 5, 6)])
def test_missing_lines_are_supplied(missing):
    page = paper(500, 200)
    draw_comb(page, 60, 70, 31.5, 50, missing=missing)
    comb = comb_on(page)
    assert comb.support == 9 - len(missing)
    assert edges_of(comb.cell_boxes()) == pytest.approx([60 + 31.5 * k for k in range(9)], abs=3)


def test_print_above_a_comb_is_not_part_of_it():
    page = paper(500, 200)
    draw_comb(page, 60, 70, 31.5, 50)
    for k in range(9):  # letters that touch the top rule in line with the comb's lines
        x = round(60 + 31.5 * k)
        cv2.line(page, (x, 55), (x, 70), PRINT, 2)
    comb = comb_on(page)
    assert comb.top == pytest.approx(70, abs=3)


def test_too_few_lines_are_no_comb():
    page = paper(500, 200)
    draw_comb(page, 60, 70, 31.5, 50, missing=(1, 2, 4, 5, 7))
    assert comb_on(page) is None
    assert comb_on(paper(500, 200)) is None


def test_a_comb_of_another_pitch_is_not_taken():
    page = paper(500, 200)
    draw_comb(page, 60, 70, 31.5, 50)
    assert comb_on(page, pitch=(38, 45)) is None


# --- templates ------------------------------------------------------------------------------------

ZIP = FormField(
    name="zip", type="postal_code", country="US", cells=5, box_mm=(140.0, 108.0, 45.0, 9.0)
)
PAGE_MM = (210.0, 297.0)
PX_PER_MM = 8.0


def placed(page, field, **keys):
    (placement,) = find_fields(
        fit_form(as_scanned(page), Form(name="f", page_mm=PAGE_MM, fields=(field,), **keys))
    )
    return placement


def template_page():
    return paper(round(210 * PX_PER_MM), round(297 * PX_PER_MM))


@pytest.mark.parametrize(("right_mm", "down_mm"), [(0.0, 0.0), (2.0, -1.5), (-3.0, 3.0)])
def test_a_comb_settles_on_its_printed_lines(right_mm, down_mm):
    page = template_page()
    left, top = round((140 + right_mm) * PX_PER_MM), round((108 + down_mm) * PX_PER_MM)
    draw_comb(page, left, top, 72, 72, cells=5, line_px=3)
    write_in_cells(page, left, top, 72, 72, cells=5)
    placement = placed(page, ZIP)
    assert edges_of(placement.cells) == pytest.approx([left + 72 * k for k in range(6)], abs=4)
    assert placement.box.y == pytest.approx(top, abs=6)
    assert placement.box.bottom == pytest.approx(top + 72, abs=6)


def test_a_comb_in_dropout_print_stays_where_the_form_says():
    placement = placed(template_page(), ZIP, dropout=True)
    assert (placement.box.x, placement.box.y) == pytest.approx((1120, 864), abs=1)
    assert edges_of(placement.cells) == pytest.approx([1120 + 72 * k for k in range(6)], abs=1)


def test_a_page_without_the_forms_comb_is_not_the_forms():
    assert placed(template_page(), ZIP) is Absence.FORM_NOT_FOUND


def test_a_free_field_is_its_box():
    field = FormField(name="persons", type="digits", box_mm=(70.0, 196.0, 24.0, 10.0))
    # half a millimetre inside: the frame is printed along the box's edges
    assert placed(template_page(), field).box == Box(564, 1572, 184, 72)
    assert placed(template_page(), field).cells == ()


def test_a_crop_is_all_of_its_image():
    (placement,) = find_fields(fit_form(as_scanned(paper(300, 80)), load_form("amount")))
    assert placement.box == Box(0, 0, 300, 80)
