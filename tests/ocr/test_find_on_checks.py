"""Finding the fields of checks, drawn and real, and nothing where there is nothing."""

import csv
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from drawn_combs import PEN, PRINT, draw_comb, edges_of, paper, write_in_cells

from ocr.find import find_fields, fit_form
from ocr.find.check import find_on_check
from ocr.find.check_picture import picture_of
from ocr.forms import load_form
from ocr.pages import load_page
from ocr.upright import as_scanned, make_upright

CHECKS = Path(__file__).parents[2].parent / "shared/data/checks"
AMOUNT = (1230, 300, 390, 90)  # of a check 1700 x 780, as drawn below
DATE = (1180, 40, 56, 60)  # left, top, pitch, height


def draw_check(*, currency_cell=False, date_comb=True):
    """A check: rules with words on them, an amount box, a date comb, print here and there."""
    page = paper(1700, 780)
    for row in (210, 280, 350):
        cv2.line(page, (60, row), (1130, row), PRINT, 2)
    cv2.putText(page, "PAY TO THE ORDER OF", (60, 200), cv2.FONT_HERSHEY_SIMPLEX, 0.8, PRINT, 2)
    cv2.putText(page, "A Bank of Somewhere", (60, 80), cv2.FONT_HERSHEY_SIMPLEX, 1.2, PRINT, 3)
    x, y, width, height = AMOUNT
    cv2.rectangle(page, (x, y), (x + width, y + height), PRINT, 3)
    if currency_cell:
        cv2.line(page, (x + 80, y), (x + 80, y + height), PRINT, 3)
    for k in range(4):
        cv2.ellipse(page, (x + 130 + 60 * k, y + 45), (18, 28), 5, 0, 300, PEN, 5)
    if date_comb:
        draw_comb(page, *DATE, line_px=3)
        write_in_cells(page, *DATE)
    else:
        cv2.line(page, (1180, 110), (1560, 110), PRINT, 2)
        cv2.putText(page, "3 14 2024", (1240, 100), cv2.FONT_HERSHEY_SIMPLEX, 1.4, PEN, 4)
    cv2.line(page, (1000, 650), (1620, 650), PRINT, 2)
    return page


def found_on(page, field_type):
    (placement,) = find_on_check(picture_of(as_scanned(page)), [field_type])
    return placement


@pytest.mark.parametrize("scale", [0.6, 1.0, 2.0])
@pytest.mark.parametrize("currency_cell", [False, True])
def test_the_amount_is_found_in_its_box_without_the_currency_cell(scale, currency_cell):
    page = draw_check(currency_cell=currency_cell)
    page = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    box = found_on(page, "amount").box
    x, y, width, height = AMOUNT
    left = x + 80 if currency_cell else x
    # A pixel of the reduced page that is searched is 1.4 pixels here; lines are 3 wide.
    assert [v / scale for v in (box.x, box.y)] == pytest.approx([left, y], abs=7)
    assert [v / scale for v in (box.right, box.bottom)] == pytest.approx(
        [x + width, y + height], abs=7
    )


@pytest.mark.parametrize("scale", [0.6, 1.0, 2.0])
def test_the_date_is_found_in_its_comb(scale):
    page = cv2.resize(draw_check(), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    placement = found_on(page, "date")
    left, top, pitch, tall = DATE
    assert [edge / scale for edge in edges_of(placement.cells)] == pytest.approx(
        [left + pitch * k for k in range(9)], abs=6
    )
    assert placement.box.y / scale == pytest.approx(top, abs=6)
    assert placement.box.bottom / scale == pytest.approx(top + tall, abs=7)


def test_cells_stand_side_by_side():
    cells = found_on(draw_check(), "date").cells
    assert all(left.right == right.x for left, right in pairwise(cells))


def test_a_free_date_is_found_on_its_rule():
    placement = found_on(draw_check(date_comb=False), "date")
    assert placement.cells == ()
    # The writing on the rule, 1180 to 1560, is 1243 to 1440 wide, and 70 to 102 tall.
    assert (placement.box.x, placement.box.right) == pytest.approx((1243, 1440), abs=10)
    assert (placement.box.y, placement.box.bottom) == pytest.approx((68, 104), abs=8)


def test_a_check_form_gives_its_fields_in_its_order():
    amount, date, micr, check_number = find_fields(
        fit_form(as_scanned(draw_check()), load_form("check"))
    )
    assert (micr, check_number) == (None, None), "this check has no MICR line"
    assert amount.box.y > date.box.y
    assert len(date.cells) == 8


@pytest.mark.parametrize("field_type", ["amount", "date", "micr"])
def test_nothing_is_found_on_a_blank_page(field_type):
    assert found_on(paper(1700, 780), field_type) is None


@pytest.mark.parametrize("field_type", ["amount", "date"])
def test_nothing_is_found_on_a_page_of_text(field_type):
    page = paper(1240, 1754)
    for row in range(100, 1700, 36):
        text = f"line {row} of a letter, with words and numbers {row * 37} and no field at all"
        cv2.putText(page, text, (80, row), cv2.FONT_HERSHEY_SIMPLEX, 0.8, PRINT, 2)
    assert found_on(page, field_type) is None


@pytest.mark.parametrize("size", [(9, 9), (2000, 12), (12, 2000), (60, 60)])
def test_tiny_and_thin_pages_are_no_mistake(size):
    noise = np.random.default_rng(1).integers(0, 256, size, dtype=np.uint8)
    for field_type in ("amount", "date"):
        placement = found_on(noise, field_type)
        assert placement is None or placement.box.width > 0


# --- real checks ----------------------------------------------------------------------------------


@pytest.mark.skipif(not CHECKS.is_dir(), reason="the shared data set of checks is not here")
def test_fields_are_found_on_nearly_all_real_checks():
    hits = {"amount": 0, "date": 0}
    with (CHECKS / "labels.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            upright = make_upright(load_page(CHECKS / "images" / row["file"]).gray)
            for kind, placement in zip(
                hits, find_on_check(picture_of(upright), list(hits)), strict=True
            ):
                if placement is not None:
                    hits[kind] += has_its_middle_in_label(upright.to_scan(placement.box), row, kind)
    assert min(hits.values()) >= 20, hits


def has_its_middle_in_label(box, row, kind):
    left, top, right, bottom = (float(row[f"{kind}_{side}"]) for side in ("x1", "y1", "x2", "y2"))
    x, y = box.x + box.width / 2, box.y + box.height / 2
    return left < x < right and top < y < bottom
