"""Tables of hairlines: lines so light that only their length tells them from the paper's texture.

Light lines are taken for print in a stack of rules alone: shadows of folds, streaks of a scanner
and what shows through from the other side are long and light too.
"""

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from ocr.arrays import Gray
from ocr.components import outer_boxes
from ocr.find.ruling import Ruling
from ocr.find.stacks import Rules, stacks_of_rules
from ocr.find.writing_lines import lines_across
from ocr.geometry import Box
from ocr.runs import Bits, runs_across, turned

_ALONG_PX = 4  # pixels along a line that are averaged: texture is, and lines are not
_BESIDE_MM = 0.5  # from a line to the paper beside it
_DARKER = 8  # gray levels than that paper; averaged noise of scans reaches 6
_SHORTEST_MM = 25.0
_BREAK_PX = 3  # of averaged pixels
_HEAD_MM = 30.0  # how far above its first even row a table may begin,
_FOOT_MM = 10.0  # and how far below the last it may end: scanners' streaks go on
_BAND_PX = 2  # half the breadth of the band that holds a leaning rule


def add_faint_tables(ruling: Ruling) -> Ruling | None:
    """Take the light lines of tables for printed ones.

    Args:
        ruling: The lines of a page.

    Returns:
        The lines with these; None if there is no such table.
    """
    halved = cv2.resize(ruling.darkness, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    if not _stacks(np.asarray(halved, np.uint8), ruling.px_per_mm / 2, _DARKER / 2)[0]:
        return None  # in a quarter of the time
    stacks, faint = _stacks(ruling.darkness, ruling.px_per_mm, _DARKER)
    across, down = ruling.across.copy(), ruling.down.copy()
    uprights = turned(_faint_across(turned(ruling.darkness), ruling.px_per_mm, _DARKER))
    for rules in stacks:
        for row in rules.rows:
            band = slice(max(0, row - _BAND_PX), row + _BAND_PX + 1), slice(rules.left, rules.right)
            across[band] |= faint[band]
        for upright in _inside(uprights, _reach(rules, ruling)):
            down[upright.slices] |= uprights[upright.slices]
    return replace(ruling, across=across, down=down)


def _stacks(darkness: Gray, px_per_mm: float, darker: float) -> tuple[list[Rules], Bits]:
    """The stacks of light rules, and all light lines across."""
    faint = _faint_across(darkness, px_per_mm, darker)
    return list(stacks_of_rules(lines_across(faint, px_per_mm).whole, px_per_mm)), faint


def _faint_across(darkness: Gray, px_per_mm: float, darker: float) -> Bits:
    """Long lines across that are that much darker than the paper above and below them."""
    height, width = darkness.shape
    strips = cv2.resize(
        darkness, (max(1, width // _ALONG_PX), height), interpolation=cv2.INTER_AREA
    )
    off = max(2, round(_BESIDE_MM * px_per_mm))
    ridges = np.zeros(strips.shape, np.uint8)
    if height > 2 * off:
        beside = cv2.max(strips[: -2 * off], strips[2 * off :])
        ridges[off:-off] = cv2.subtract(strips[off:-off], beside) > darker
    closed = cv2.morphologyEx(ridges, cv2.MORPH_CLOSE, np.ones((1, _BREAK_PX), np.uint8))
    leaning = cv2.dilate(closed, np.ones((3, 1), np.uint8))
    runs = runs_across(np.asarray(leaning, np.uint8), round(_SHORTEST_MM * px_per_mm / _ALONG_PX))
    whole = cv2.resize(runs, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(whole, np.uint8)


def _reach(rules: Rules, ruling: Ruling) -> Box:
    """Where lines of a table with these rules may be."""
    head, foot = (round(side * ruling.px_per_mm) for side in (_HEAD_MM, _FOOT_MM))
    top, bottom = rules.rows[0] - head, rules.rows[-1] + foot
    box = Box(rules.left - foot, top, rules.right - rules.left + 2 * foot, bottom - top)
    return box.clipped(*ruling.ink.shape[::-1])


def _inside(uprights: Bits, table: Box) -> Iterator[Box]:
    """The uprights that are no longer than a table."""
    for box in outer_boxes(uprights):
        if table.y < box.y and box.bottom < table.bottom and table.has_middle_of(box):
            yield box
