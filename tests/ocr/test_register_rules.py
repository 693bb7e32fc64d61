"""Forms whose boxes are not printed: placed by the rules they stand on, or by the page's size."""

import cv2
import numpy as np
import pytest

from ocr.find import Absence, Placement, find_fields, fit_form
from ocr.forms import Form, FormField
from ocr.upright import as_scanned

PX_PER_MM = 6
PAGE_MM = (210.0, 297.0)
BOXES_MM = [(25.0 + 90 * (k % 2), 70.0 + 31 * (k // 2), 44.0 + 4 * (k % 3), 9.0) for k in range(8)]
CARD = Form(
    name="card",
    page_mm=PAGE_MM,
    fields=tuple(
        FormField(name=f"f{k}", type="digits", box_mm=box) for k, box in enumerate(BOXES_MM)
    ),
)


def paper():
    return np.full((round(PAGE_MM[1] * PX_PER_MM), round(PAGE_MM[0] * PX_PER_MM)), 250, np.uint8)


def line(page, start_mm, end_mm):
    ends = (tuple(round(v * PX_PER_MM) for v in point) for point in (start_mm, end_mm))
    cv2.line(page, *ends, (40,), 2)


def card():
    """Labels, numbers and, under each field, a rule or dots."""
    page = paper()
    for k, (left, top, width, height) in enumerate(BOXES_MM):
        place = (round((left - 20) * PX_PER_MM), round((top + 8) * PX_PER_MM))
        cv2.putText(page, f"Item {k}", place, cv2.FONT_HERSHEY_SIMPLEX, 0.8, (40,), 2)
        place = (round((left + 8) * PX_PER_MM), round((top + 7) * PX_PER_MM))
        cv2.putText(page, f"{k * 377}", place, cv2.FONT_HERSHEY_SIMPLEX, 1.4, (60,), 3)
        if k % 3 != 2:
            line(page, (left, top + height), (left + width, top + height))
            continue
        for x in np.arange(left, left + width + 0.5, 1.0):
            dot = (round(x * PX_PER_MM), round((top + height) * PX_PER_MM))
            cv2.circle(page, dot, 1, (40,), -1)
    return page


def table():
    page = paper()
    for row in range(60, 260, 10):
        line(page, (20, row), (190, row))
    for column in (20, 75, 130, 190):
        line(page, (column, 60), (column, 250))
    return page


def places(page):
    return find_fields(fit_form(as_scanned(page), CARD))


@pytest.mark.parametrize("seed", range(4))
def test_fields_on_rules_are_placed_by_them(seed):
    rng = np.random.default_rng(seed)
    scale, (dx, dy) = rng.uniform(0.97, 1.03), rng.uniform(-6, 6, 2) * PX_PER_MM
    moved = np.array([[scale, 0, dx], [0, scale, dy]])
    page = cv2.warpAffine(card(), moved, paper().shape[::-1], borderValue=(250,))
    for place, (left, top, width, height) in zip(places(page), BOXES_MM, strict=True):
        assert isinstance(place, Placement)
        wanted = (moved @ (left * PX_PER_MM, top * PX_PER_MM, 1), scale * PX_PER_MM)
        off_mm = (np.array([place.box.x, place.box.y]) - wanted[0]) / PX_PER_MM
        assert np.abs(off_mm - 0.5).max() < 0.8  # boxes begin half a millimetre inside
        assert place.box.width == pytest.approx((width - 1) * wanted[1], abs=6)
        assert place.box.height == pytest.approx((height - 1) * wanted[1], abs=6)


def test_a_form_that_lies_upside_down_is_turned_by_its_own_lines():
    fitting = fit_form(as_scanned(card()[::-1, ::-1].copy()), CARD)
    assert fitting.page.turn_deg == 180
    assert fitting.registration.by == "lines"


def test_lines_through_the_fields_are_another_form():
    assert set(places(table())) == {Absence.FORM_NOT_FOUND}


def test_a_page_of_another_shape_is_another_form():
    assert set(places(paper()[:900])) == {Absence.FORM_NOT_FOUND}


def test_where_nothing_is_printed_a_page_is_taken_to_fill_its_scan():
    fitting = fit_form(as_scanned(paper()), CARD)
    assert fitting.registration.by == "page"
