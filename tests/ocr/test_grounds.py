"""Places that no line surrounds: tinted ones on white paper, white ones on a tinted form."""

import cv2
import numpy as np
import pytest

from ocr.find.structure import Kind, find_structure
from ocr.upright import as_scanned
from tests.ocr.ruled_pages import is_at, kinds, paper, px, rule, write

LIGHT, TINT, DARK = 253, 218, 60


def fill(page, left, top, width, height, gray):
    cv2.rectangle(page, px(left, top), px(left + width, top + height), gray, -1)


def scanned(page):
    """The page with the blur and the grain of a scanner."""
    grain = np.random.default_rng(3).normal(0, 2.5, page.shape)
    return as_scanned(np.clip(cv2.GaussianBlur(page, (0, 0), 0.8) + grain, 0, 255).astype(np.uint8))


@pytest.mark.parametrize(("around", "ground"), [(LIGHT, TINT), (LIGHT, 190), (TINT, LIGHT)])
def test_places_on_another_ground_are_boxes(around, ground):
    page = np.full_like(paper(), around)
    for row, number in enumerate(("", "30417", "582")):
        write(page, 30, 78 + 25 * row, "Account", 2.6)
        fill(page, 30, 80 + 25 * row, 44, 9, ground)
        write(page, 33, 87 + 25 * row, number)
    found = find_structure(scanned(page))
    assert kinds(found) == [Kind.BOX] * 3
    assert all(is_at(place.box, 30, 80 + 25 * row, 44, 9) for row, place in enumerate(found))


def test_white_cells_that_little_tint_parts_are_a_comb():
    page = np.full_like(paper(), TINT)
    for k in range(9):
        fill(page, 30 + 6.4 * k, 80, 5.7, 8, LIGHT)
        write(page, 31.2 + 6.4 * k, 86.5, str(k))
    (found,) = find_structure(scanned(page))
    assert (found.kind, len(found.cells)) == (Kind.COMB, 9)
    assert is_at(found.box, 30, 80, 9 * 6.4 - 0.7, 8)


def test_tinted_cells_are_a_row_of_boxes():
    page = paper()
    for k in range(6):
        fill(page, 30 + 7.5 * k, 80, 6, 8, TINT)
    write(page, 31.5, 86.5, "1")
    write(page, 46.5, 86.5, "0")
    (found,) = find_structure(scanned(page))
    assert (found.kind, len(found.cells)) == (Kind.BOXES, 6)


def test_cells_so_light_that_grain_breaks_their_edges_are_boxes():
    page = np.full_like(paper(), LIGHT)
    for k in range(6):
        fill(page, 30 + 7.5 * k, 80, 6, 8, LIGHT - 16)
        write(page, 31.5 + 7.5 * k, 86.5, str(k + 3))
    grain = np.random.default_rng(3).normal(0, 4, page.shape)
    (found,) = find_structure(as_scanned(np.clip(page + grain, 0, 255).astype(np.uint8)))
    assert (found.kind, len(found.cells)) == (Kind.BOXES, 6)


def test_rows_of_two_grounds_are_those_of_a_table():
    page = paper()
    fill(page, 20, 71, 170, 9, DARK)
    for row in range(10):
        if row % 2 == 0:
            fill(page, 20, 80 + 9 * row, 170, 9, TINT)
        for column in (25, 90, 150):
            write(page, column + row % 3, 87 + 9 * row, f"{(389 * (row + column)) % 900 + 100}")
    found = find_structure(scanned(page))
    assert [(place.kind, len(place.cells)) for place in found] == [(Kind.TABLE, 10)] * 3


def test_rules_between_rows_with_white_places_make_no_table():
    page = np.full_like(paper(), TINT)
    for row in range(8):
        rule(page, (20, 90 + 10 * row), (190, 90 + 10 * row))
        write(page, 22, 88 + 10 * row, "Line", 3.0)
        fill(page, 120, 81.5 + 10 * row, 40, 7, LIGHT)
    found = find_structure(scanned(page))
    assert kinds(found) == [Kind.BOX] * 8


def test_shades_blocks_and_bands_are_no_places():
    page = np.full((1754, 1240), 235, np.float32)
    page -= np.linspace(0, 70, 1240)[None]  # the shadow of a hand
    page -= 40 * np.exp(-(((np.arange(1754) - 900) / 60) ** 2))[:, None]  # a fold
    page = page.astype(np.uint8)
    fill(page, 30, 40, 20, 12, DARK)
    fill(page, 20, 250, 170, 9, TINT - 60)
    assert find_structure(scanned(page)) == ()
