"""Where checks lie on a page: one that fills it, one on a larger sheet, several of them.

A MICR line tells all: its size is the resolution, and the check reaches a quarter of an inch below
it and at most 3.7 inches above. Checks without one are sheets that stand out from what lies behind.
"""

from dataclasses import astuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray, Ink
from ocr.components import labelled
from ocr.geometry import Box
from ocr.micr import MicrLine, find_on_page
from ocr.upright import UprightPage

_SHAPE = (1.5, 3.6)  # width over height: 1.64 to 3.2 (ANSI X9.100-160), and a margin
_WORK_WIDTH = 400  # pixels: margins are known to half a per cent
_BACKGROUND = 14  # gray levels: what differs by less from the page's rim is background
_JOIN = 0.03  # of the width: print of one check stands closer than that
_SPECK = 0.005  # of the width: specks of sheets that differ from the page all over
_COVERS = 0.7  # share of their box that such cover, though they lie askew
_APART = 0.012  # of the width: sheets that lie side by side leave such a gap
_LEAST_WIDE = 0.3  # of the page's width
_MOST_REST = 0.002  # share of the page: print beside a sheet makes it a part of a larger check
_COVERED = 0.2  # share of the page, by several checks on a page of a check's shape
_FILLS = 0.8  # of width and height: what is left are margins

_LEAST_PX = 300  # wide: 50 dpi of a check of 6 inches; nobody reads less
_ALIKE = 1.4  # times as large
_FILLED, _EVERY = 0.5, 4  # share of a sheet's pixels, of which every fourth row and column is seen

_MEET = 0.15  # of the smaller: boxes around sheets that lie askew overlap by less
_FOOT_INCH = 0.3  # below the MICR line: a quarter, and a margin
_TALLEST_INCH = 3.75
_WIDEST_INCH = 9.0


def check_areas(page: UprightPage) -> list[Box]:
    """Find the upright checks on a page.

    Returns:
        Their areas from the top, at least one: the whole page where nothing parts a check from it.
    """
    height, width = page.shape
    whole = Box(0, 0, width, height)
    small = page.reduced(min(1.0, _WORK_WIDTH / width))
    sheets, rest = _sheets(small, whole)
    if _SHAPE[0] <= width / height <= _SHAPE[1]:
        if len(sheets) == 1 and rest <= _MOST_REST and not _fills(sheets[0], whole):
            return sheets
        if not _are_checks(page, sheets, _rim_level(small)):
            return [whole]
    areas: list[Box] = []
    for line in find_on_page(page):
        middle = line.glyphs[len(line.glyphs) // 2].box.x
        above = max((area.bottom for area in areas if area.x <= middle < area.right), default=0)
        areas.append(_above_line(line, above, sheets, whole))
    others = [sheet for sheet in sheets if not any(_meet(sheet, area) for area in areas)]
    areas += [
        sheet
        for sheet in others
        if sheet.width >= _LEAST_PX
        and (
            _is_paper(page.cut(sheet), _rim_level(small))
            or any(_alike(sheet, area) for area in areas)
        )
    ]
    return sorted(areas, key=lambda area: (area.y, area.x)) or [whole]


def _are_checks(page: UprightPage, sheets: list[Box], rim_level: int) -> bool:
    """Whether sheets on a page of a check's shape are checks, not parts of one: side by side."""
    height, width = page.shape
    covered = sum(sheet.width * sheet.height for sheet in sheets)
    if len(sheets) < 2 or covered < _COVERED * width * height:
        return False
    if not all(_alike(sheets[0], other) for other in sheets):
        return False
    return all(
        page.part(sheet).micr_line or _is_paper(page.cut(sheet), rim_level) for sheet in sheets
    )


def _fills(area: Box, page: Box) -> bool:
    return area.width >= _FILLS * page.width and area.height >= _FILLS * page.height


def _is_paper(sheet: Gray, rim_level: int) -> bool:
    """Whether a sheet differs from the page's rim as paper does, not as paragraphs of print do."""
    part = np.ascontiguousarray(sheet[::_EVERY, ::_EVERY])
    other = cv2.absdiff(part, np.full_like(part, rim_level)) > _BACKGROUND
    return float(np.count_nonzero(other)) >= _FILLED * part.size


def _alike(sheet: Box, area: Box) -> bool:
    """Whether two are of like size, as checks of one batch are."""
    sides = (sheet.width / area.width, sheet.height / area.height)
    return all(1 / _ALIKE <= side <= _ALIKE for side in sides)


def _above_line(line: MicrLine, above: int, sheets: list[Box], page: Box) -> Box:
    """The check that a line is at the foot of: its sheet, else as large as a check may be."""
    for sheet in sheets:
        if sheet.y < line.bottom <= sheet.bottom and sheet.x <= line.glyphs[0].box.x < sheet.right:
            return sheet
    bottom = round(line.bottom + _FOOT_INCH * line.dpi)
    top = max(above, round(bottom - _TALLEST_INCH * line.dpi))
    if page.width <= _WIDEST_INCH * line.dpi:
        return Box(0, top, page.width, bottom - top).clipped(page.width, page.height)
    middle = (line.glyphs[0].box.x + line.glyphs[-1].box.right) // 2
    wide = round(_WIDEST_INCH * line.dpi)
    left = max(0, min(middle - wide // 2, page.width - wide))
    return Box(left, top, wide, bottom - top).clipped(page.width, page.height)


def _rim_level(gray: Gray) -> int:
    """Usual gray level of a page's rim."""
    return int(np.median(np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])))


def _sheets(small: Gray, whole: Box) -> tuple[list[Box], float]:
    """Check-shaped areas that stand out from the page's rim, from the top.

    Print of a check on paper like the page's is joined first, unless more sheets stand out without.

    Args:
        small: The page reduced.
        whole: The page.

    Returns:
        The areas; the share of the page that stands out and lies in none of them.
    """
    scale = whole.width / small.shape[1]
    different = cv2.absdiff(small, np.full_like(small, _rim_level(small))) > _BACKGROUND
    shown = _joined(different, _JOIN)
    sheets, paper = _check_shaped(shown), _check_shaped(_joined(different, _SPECK), _COVERS)
    if len(paper) > len(sheets):
        sheets = paper
    for sheet in sheets:
        shown[sheet.slices] = 0
    on_page = [Box(*(round(v * scale) for v in astuple(sheet))) for sheet in sheets]
    return [sheet.clipped(whole.width, whole.height) for sheet in on_page], float(shown.mean())


def _check_shaped(shown: NDArray[np.uint8], covers: float = 0.0) -> list[Box]:
    """Boxes of connected pixels of a check's shape that they cover by that share, from the top."""
    _, stats, _ = labelled(shown)
    sheets = [
        Box(*(int(side) for side in row[:4]))
        for row in stats[1:]
        if row[2] >= _LEAST_WIDE * shown.shape[1]
        and _SHAPE[0] <= row[2] / row[3] <= _SHAPE[1]
        and row[4] >= covers * row[2] * row[3]
    ]
    return sorted(sheets, key=lambda sheet: (sheet.y, sheet.x))


def _joined(different: Ink, join_share: float) -> NDArray[np.uint8]:
    """Pixels of sheets and of print, joined over such gaps, without bridges between sheets."""
    width = different.shape[1]
    join, apart = (max(1, round(share * width)) | 1 for share in (join_share, _APART))
    padded = np.pad(different.astype(np.uint8), join)
    joined = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, np.ones((join, join), np.uint8))
    parted = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((apart, apart), np.uint8))
    return np.asarray(parted[join:-join, join:-join], np.uint8)


def _meet(one: Box, other: Box) -> bool:
    wide = min(one.right, other.right) - max(one.x, other.x)
    tall = min(one.bottom, other.bottom) - max(one.y, other.y)
    least_wide, least_tall = min(one.width, other.width), min(one.height, other.height)
    return wide > _MEET * least_wide and tall > _MEET * least_tall
