"""Combs under one another in a table: where one number ends and the next begins.

A row of a tally sheet is one row of touching cells. Thicker lines, or the heads of the columns,
part it into the cells of each count; what is so for most rows is so for all.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from ocr.find.combs import Row
from ocr.find.ruling import Ruling
from ocr.geometry import Box

_LEAST_ROWS = 3
_SAME = 0.2  # of a cell's width: lines nearer to one another are one
_BESIDE_MM = 0.6  # half the breadth of the band that holds a line
_INNER = 0.2  # of a cell's height at its top and bottom that belongs to the lines across
_THICKER = 1.4  # times the darkness of most lines; twice as broad a line has 1.6 to 2
_HEAD_MM = 1.1  # a head's lower line stands no further from the first row
_LEAST_THERE = 0.5  # share of a row's cells; writing hides the others


def part_stacked(combs: Sequence[Row], cells: Sequence[Box], ruling: Ruling) -> list[Row]:
    """Combs, those of a table parted into the cells of each number.

    Args:
        combs: Of a page.
        cells: What else lines enclose, among it the heads of columns.
        ruling: The lines of the page.

    Returns:
        The same combs where no lines or heads part them.
    """
    rest, parted = list(combs), []
    while rest:
        model = max(rest, key=len)
        stack = [comb for comb in rest if _stands_with(comb, model)]
        rest = [comb for comb in rest if comb not in stack]
        whole = [comb for comb in stack if len(comb) == len(model)]
        ends = _ends(whole, cells, ruling) if len(whole) >= _LEAST_ROWS else []
        if ends:
            rows = {comb[0].y: _completed(comb, model) for comb in stack}
            parted += [part for row in rows.values() for part in _parts(row, ends)]
        else:
            parted += stack
    return parted


def _stands_with(comb: Row, model: Row) -> bool:
    """Whether a comb has the lines of another, and enough of them to be a row of its table."""
    reach = _SAME * model[0].width
    lines, its = (np.array([*(cell.x for cell in row), row[-1].right]) for row in (model, comb))
    off = np.abs(lines[:, None] - its).min(axis=0).max()
    return bool(len(comb) >= _LEAST_THERE * len(model) and off <= reach)


def _completed(comb: Row, model: Row) -> Row:
    """The comb with those cells of its table that writing hides."""
    return tuple(Box(cell.x, comb[0].y, cell.width, comb[0].height) for cell in model)


def _parts(comb: Row, ends: Sequence[int]) -> Iterator[Row]:
    yield from (comb[start:end] for start, end in pairwise((0, *ends, len(comb))))


def _ends(stack: Sequence[Row], cells: Sequence[Box], ruling: Ruling) -> list[int]:
    """After how many cells of a row each number ends, but for the last; empty if it is one."""
    for ends in (_thick_lines(stack, ruling), _sides_of_heads(stack, cells, ruling.px_per_mm)):
        sizes = np.diff([0, *ends, len(stack[0])])
        if ends and sizes.min() > 1:
            return ends
    return []


def _thick_lines(stack: Sequence[Row], ruling: Ruling) -> list[int]:
    """The cells that begin at a line clearly thicker than most, all at one distance."""
    dark = np.median([_darkness_of_lines(comb, ruling) for comb in stack], axis=0)
    usual = float(np.percentile(dark, 25))
    ends = [k for k, its in enumerate(dark.tolist(), 1) if its >= _THICKER * usual]
    return ends if np.ptp(np.diff([0, *ends, len(stack[0])])) == 0 else []


def _darkness_of_lines(comb: Row, ruling: Ruling) -> list[float]:
    """Of each line inside a comb, summed over its breadth."""
    reach = round(_BESIDE_MM * ruling.px_per_mm)
    margin = round(_INNER * comb[0].height)
    rows = slice(comb[0].y + margin, comb[0].bottom - margin)
    return [
        float(ruling.darkness[rows, max(0, cell.x - reach) : cell.x + reach + 1].sum(axis=1).mean())
        for cell in comb[1:]
    ]


def _sides_of_heads(stack: Sequence[Row], cells: Sequence[Box], px_per_mm: float) -> list[int]:
    """The cells that begin where a head above the first row does; none if heads leave any out."""
    first = min(stack, key=lambda comb: comb[0].y)
    reach = _HEAD_MM * px_per_mm
    heads = [
        cell
        for cell in cells
        if abs(cell.bottom - first[0].y) <= reach
        and first[0].x <= cell.x + cell.width / 2 < first[-1].right
    ]
    if sum(head.width for head in heads) < (1 - _SAME) * (first[-1].right - first[0].x):
        return []
    lines = np.array([cell.x for cell in first])
    off = [int(np.abs(lines - head.x).argmin()) for head in heads]
    return sorted({k for k in off if k})
