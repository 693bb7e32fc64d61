"""Making a page upright; what is decided is decided on a reduced picture of it."""

from collections.abc import Sequence
from math import ceil, log2

import cv2
import numpy as np

from ocr.arrays import Gray, Ink
from ocr.geometry import Box
from ocr.upright.canvas import sheet_on_canvas
from ocr.upright.direction import is_sideways, standing_of
from ocr.upright.flatten import flattened
from ocr.upright.page import UprightPage
from ocr.upright.paper_size import PageMm
from ocr.upright.skew import estimate_skew
from ocr.upright.stepwise import SLIGHT_SKEW_DEG, rotated_by_steps

_LONGEST_PX = 1400  # of a reduced picture's sides: A4 at 300 dpi has 877 rows, 3 px per mm
_PAPER_PX = 31  # neighbourhood of a pixel, for what is paper there
_DARKER = 20  # gray levels: fine light rules on the reduced picture reach it
_DARK = 50  # the same of print and pens alone, where security print hides which way lines run
_MUCH_INK = 0.09  # of the page: security print all over; forms have less
_NARROWEST_PX = 64  # a strip of few lines says nothing about where its lines run
_CHECK_SHAPE = (1.6, 3.3)  # width to height: 1.64 to 3.2 (ANSI X9.100-160)
_LEAST_SKEW_DEG = 0.2  # less moves no field by more than 1 mm on A4: not worth an interpolation


def make_upright(scan: Gray, sizes_mm: Sequence[PageMm] = ()) -> UprightPage:
    """Flatten a photographed page, turn it upright and take its skew out, where it says so itself.

    Args:
        scan: (H, W) the page as scanned.
        sizes_mm: Width and height of the upright page, as far as known: of each form it may have.
    """
    page = flattened(scan, sizes_mm)
    small = _reduced(page)
    ink = _print_ink(small, _DARKER)
    skew_deg = estimate_skew(ink)
    if skew_deg == 0.0 and ink.mean() > _MUCH_INK:
        skew_deg = estimate_skew(_print_ink(small, _DARK))
    if abs(skew_deg) >= _LEAST_SKEW_DEG:
        page, ink = _on_canvas(page.deskewed(skew_deg), _level(ink, skew_deg), sizes_mm)
    return _turned(page, ink) if min(ink.shape) >= _NARROWEST_PX else page


def _on_canvas(page: UprightPage, ink: Ink, sizes_mm: Sequence[PageMm]) -> tuple[UprightPage, Ink]:
    """A level page and its ink without what its picture grew by when somebody rotated it."""
    sheet = None if page.flattened else sheet_on_canvas(ink, page.skew_deg, sizes_mm)
    if sheet is None:
        return page, ink
    times = page.shape[1] / ink.shape[1]
    sides = (round(side * times) for side in (sheet.x, sheet.y, sheet.width, sheet.height))
    return page.part(Box(*sides).clipped(page.shape[1], page.shape[0])), ink[sheet.slices]


def _turned(page: UprightPage, ink: Ink) -> UprightPage:
    """Turn a level page upright: by its print, and where that is in doubt by its MICR line.

    What lies on its side is turned to the likelier side; without any sign of a direction a page
    stays as it is.
    """
    standing, aside = standing_of(ink)
    if is_sideways(standing, aside):
        likely = 90 if aside.on_foot >= aside.on_head else 270
        page, standing = page.turned(likely), aside if likely == 90 else aside.upside_down
    if standing.is_upright:
        return page
    over = page.turned(180)
    if _is_check_shaped(page.shape):
        if page.micr_line:
            return page
        if over.micr_line:
            return over
    return over if standing.upside_down.is_upright else page


def _is_check_shaped(shape: tuple[int, int]) -> bool:
    return _CHECK_SHAPE[0] <= shape[1] / shape[0] <= _CHECK_SHAPE[1]


def _level(ink: Ink, skew_deg: float) -> Ink:
    """Ink without its skew."""
    if abs(skew_deg) <= SLIGHT_SKEW_DEG:
        return rotated_by_steps(ink.view(np.uint8), skew_deg, paper=0, steps=1).view(np.bool_)
    height, width = ink.shape
    turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -skew_deg, 1.0)
    pixels = cv2.warpAffine(ink.view(np.uint8), turn, (width, height), flags=cv2.INTER_NEAREST)
    return np.asarray(pixels, np.uint8).view(np.bool_)


def _reduced(page: UprightPage) -> Gray:
    """The page halved so often that its sides are short enough."""
    times = max(0, ceil(log2(max(page.shape) / _LONGEST_PX)))
    return page.reduced(0.5**times) if page.flattened else page.halvings[times]


def _print_ink(gray: Gray, by_levels: int) -> Ink:
    """Pixels darker by so many gray levels than the mean around them."""
    mean = cv2.blur(gray, (_PAPER_PX, _PAPER_PX), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.subtract(mean, gray) >= by_levels)
