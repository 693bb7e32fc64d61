"""Upright pages: drawn pages are turned and deskewed, and boxes lead back to the scan."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from bench.pages.draw import fill
from bench.pages.layout import layouts
from ocr.geometry import Box
from ocr.pages import load_page
from ocr.upright import as_scanned, estimate_skew, make_upright
from ocr.upright.stepwise import SLIGHT_SKEW_DEG

SAMPLES = Path(__file__).parents[2] / "samples"
PAGES = ("checks/indian-blue.jpg", "checks/us-fraction.jpg", "forms/clean.png")
WIDTH, HEIGHT = 1240, 1754  # A4 at 150 dpi


def blank_page(width=WIDTH, height=HEIGHT):
    return np.full((height, width), 245, np.uint8)


def ruled_page():
    """A form: rules, boxes and lines of print."""
    page = blank_page()
    for row in range(200, 1600, 100):
        cv2.line(page, (120, row), (1100, row), 60, 2)
    for row in range(240, 1600, 300):
        cv2.rectangle(page, (700, row), (1050, row + 45), 60, 2)
        cv2.putText(page, "Name and first name", (130, row), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 40, 2)
    return page


def typed_page():
    """A letter: print only, no rules."""
    page = blank_page()
    for row in range(150, 1650, 34):
        text = f"the {row} quick brown foxes jump over {row % 7} lazy dogs again"
        cv2.putText(page, text, (130, row), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 40, 2)
    return page


def turned(page, degrees):
    """The page as a scanner sees it that lies turned counter-clockwise on the glass."""
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(page, matrix, (width, height), borderValue=(245,)), matrix


@pytest.mark.parametrize("degrees", [-4.0, -2.3, -0.7, 0.0, 0.45, 1.0, 3.1, 4.0])
@pytest.mark.parametrize("draw", [ruled_page, typed_page])
def test_skew_is_estimated_within_015_degrees(draw, degrees):
    scan, _ = turned(draw(), degrees)
    assert make_upright(scan).skew_deg == pytest.approx(degrees, abs=0.15)


def test_a_slight_skew_of_a_form_is_not_taken_for_less():
    """Whole rows of pixels must not pull it towards the page as it is: 0.05 was said once."""
    meter_card = fill(layouts()[3], np.random.default_rng((3, 3, 0))).gray
    scan, _ = turned(cv2.resize(meter_card, (2480, 3508)), 0.2)
    assert make_upright(scan).skew_deg == pytest.approx(0.2, abs=0.04)


@pytest.mark.parametrize("size", [(620, 877), (2480, 3508), (1700, 780)])
def test_skew_does_not_depend_on_the_resolution(size):
    scan, _ = turned(cv2.resize(ruled_page(), size, interpolation=cv2.INTER_AREA), 2.0)
    assert make_upright(scan).skew_deg == pytest.approx(2.0, abs=0.3 if size[0] < 700 else 0.2)


def test_skew_is_seen_through_security_print():
    page, rng = np.full((550, 1200), 255, np.uint8), np.random.default_rng(4)
    for _ in range(2600):
        middle = int(rng.integers(1200)), int(rng.integers(550))
        cv2.circle(page, middle, int(rng.integers(5, 12)), (200,), 1)
    for row in (150, 200, 250):
        cv2.putText(page, "Two hundred", (90, row - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (40,), 2)
        cv2.line(page, (60, row), (1000, row), (40,), 1)
    scan, _ = turned(page, 2.4)
    assert make_upright(scan).skew_deg == pytest.approx(2.4, abs=0.2)


def test_an_upright_page_stays_as_it_is():
    page = ruled_page()
    upright = make_upright(page)
    assert upright.skew_deg == 0.0
    assert np.array_equal(upright.gray, page)


@pytest.mark.parametrize("gray", [0, 128, 255])
def test_an_empty_page_has_no_skew(gray):
    page = np.full((900, 700), gray, np.uint8)
    assert make_upright(page).skew_deg == 0.0


def test_a_few_specks_say_nothing_about_an_angle():
    ink = np.zeros((400, 300), np.bool_)
    ink[50:60, 40:50] = ink[300:308, 200:205] = True
    assert estimate_skew(ink) == 0.0


def test_skew_beyond_the_limit_stays_within_it():
    scan, _ = turned(ruled_page(), 25.0)
    assert abs(make_upright(scan).skew_deg) <= 16.25  # finer searches reach further


@pytest.mark.parametrize("size", [(9, 9), (2000, 9), (9, 2000)])
def test_tiny_and_thin_pages_are_no_mistake(size):
    noise = np.random.default_rng(1).integers(0, 256, size, dtype=np.uint8)
    assert make_upright(noise).gray.shape == size


@pytest.mark.parametrize("degrees", [-3.0, 1.5, 4.0])
def test_a_box_leads_back_to_its_place_on_the_scan(degrees):
    page = ruled_page()
    field = Box(800, 1300, 160, 40)
    page[field.slices] = 0
    scan, matrix = turned(page, degrees)
    corners = np.array([[x, y, 1] for x in (800, 960) for y in (1300, 1340)]) @ matrix.T
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)

    upright = make_upright(scan)
    black = upright.gray < 60
    wide = Box(field.x - 20, field.y - 20, field.width + 40, field.height + 40)
    rows, columns = np.nonzero(cv2.erode(black[wide.slices].astype(np.uint8), np.ones((9, 9))))
    found = Box(
        int(columns.min()) - 4 + wide.x,
        int(rows.min()) - 4 + wide.y,
        int(np.ptp(columns)) + 9,
        int(np.ptp(rows)) + 9,
    )
    box = upright.to_scan(found)
    # The skew is known to 0.1 degrees: 1 pixel at this distance from the middle; rounding adds 1.
    assert (box.x, box.y) == pytest.approx((left, top), abs=2.5)
    assert (box.right, box.bottom) == pytest.approx((right, bottom), abs=2.5)


def test_a_known_skew_maps_boxes_within_2_pixels():
    _, matrix = turned(blank_page(), 3.0)
    upright = as_scanned(blank_page()).deskewed(3.0)
    for box in (Box(100, 100, 300, 60), Box(900, 1500, 200, 30), Box(620, 877, 1, 1)):
        corners = np.array([[x, y, 1] for x in (box.x, box.right) for y in (box.y, box.bottom)])
        places = corners @ matrix.T
        on_scan = upright.to_scan(box)
        assert (on_scan.x, on_scan.y) == pytest.approx(places.min(axis=0), abs=2)
        assert (on_scan.right, on_scan.bottom) == pytest.approx(places.max(axis=0), abs=2)


def test_boxes_on_the_scan_stay_inside_it():
    upright = as_scanned(blank_page()).deskewed(-4.0)
    for box in (Box(0, 0, WIDTH, HEIGHT), Box(0, 0, 10, 10), Box(WIDTH - 9, HEIGHT - 9, 9, 9)):
        on_scan = upright.to_scan(box)
        assert on_scan == on_scan.clipped(WIDTH, HEIGHT)


@pytest.mark.parametrize("turn_deg", [0, 90, 180, 270])
@pytest.mark.parametrize("name", PAGES)
def test_a_printed_page_is_turned_upright(name, turn_deg):
    page = load_page(SAMPLES / name).gray
    upright = make_upright(np.rot90(page, turn_deg // 90).copy())
    assert upright.turn_deg == turn_deg
    assert upright.gray.shape == page.shape
    assert upright.skew_deg == pytest.approx(make_upright(page).skew_deg, abs=0.1)


@pytest.mark.parametrize("degrees", [-14.0, -8.5, 7.0, 15.0])
def test_a_turned_page_may_be_skewed_too(degrees):
    scan, _ = turned(np.rot90(typed_page(), 3), degrees)
    upright = make_upright(scan)
    assert upright.turn_deg == 270
    assert upright.skew_deg == pytest.approx(degrees, abs=0.15)


@pytest.mark.parametrize("turn_deg", [0, 90, 180, 270])
def test_turning_alone_moves_pixels_and_mixes_none(turn_deg):
    page = np.random.default_rng(4).integers(0, 256, (40, 70), dtype=np.uint8)
    upright = as_scanned(np.rot90(page, turn_deg // 90).copy()).turned(turn_deg)
    assert np.array_equal(upright.gray, page)
    box = Box(11, 7, 30, 20)
    assert np.array_equal(upright.cut(box), page[box.slices])
    on_scan = upright.to_scan(box)
    assert np.array_equal(upright.scan[on_scan.slices], np.rot90(page[box.slices], turn_deg // 90))


def test_a_part_cut_out_is_that_part_of_the_whole_page():
    scan, _ = turned(ruled_page(), 3.3)
    upright = make_upright(scan)
    box = Box(690, 830, 380, 80)
    apart = cv2.absdiff(upright.cut(box), upright.gray[box.slices].copy())
    assert apart.max() <= 2  # rounding of the interpolation's weights


@pytest.mark.parametrize("scale", [1.0, 0.7, 0.5, 0.28])
@pytest.mark.parametrize(("degrees", "turn_deg"), [(0.0, 90), (0.0, 180), (2.4, 0), (-3.0, 270)])
def test_a_reduced_page_shows_what_the_whole_one_shows_there(scale, degrees, turn_deg):
    lying = np.rot90(turned(typed_page(), degrees)[0], turn_deg // 90)
    upright = make_upright(lying.copy())
    size = tuple(round(side * scale) for side in upright.shape)
    whole = cv2.resize(upright.gray, size[::-1], interpolation=cv2.INTER_AREA)
    reduced = upright.reduced(scale)
    assert reduced.shape == whole.shape
    apart = cv2.norm(reduced, whole, cv2.NORM_L1)
    for shift in ((1, 0), (-1, 0), (0, 1), (0, -1)):  # moved by a pixel it is less alike
        moved = np.roll(reduced, shift, (0, 1))
        assert apart < 0.75 * cv2.norm(moved, whole, cv2.NORM_L1)


@pytest.mark.parametrize(("degrees", "turn_deg"), [(0.9, 0), (-0.6, 90), (0.4, 180)])
def test_a_slight_skew_is_taken_out_of_a_reduced_page_by_steps_as_by_a_warp(degrees, turn_deg):
    lying = np.rot90(turned(typed_page(), degrees)[0], turn_deg // 90)
    upright = make_upright(lying.copy())
    assert 0.0 < abs(upright.skew_deg) <= SLIGHT_SKEW_DEG
    by_steps, warped = (
        upright.reduced(0.5, by_steps=each)[8:-8, 8:-8].copy() for each in (True, False)
    )
    apart = cv2.absdiff(by_steps, warped)
    assert apart.mean() < 2.0  # 1.2 to 1.5; half a pixel off it is 5.6
    assert np.percentile(apart, 99) < 40


def test_a_part_reduced_is_that_part_of_the_reduced_page():
    upright = make_upright(turned(ruled_page(), 2.0)[0])
    part = upright.part(Box(680, 820, 400, 100)).reduced(0.5)
    apart = cv2.absdiff(part, upright.reduced(0.5)[410:460, 340:540].copy())
    assert apart.max() <= 2  # rounding of the interpolation's weights


def test_half_turns_are_left_to_the_reader_where_nothing_tells_them():
    page = blank_page()
    for row in range(200, 1600, 100):
        cv2.putText(page, "808 1111 00 888 0 11", (200, row), cv2.FONT_HERSHEY_SIMPLEX, 1, 40, 2)
    assert make_upright(page).turn_deg == 0
    assert make_upright(page[::-1, ::-1].copy()).turn_deg == 0
