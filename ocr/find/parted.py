"""Boxes for a whole number that a tall digit parts: a 1 from rule to rule looks like a side."""

from collections.abc import Sequence

import numpy as np

from ocr.find.ruling import Ruling
from ocr.geometry import Box, around

_LEVEL_PX = 2  # how far tops and bottoms of two parts may differ
_SHARED_PX = 4  # breadth of the stroke that two parts share
_BESIDE_PX = 1  # half the breadth of the band that holds a side
_CORNER_PX = 2  # a side's ends belong to the rules
_SIDE = 0.97  # share of a printed side that is drawn
_STROKE = 0.98  # less of a line inside is a stroke, which ends before the rules


def rejoined(cells: Sequence[Box], ruling: Ruling) -> list[Box]:
    """Cells, those made whole whose parts share sides that are strokes of writing.

    Args:
        cells: Cells that are part of no comb and of no table.
        ruling: The lines of the page.
    """
    runs: list[list[Box]] = []
    for cell in sorted(cells, key=lambda cell: (cell.x, cell.y)):
        before = next((run for run in runs if _goes_on(run[-1], cell, ruling)), None)
        if before:
            before.append(cell)
        else:
            runs.append([cell])
    return [box for run in runs for box in _whole(run, ruling)]


def _goes_on(left: Box, right: Box, ruling: Ruling) -> bool:
    """Whether a cell is beside another, parted from it by a stroke."""
    level = abs(left.y - right.y) <= _LEVEL_PX and abs(left.bottom - right.bottom) <= _LEVEL_PX
    if not level or abs(right.x - left.right) > _SHARED_PX:
        return False
    between, broad = (left.right + right.x) // 2, right.x - left.right
    return _drawn(ruling, left, between, broad // 2) < _STROKE


def _whole(run: Sequence[Box], ruling: Ruling) -> Sequence[Box]:
    """The box that a run of parts makes, if sides are printed at both its ends; else the parts."""
    ends = _drawn(ruling, run[0], run[0].x), _drawn(ruling, run[-1], run[-1].right - 1)
    return [around(run)] if min(ends) >= _SIDE else run


def _drawn(ruling: Ruling, cell: Box, column: int, reach: int = 0) -> float:
    """Share of a cell's side at a column that is a line, but for its ends."""
    rows = slice(cell.y + _CORNER_PX, cell.bottom - _CORNER_PX)
    reach = max(_BESIDE_PX, reach)
    band = rows, slice(max(0, column - reach), column + reach + 1)
    return float(np.mean((ruling.ink[band] & (ruling.down[band] > 0)).any(axis=1)))
