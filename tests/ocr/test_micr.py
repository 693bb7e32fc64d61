"""The MICR line on drawn checks: its characters, finding and reading it, and never guessing."""

import cv2
import numpy as np
import pytest
from drawn_micr import (
    BUSINESS,
    CANADA,
    INDIA,
    US,
    check_with_line_upside_down,
    check_without_line,
    drawn_check,
    scanned,
)

from ocr.micr import find_in_crop, find_on_check
from ocr.micr.glyphs import CHARACTERS, COLUMNS, DIGITS, ROWS, glyph_cover
from ocr.micr.recognize import recognize_micr
from ocr.upright import as_scanned


def read(gray):
    """The line with one blank for several; None if none is found."""
    line = find_on_check(as_scanned(gray))
    return line and " ".join(line.text.split())


# --- characters -----------------------------------------------------------------------------------


def test_there_are_ten_digits_and_four_symbols():
    assert (CHARACTERS, DIGITS) == ("0123456789ABCD", "0123456789")


@pytest.mark.parametrize("character", CHARACTERS)
def test_a_character_keeps_to_its_cells_and_its_right_edge(character):
    cover = glyph_cover(character, 10.0)
    assert cover.shape == ((ROWS + 2) * 10, (COLUMNS + 2) * 10)
    inked = np.argwhere(cover > 0.5)
    (top, left), (bottom, right) = inked.min(axis=0), inked.max(axis=0)
    assert right == pytest.approx((COLUMNS + 1) * 10, abs=2), "right-aligned"
    assert left >= 9
    assert top >= 9
    if character in DIGITS:
        # The blur that rounds corners takes a quarter of a cell off the end of a thin bar.
        assert (top, bottom) == pytest.approx((10, (ROWS + 1) * 10), abs=4)


def test_no_two_characters_are_alike():
    drawn = np.stack([glyph_cover(c, 4.0).ravel() for c in CHARACTERS])
    alike = np.corrcoef(drawn) - np.eye(len(drawn))
    assert alike.max() < 0.8  # on the grid; matched with a shift, 5 and 6 come closest


# --- lines ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", [INDIA, US, BUSINESS, CANADA])
@pytest.mark.parametrize("dpi", [150, 300])
def test_lines_of_several_countries_are_read(line, dpi):
    assert read(scanned(drawn_check(line, dpi=dpi))) == " ".join(line.split())


@pytest.mark.parametrize("dpi", [200, 400])
@pytest.mark.parametrize("inches", [(6.0, 2.75), (8.75, 3.66)])
def test_the_size_and_resolution_of_a_check_do_not_matter(dpi, inches):
    assert read(drawn_check(US, dpi=dpi, inches=inches)) == US


def test_a_margin_around_the_check_does_not_matter():
    gray = scanned(drawn_check(INDIA))
    assert read(cv2.copyMakeBorder(gray, 50, 50, 60, 60, cv2.BORDER_CONSTANT, value=255)) == INDIA


@pytest.mark.parametrize(
    "gray",
    [
        scanned(drawn_check(INDIA), noise=25.0),
        scanned(drawn_check(INDIA), blur_inch=0.006),
        scanned(drawn_check(INDIA), quality=15),
        scanned(drawn_check(INDIA, pattern=(200, 190, 180))),
        scanned(np.asarray(drawn_check(INDIA) * 0.3 + 150, np.uint8)),
    ],
    ids=["noise", "blur", "jpeg", "security background", "faint"],
)
def test_a_poor_scan_is_read(gray):
    assert read(gray) == INDIA


@pytest.mark.parametrize("degrees", [-0.4, 0.4])
def test_the_skew_that_deskewing_leaves_does_not_matter(degrees):
    gray = scanned(drawn_check(INDIA))
    middle = (gray.shape[1] / 2, gray.shape[0] / 2)
    turn = cv2.getRotationMatrix2D(middle, degrees, 1.0)
    assert read(cv2.warpAffine(gray, turn, gray.shape[::-1], borderValue=(240,))) == INDIA


def test_a_field_printed_by_another_machine_is_read():
    gray = drawn_check(INDIA)
    right = round((1.2 + 26.9 * 0.125) * 200)
    gray[-80:, right:] = np.roll(gray[-80:, right:], (2, 9), axis=(0, 1))
    assert read(scanned(gray)) == INDIA


def test_empty_positions_are_blanks_and_boxes_are_where_the_characters_are():
    line = find_on_check(as_scanned(drawn_check(BUSINESS)))
    assert line.text == BUSINESS
    for glyph in line.glyphs:
        left = (1.2 + 0.125 * glyph.place) * 200
        assert (glyph.box.x, glyph.box.width) == pytest.approx((left, 0.091 * 200), abs=2.5)
        bottom = 3.66 * 200 - 0.25 * 200
        assert (glyph.box.bottom, glyph.box.height) == pytest.approx((bottom, 0.117 * 200), abs=2.5)


def test_a_crop_is_read():
    crop = scanned(drawn_check(US))[-100:-30]
    line = find_in_crop(crop)
    assert line.text == US
    assert all(glyph.box == glyph.box.clipped(*crop.shape[::-1]) for glyph in line.glyphs)


# --- bad input ------------------------------------------------------------------------------------


def page_of_noise():
    return np.random.default_rng(2).integers(0, 256, (732, 1600), dtype=np.uint8)


def check_with_other_print():
    """A row of plain digits and words in the clear band, as tall as E-13B and nearly its pitch."""
    gray = check_without_line()
    text = "4 0 7 1 7 7 9 6 5 2 3 PAYABLE AT PAR 0 0 1 2 3 4 5 6 7 8 9"
    cv2.putText(gray, text, (150, gray.shape[0] - 50), cv2.FONT_HERSHEY_SIMPLEX, 1.05, 30, 2)
    return gray


@pytest.mark.parametrize(
    "gray",
    [
        page_of_noise(),
        np.full((732, 1600), 255, np.uint8),
        np.zeros((732, 1600), np.uint8),
        check_without_line(),
        check_with_other_print(),
        check_with_line_upside_down(),
        drawn_check(INDIA)[:-58],
        drawn_check(INDIA)[:, :420],
        np.zeros((3, 4000), np.uint8),
        np.zeros((4000, 3), np.uint8),
    ],
    ids=[
        "noise", "white", "black", "no line", "other print", "upside down", "lower half cut off",
        "end cut off", "thin", "narrow",
    ],
)  # fmt: skip
def test_where_there_is_no_line_none_is_read(gray):
    assert find_on_check(as_scanned(gray)) is None


def test_a_character_under_a_blot_is_told():
    gray = drawn_check(INDIA)
    x = round((1.2 + 12 * 0.125) * 200)
    cv2.circle(gray, (x + 9, gray.shape[0] - 62), 13, 30, -1)
    assert read(scanned(gray)) == INDIA.replace("500025033", "500?25033")


def test_what_a_stamp_hides_is_never_guessed():
    gray = drawn_check(INDIA)
    centre = (round(3.2 * 200), gray.shape[0] - 60)
    cv2.circle(gray, centre, 60, 60, 9)
    cv2.putText(
        gray, "PAID", (centre[0] - 50, centre[1] + 12), cv2.FONT_HERSHEY_SIMPLEX, 1.3, 60, 5
    )
    got = read(scanned(gray))
    assert got is not None
    assert len(got) == len(INDIA)
    assert "?" in got
    assert all(sign in ("?", truth) for sign, truth in zip(got, INDIA, strict=True))
    assert recognize_micr(find_on_check(as_scanned(scanned(gray)))).confidence == 0.0


def test_half_a_line_is_not_accepted():
    half = find_on_check(as_scanned(drawn_check(INDIA, left_inch=4.0)[:, : round(6.4 * 200)]))
    recognition = recognize_micr(half)
    assert INDIA.startswith(recognition.value.rstrip("?"))
    assert recognition.reason in {"unknown_arrangement", "unreadable_character"}
    assert recognition.confidence < 0.97
