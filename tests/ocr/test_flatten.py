"""Photographed sheets: cut out, flat and evenly lit; scans go through untouched."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from bench.pages.camera import Scene, photograph
from ocr.geometry import Box
from ocr.upright import make_upright
from ocr.upright.flatten import flattened

A4_MM = [(210.0, 297.0)]
WIDTH, HEIGHT = 1050, 1485  # 5 px per mm
MARKS = [(120, 150), (930, 150), (930, 1330), (120, 1330), (525, 740)]  # middles of black squares
SCENE = Scene(tilt_deg=15, fills=(0.6, 0.75), longer_px=1800)


def sheet(width=WIDTH, height=HEIGHT, marks=MARKS):
    """A page of print with black squares at known places."""
    page = np.full((height, width), 250, np.uint8)
    for row in range(60, height - 40, 60):
        text = f"Please tell the {row} numbers of your parcels by return"
        cv2.putText(page, text, (60, row), cv2.FONT_HERSHEY_SIMPLEX, 0.7 * width / 1050, (40,), 2)
    for x, y in marks:
        cv2.rectangle(page, (x - 25, y - 25), (x + 25, y + 25), (250,), -1)
        cv2.rectangle(page, (x - 12, y - 12), (x + 12, y + 12), (0,), -1)
    return page


def squares(gray, expected, reach):
    """Middles of the black squares nearest to their places."""
    kernel = np.ones((round(13 * reach / 40),) * 2, np.uint8)
    black = cv2.erode((gray < 110).astype(np.uint8), kernel)
    found = []
    for x, y in expected:
        left, top = max(0, round(x) - reach), max(0, round(y) - reach)
        rows, columns = np.nonzero(black[top : round(y) + reach, left : round(x) + reach])
        assert rows.size, "no square where one should be"
        found.append((left + columns.mean(), top + rows.mean()))
    return np.array(found)


@pytest.mark.parametrize("seed", range(6))
def test_points_of_a_photographed_sheet_come_to_their_places(seed):
    photo, _ = photograph(sheet(), SCENE, np.random.default_rng(seed))
    page = make_upright(photo, A4_MM)
    scale = page.shape[1] / WIDTH
    assert page.shape[0] / page.shape[1] == pytest.approx(297 / 210, rel=0.002)
    wanted = np.array(MARKS) * scale
    off_mm = np.hypot(*(squares(page.gray, wanted, round(40 * scale)) - wanted).T) / (5 * scale)
    assert off_mm.max() < 1.0  # an outline is known to a third of a pixel of 480: 0.2 mm, twice


@pytest.mark.parametrize("seed", range(3))
def test_a_box_on_the_flat_sheet_leads_back_to_the_photo(seed):
    photo, to_photo = photograph(sheet(), SCENE, np.random.default_rng(seed))
    page = make_upright(photo, A4_MM)
    scale = page.shape[1] / WIDTH
    for x, y in MARKS:
        box = page.to_scan(Box(round((x - 30) * scale), round((y - 30) * scale), 60, 60))
        seen = cv2.perspectiveTransform(np.array([[(x, y)]], float), to_photo)[0, 0]
        assert box.x <= seen[0] <= box.right
        assert box.y <= seen[1] <= box.bottom


@pytest.mark.parametrize("seed", range(3))
def test_the_shape_of_an_unknown_sheet_is_told_by_its_perspective(seed):
    check = sheet(1500, 640, ())  # 2.34 times as wide as high
    scene = Scene(tilt_deg=25, fills=(0.7, 0.8), fold=False, longer_px=1800)
    photo, _ = photograph(check, scene, np.random.default_rng(seed))
    height, width = make_upright(photo).shape
    assert width / height == pytest.approx(1500 / 640, rel=0.03)


def test_a_shadow_is_evened_out():
    photo, _ = photograph(sheet(marks=()), SCENE, np.random.default_rng(0))
    photo[:, :900] = (photo[:, :900] * 0.6).astype(np.uint8)
    gray = make_upright(photo, A4_MM).gray
    paper = [np.percentile(part, 80) for row in np.array_split(gray[40:-40, 40:-40], 5)
             for part in np.array_split(row, 5, axis=1)]  # fmt: skip
    assert np.ptp(paper) < 12


def test_the_table_behind_a_folded_corner_is_taken_away():
    photo, to_photo = photograph(sheet(), replace(SCENE, fold=False), np.random.default_rng(4))
    triangle = np.array([[(0, 0), (90, 0), (0, 70)]], np.float64)
    fold = np.rint(cv2.perspectiveTransform(triangle, to_photo)).astype(np.int32)
    cv2.fillPoly(photo, [fold], (45,))
    cv2.line(photo, fold[0, 1], fold[0, 2], (20,), 4)
    page = flattened(photo, A4_MM)
    assert page.flattened
    assert page.gray[:32, :60].min() > 180
    assert page.gray[32:, 32:].min() < 60  # the print stays


@pytest.mark.parametrize("quarters", range(4))
def test_a_sheet_with_one_side_outside_the_picture_is_flattened_by_the_others(quarters):
    """A sheet beside the picture's middle; the picture is turned, so that each side is cut once."""
    aside = 420
    table = np.full((HEIGHT, WIDTH + aside), 70, np.uint8)
    table[:, aside:] = sheet()
    scene = replace(SCENE, fold=False)
    photo, to_photo = photograph(table, scene, np.random.default_rng(20 + quarters))
    places = np.add([*MARKS, (WIDTH, 0), (WIDTH, HEIGHT)], (aside, 0.0))
    *seen, upper, lower = cv2.perspectiveTransform(places[None], to_photo)[0]
    margin = photo.shape[1] - int(min(upper[0], lower[0])) + 40
    photo = photo[:, margin:-margin]  # the camera's middle stays the picture's
    page = flattened(np.ascontiguousarray(np.rot90(photo, quarters)), A4_MM)
    assert page.flattened
    points = np.array(seen) - (margin, 0)
    for k in range(quarters):
        width = photo.shape[1 - k % 2]
        points = np.column_stack([points[:, 1], width - 1 - points[:, 0]])
    flat = cv2.perspectiveTransform(points[None], np.linalg.inv(page.to_scan_px))[0]
    known = np.column_stack([MARKS, np.ones(len(MARKS))])
    fit = np.linalg.lstsq(known, flat, rcond=None)[0]
    px_per_mm = 5 * np.sqrt(abs(np.linalg.det(fit[:2])))
    # One side less to go by: what a form's registration takes out, whole pages have 0.5 mm.
    assert np.hypot(*(known @ fit - flat).T).max() / px_per_mm < 2.5


# --- what is no photo of a sheet ------------------------------------------------------------------


def framed():
    page = sheet()
    cv2.rectangle(page, (30, 30), (WIDTH - 30, HEIGHT - 30), (20,), 4)
    return page


def with_light_panel():
    page = np.full((HEIGHT, WIDTH), 215, np.uint8)
    page[200:-150, 90:-90] = sheet()[200:-150, 90:-90]
    return page


def with_dark_head():
    page = sheet()
    page[:220] = 60
    return page


def two_up():
    """Two pages of a book on one scan, with the shadow of its spine between them."""
    both = np.hstack([sheet(), sheet()])
    both[:, WIDTH - 25 : WIDTH + 25] = 120
    return both


@pytest.mark.parametrize("draw", [sheet, framed, with_light_panel, two_up])
def test_a_scan_passes_through_untouched(draw):
    noisy = draw().astype(np.float32) + np.random.default_rng(1).normal(0, 3, draw().shape)
    scan = np.clip(noisy, 0, 255).astype(np.uint8)
    page = make_upright(scan, A4_MM)
    assert page.scan is scan
    assert page.shape == scan.shape


def test_a_page_with_a_dark_head_keeps_its_size():
    page = make_upright(with_dark_head(), A4_MM)
    assert page.shape == (HEIGHT, WIDTH)


def test_two_sheets_on_a_table_are_left_alone():
    table = np.full((1500, 2000), 70, np.uint8)
    for left, top in ((80, 50), (1070, 220)):
        table[top : top + 1200, left : left + 850] = cv2.resize(sheet(), (850, 1200))
    assert make_upright(table, A4_MM).shape == table.shape


def test_sheets_that_lie_in_line_are_not_taken_for_one():
    table = np.full((1500, 2000), 70, np.uint8)
    for top in (70, 770):
        table[top : top + 660, 300:1700] = cv2.resize(sheet(), (1400, 660))
    page = make_upright(table)
    assert not page.flattened
    assert page.shape == table.shape


def test_a_dark_band_of_print_does_not_part_a_sheet():
    page = np.full((1500, 2000), 70, np.uint8)
    page[100:1400, 300:1700] = cv2.resize(sheet(), (1400, 1300))
    page[700:740, 340:1660] = 60  # not quite to the sides
    assert make_upright(page).flattened


@pytest.mark.parametrize("seed", range(3))
def test_photographs_of_other_things_are_left_alone(seed):
    rng = np.random.default_rng(seed)
    layers = [cv2.resize(rng.normal(0, 1, (n, n)), (900, 1200)) for n in (4, 16, 64, 256)]
    photo = np.clip(128 + 40 * sum(layers), 0, 255).astype(np.uint8)
    assert make_upright(photo, A4_MM).shape == photo.shape


def test_dark_edges_of_a_scan_become_paper():
    scan = sheet()
    scan[:, :20] = scan[-30:] = 40
    cv2.fillPoly(scan, [np.array([(0, 0), (400, 0), (0, 60)])], (30,))
    page = make_upright(scan, A4_MM)
    assert page.shape == scan.shape
    for dark in ((100, 5), (HEIGHT - 10, 500), (5, 100)):
        assert page.gray[dark] == 255
    assert np.array_equal(page.gray[200:-200, 200:-200], scan[200:-200, 200:-200])


def test_a_deep_shadow_on_a_scan_is_lit_and_nothing_in_it_taken_away():
    page = sheet()
    light = np.concatenate([np.full(300, 0.4), np.linspace(0.4, 1.0, 150), np.ones(WIDTH - 450)])
    lit = flattened(np.asarray(page * light, np.uint8), A4_MM).gray
    for part in (lit[200:1300, 20:290], lit[200:1300, 500:1000]):
        assert np.percentile(part, 90) > 220  # paper is as light everywhere
    assert np.abs(squares(lit, MARKS, 40) - MARKS).max() < 2  # pixels; two stand in the shadow


def test_a_skewed_sheet_on_a_dark_scanner_bed_is_cut_out():
    bed = np.full((1754, 1240), 25, np.uint8)
    turn = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), 4.0, 1.0)
    turn[:, 2] += (80, 100)
    cv2.warpAffine(sheet(), turn, bed.shape[::-1], bed, borderMode=cv2.BORDER_TRANSPARENT)
    page = make_upright(bed, A4_MM)
    assert page.shape == pytest.approx((HEIGHT, WIDTH), rel=0.01)
    wanted = np.array(MARKS) * (page.shape[1] / WIDTH)
    assert np.abs(squares(page.gray, wanted, 40) - wanted).max() < 5  # pixels: 1 mm
