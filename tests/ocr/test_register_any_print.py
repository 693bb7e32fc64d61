"""Forms of which a page shows little: open combs, dashes and white cells are found by any print."""

import cv2
import numpy as np
import pytest

from ocr.find import Absence, Placement, find_fields, fit_form
from ocr.forms import Form, FormField
from ocr.upright import as_scanned, make_upright

PX_PER_MM = 6
PAGE_MM = (210.0, 297.0)
PITCH_MM, TALL_MM = 6.0, 7.0
COMBS = [(30.0 + 25 * (k % 3), 60.0 + 27 * k, 4 + k % 5) for k in range(7)]  # left, top, cells
OPEN = Form(
    name="open",
    page_mm=PAGE_MM,
    fields=tuple(
        FormField(
            name=f"f{k}", type="digits", cells=cells, box_mm=(left, top, PITCH_MM * cells, TALL_MM)
        )
        for k, (left, top, cells) in enumerate(COMBS)
    ),
)


def drawn(combs):
    """A page of combs open above, with ticks, and a line of print over each."""
    page = np.full((round(PAGE_MM[1] * PX_PER_MM), round(PAGE_MM[0] * PX_PER_MM)), 255, np.uint8)
    for left, top, cells in combs:
        foot, right = top + TALL_MM, left + PITCH_MM * cells
        line(page, (left, foot), (right, foot))
        for k in range(cells + 1):
            line(page, (left + k * PITCH_MM, foot - 2.4), (left + k * PITCH_MM, foot))
        place = (round(left * PX_PER_MM), round((top - 2) * PX_PER_MM))
        cv2.putText(page, f"Number of {cells}", place, cv2.FONT_HERSHEY_SIMPLEX, 0.8, 40, 2)
    return page


def line(page, start_mm, end_mm):
    ends = (tuple(round(v * PX_PER_MM) for v in point) for point in (start_mm, end_mm))
    cv2.line(page, *ends, 40, 2)


def overlap(place, box_mm, to_page):
    corners = np.array([[box_mm[:2], (box_mm[0] + box_mm[2], box_mm[1] + box_mm[3])]]) * PX_PER_MM
    (x, y), (right, bottom) = cv2.perspectiveTransform(corners, to_page)[0]
    box = place.box
    wide = min(box.right, right) - max(box.x, x)
    tall = min(box.bottom, bottom) - max(box.y, y)
    both = max(0, wide) * max(0, tall)
    return both / (box.width * box.height + (right - x) * (bottom - y) - both)


def test_combs_open_above_are_placed():
    moved = np.array([[1.01, 0, 12], [0, 1.01, -9], [0, 0, 1]])
    page = cv2.warpPerspective(drawn(COMBS), moved, (1260, 1782), borderValue=255)
    for place, field in zip(
        find_fields(fit_form(as_scanned(page), OPEN)), OPEN.fields, strict=True
    ):
        assert isinstance(place, Placement)
        assert overlap(place, field.box_mm, moved) > 0.8


def test_combs_elsewhere_are_another_form():
    others = [(left + 14, top + 11, cells + 2) for left, top, cells in COMBS]
    places = find_fields(fit_form(as_scanned(drawn(others)), OPEN))
    assert set(places) == {Absence.FORM_NOT_FOUND}


@pytest.mark.parametrize("degrees", [-14.0, 3.0, 8.0])
def test_a_picture_that_grew_when_rotated_is_cut_to_its_sheet(degrees):
    page = drawn(COMBS)
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    grown = np.abs(turn[:, :2]) @ (width, height)
    turn[:, 2] += (grown - (width, height)) / 2
    scan = cv2.warpAffine(page, turn, tuple(np.rint(grown).astype(int).tolist()), borderValue=255)
    upright = make_upright(scan, [PAGE_MM])
    assert np.allclose(upright.shape, page.shape, atol=0.01 * height)
    for place, field in zip(find_fields(fit_form(upright, OPEN)), OPEN.fields, strict=True):
        assert isinstance(place, Placement)
        assert overlap(place, field.box_mm, np.eye(3)) > 0.5


def test_a_picture_with_print_all_over_is_no_grown_one():
    page = drawn([*COMBS, (2.0, 4.0, 30), (2.0, 285.0, 30)])
    height, width = page.shape
    cos, sin = np.cos(np.deg2rad(8.0)), np.sin(np.deg2rad(8.0))
    wide, tall = round(width * cos + height * sin), round(height * cos + width * sin)
    page = cv2.resize(page, (wide, tall), interpolation=cv2.INTER_AREA)
    turn = cv2.getRotationMatrix2D((wide / 2, tall / 2), 8.0, 1.0)
    scan = cv2.warpAffine(page, turn, (wide, tall), borderValue=255)
    assert make_upright(scan).shape == scan.shape
