"""Combs whose cells are parted by short lines that stand on a base line, open or in a frame."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Ink
from ocr.find.lines import RuledLine
from ocr.geometry import Box
from ocr.runs import runs_of

_PITCH_MM = (3.8, 10.5)  # room for one digit
_TICK_MM = 1.8  # the shortest
_UNBROKEN = 0.9  # share of ink along a tick; a digit's foot is seldom upright for so long
_OFF_MM = 0.6  # how far a tick may stand from its place
_LEAST_SEEN = 0.85  # share of a comb's ticks that must be there
_LEAST_CELLS = 3  # two where the lines between them are as tall as a digit
_TALL_TICK_MM = 3.6
_TALL_TICK = 0.7  # of the pitch: ticks as tall are a cell's sides
_TALL = 1.25  # height of an open comb's cells in widths, where its ticks are shorter


def ticked_comb(
    ink: Ink, base: RuledLine, px_per_mm: float, top: int | None = None
) -> tuple[Box, ...]:
    """The cells of a comb that stands on a line from end to end; empty if there is none.

    Args:
        ink: The reduced page.
        base: The line below.
        px_per_mm: Scale of the page.
        top: First row of the frame around; None for an open comb.
    """
    ticks = _ticks(ink, base, px_per_mm, _TICK_MM)
    narrowest, widest = (side * px_per_mm for side in _PITCH_MM)
    fewest = max(_LEAST_CELLS, int(np.ceil(base.length / widest)))
    most = min(int(base.length / narrowest), int(ticks.size / _LEAST_SEEN) - 1)
    for cells in range(most, fewest - 1, -1):
        edges = np.linspace(base.start, base.end - 1, cells + 1)
        if _are_there(edges, ticks, _OFF_MM * px_per_mm):
            upper = _top(ink, base, edges) if top is None else top
            return _cells(edges, upper, round(base.at) + 1)
    if top is None and 2 * narrowest <= base.length <= 2 * widest:
        edges = np.linspace(base.start, base.end - 1, 3)
        if _are_there(edges, _ticks(ink, base, px_per_mm, _TALL_TICK_MM), _OFF_MM * px_per_mm):
            return _cells(edges, _top(ink, base, edges), round(base.at) + 1)
    return ()


def _top(ink: Ink, base: RuledLine, edges: NDArray[np.float64]) -> int:
    """First row of an open comb's cells: where tall ticks end, else as high as digits are."""
    pitch, row = float(edges[1] - edges[0]), round(base.at)
    highest = max(0, round(row - _TALL * pitch))
    columns = np.rint(edges[:, None] + (-1, 0, 1)).astype(np.intp).clip(0, ink.shape[1] - 1)
    drawn = ink[highest:row, columns].any(axis=2).mean(axis=1) >= _LEAST_SEEN
    blank = np.flatnonzero(~drawn)
    top = highest + int(blank[-1]) + 1 if blank.size else highest
    return top if row - top >= _TALL_TICK * pitch else highest


def _ticks(ink: Ink, base: RuledLine, px_per_mm: float, least_mm: float) -> NDArray[np.float64]:
    """Columns of the upright strokes of at least that height that stand on a line."""
    row, reach = round(base.at), round(_OFF_MM * px_per_mm)
    left = max(0, base.start - reach)
    strip = ink[max(0, row - round(least_mm * px_per_mm)) : row, left : base.end + reach]
    upright = strip.mean(axis=0) >= _UNBROKEN if strip.size else np.zeros(0, np.bool_)
    middles = [left + (start + end - 1) / 2 for start, end in runs_of(upright)]
    return np.array(middles, np.float64)


def _are_there(edges: NDArray[np.float64], ticks: NDArray[np.float64], reach_px: float) -> bool:
    """Whether nearly all edges have a tick, the outermost among them."""
    if ticks.size < 2:
        return False
    seen = np.abs(edges[:, None] - ticks).min(axis=1) <= reach_px
    return bool(seen[0] and seen[-1] and seen.mean() >= _LEAST_SEEN)


def _cells(edges: Sequence[float] | NDArray[np.float64], top: int, bottom: int) -> tuple[Box, ...]:
    columns = [round(float(edge)) for edge in edges]
    return tuple(Box(left, top, right - left, bottom - top) for left, right in pairwise(columns))
