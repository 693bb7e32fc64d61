"""Cells between rails: two lines above one another and the lines down from one to the other.

Bold digits that fill their cell have straight parts as long as printed lines; what lines enclose is
then less than the cell. Rails and the lines between them are seen whatever stands in the cells.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np

from ocr.arrays import Ink
from ocr.components import outer_boxes
from ocr.find.lines import RuledLine, line_of
from ocr.find.pitch import even_lines
from ocr.find.ruling import Ruling
from ocr.geometry import Box, around
from ocr.levels import median_of
from ocr.runs import runs_of

_TALL_MM = (4.0, 13.0)  # of a cell for one digit
_WIDE_MM = (3.0, 10.5)
_LEAST_PX = (9, 13)  # width and height; in coarse pictures everything is made of straight lines
_WIDEST = 1.35  # times its height
_ALIKE = 0.15  # of their width: how far the cells between two rails may differ
_ENDS_MM = 0.9  # how far two rails may begin and end from one another
_DOWN = 0.92  # share of the way from rail to rail that a line down covers; few digits reach both
_MOST_STROKES = 0.2  # of the cells hold one that looks like a line down
_BAND = 1.8  # times the usual breadth of lines down: the side of a band around white cells
_MOST_INK = 0.75  # share of the middle of a cell; photographs and blocks of print are darker

Row = tuple[Box, ...]  # cells from left to right


def rows_between_rails(ruling: Ruling, least_cells: int = 1) -> list[Row]:
    """The cells for one digit each between two rails, their lines included, row by row.

    Args:
        ruling: The lines of a page.
        least_cells: Rows of fewer are left out.
    """
    lines = _rails(ruling, least_cells * _WIDE_MM[0] * ruling.px_per_mm)
    reach = round(_ENDS_MM * ruling.px_per_mm)
    broader = np.asarray(cv2.dilate(ruling.down, np.ones((1, 3), np.uint8)), np.uint8)
    ruling = replace(ruling, down=broader)  # they may be slightly askew
    pairs = set(_pairs(lines, reach, ruling.px_per_mm))
    found = (tuple(_cells(ruling, top, bottom, reach)) for top, bottom in pairs)
    rows = {around(row): row for row in found if len(row) >= max(1, least_cells)}
    whole: list[Box] = []
    for room in sorted(rows, key=_size, reverse=True):
        if not any(room.has_middle_of(box) or box.has_middle_of(room) for box in whole):
            whole.append(room)
    return [rows[room] for room in whole]


def _size(room: Box) -> tuple[int, int, int]:
    return room.width * room.height, room.y, room.x


def _rails(ruling: Ruling, least_px: float) -> list[RuledLine]:
    """The stretches across of at least that length, each at its fullest row, from the top."""
    boxes = outer_boxes(ruling.across)
    lines = [line_of(ruling.across, box) for box in boxes if box.width >= least_px]
    return sorted(lines, key=lambda line: line.at)


def _pairs(
    lines: Sequence[RuledLine], reach_px: float, px_per_mm: float
) -> Iterator[tuple[RuledLine, RuledLine]]:
    """Each line with the next above and below, as far off as a cell, that is as long or longer.

    A line is longer where it runs on to the next box.
    """
    if not lines:
        return
    at, start, end = np.array([(line.at, line.start, line.end) for line in lines]).T
    least, most = (side * px_per_mm for side in _TALL_MM)
    along = (start <= start[:, None] + reach_px) & (end >= end[:, None] - reach_px)
    below = at - at[:, None]
    for off in (-below, below):
        near = np.where(along & (off >= max(least, _LEAST_PX[1])) & (off <= most), off, np.inf)
        nearest = near.argmin(axis=1)
        for one in np.flatnonzero(np.isfinite(near.min(axis=1))).tolist():
            pair = lines[one], lines[nearest[one]]
            yield pair if off is below else pair[::-1]


def _cells(ruling: Ruling, top: RuledLine, bottom: RuledLine, reach_px: int) -> Iterator[Box]:
    """The cells between two rails; none unless lines down part them evenly from end to end."""
    upper, lower = round(top.at), round(bottom.at) + 1
    start, end = max(top.start, bottom.start), min(top.end, bottom.end)
    left = max(0, start - reach_px)
    down = ruling.down[upper:lower, left : end + reach_px]
    covered = cv2.reduce(down, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[0] >= _DOWN * len(down)
    near = 2 * reach_px + 1
    if not (covered[:near].any() and covered[-near:].any()):
        return
    lines = [(left + x, left + stop) for x, stop in runs_of(covered)]
    if len(lines) < 2 or max(lines[0][0] - start, end - lines[-1][1]) > reach_px:
        return
    tall = lower - upper
    spaces = (_even_spaces(edges, tall, ruling.px_per_mm) for edges in _readings(lines))
    for begin, stop in next(filter(None, spaces), []):
        cell = Box(round(begin), upper, round(stop) + 1 - round(begin), tall)
        inner = _inner(ruling.ink, cell)
        if np.count_nonzero(inner) <= _MOST_INK * inner.size:
            yield cell


def _readings(lines: Sequence[tuple[int, int]]) -> Iterator[list[float]]:
    """What lines down may be the edges of, the likeliest first."""
    yield _inside_band(lines)
    middles = [(x + stop - 1) / 2 for x, stop in lines]
    yield middles
    yield _without_strokes(middles)


def _even_spaces(edges: list[float], tall_px: int, px_per_mm: float) -> list[tuple[float, float]]:
    """The spaces between edges that are cells, if these are alike, and what is between them too."""
    narrowest = max(_WIDE_MM[0] * px_per_mm, _LEAST_PX[0])
    widest = min(_WIDE_MM[1] * px_per_mm, _WIDEST * tall_px)
    spaces = list(pairwise(edges))
    widths = np.diff(edges)
    gaps, wide = widths[widths < narrowest], widths[widths >= narrowest]
    if not wide.size or wide.max() > widest:
        return []
    uneven = max(2.0, _ALIKE * float(wide.mean()))
    if any(each.size and np.ptp(each) > uneven for each in (gaps, wide)):
        return []
    return [space for space, width in zip(spaces, widths, strict=True) if width >= narrowest]


def _inside_band(lines: Sequence[tuple[int, int]]) -> list[float]:
    """The middles of lines down; of an outermost one that is as broad as a band its inner side."""
    broad = _BAND * median_of(np.array([stop - x for x, stop in lines]))
    edges = [(x + stop - 1) / 2 for x, stop in lines]
    if lines[0][1] - lines[0][0] > broad:
        edges[0] = lines[0][1] - 1
    if lines[-1][1] - lines[-1][0] > broad:
        edges[-1] = lines[-1][0]
    return edges


def _without_strokes(edges: list[float]) -> list[float]:
    """The evenly spaced ones from the first to the last, if few stand between; else none.

    A stroke as tall as its cell looks like a line down.
    """
    stretches = even_lines(edges, median_of(np.diff(edges)))
    if len(stretches) != 1:
        return []
    even = stretches[0]
    is_whole = max(abs(even.first - edges[0]), abs(even.edges[-1] - edges[-1])) <= 2.0
    strokes = len(edges) - even.spaces - 1
    return even.edges if is_whole and 1 <= strokes <= _MOST_STROKES * even.spaces else []


def _inner(ink: Ink, cell: Box) -> Ink:
    """The middle of a cell, without its lines."""
    across, down = cell.width // 5, cell.height // 5
    return ink[cell.y + down : cell.bottom - down, cell.x + across : cell.right - across]
