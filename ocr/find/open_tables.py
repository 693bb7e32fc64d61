"""Tables without lines at their sides or between columns: rules under one another, and writing.

Rows of such a table are parted by rules, its columns by paper that stays blank from the first row
to the last. There a line is put, so that its cells are closed as those of other tables.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np

from ocr.find.cells import find_cells
from ocr.find.lines import RuledLine
from ocr.find.ruling import Ruling
from ocr.geometry import Box
from ocr.runs import runs_of

_SHORTEST_MM = 30.0  # of a rule: a label and a number
_ROW_MM = (5.0, 15.0)  # from one rule to the next
_UNEVEN = 0.2  # of a row: how far the next one may be higher or lower
_LEAST_RULES = 5  # fewer are lines to write on
_LEVEL_MM = 2.5  # how far rules may begin or end from one another
_INSIDE_MM = 0.8  # a side as far from all rules is that of a box in a row
_BOXED = 0.5  # boxes to a rule, from which on the rows are none to write in
_GUTTER_MM = 3.0  # blank from top to bottom; the digits of a number stand closer
_STRAY = 0.1  # share of rows whose writing may reach into a gutter
_UPRIGHT = 0.6  # share of the rows along which a line stands that parts columns
_LEANS_MM = 0.6  # how far it may lean


@dataclass(frozen=True, slots=True)
class _Rules:
    """Rules of one extent at even distances.

    Attributes:
        rows: Their rows of pixels, from the top.
        left: Column where they begin.
        right: Column where they end.
    """

    rows: tuple[int, ...]
    left: int
    right: int


def close_tables(ruling: Ruling, lines: Sequence[RuledLine]) -> Ruling:
    """Put lines between the columns, and at the sides, of tables that have none there.

    Args:
        ruling: The lines of a page.
        lines: Those across, from the top.
    """
    stacks = [
        (rules, missing)
        for rules in _stacks(lines, ruling.px_per_mm)
        if (missing := _missing_edges(ruling, rules))
    ]
    if not stacks:
        return ruling
    cells = find_cells(ruling)
    edges = [
        (rules, edge)
        for rules, missing in stacks
        if not _part_boxes(rules, cells, ruling.px_per_mm)
        for edge in missing
    ]
    down = ruling.down.copy()
    for rules, edge in edges:
        down[rules.rows[0] : rules.rows[-1] + 1, max(0, edge - 1) : edge + 1] = 1
    return replace(ruling, down=down)


def _stacks(lines: Sequence[RuledLine], px_per_mm: float) -> Iterator[_Rules]:
    stacks: list[list[RuledLine]] = []
    for line in lines:
        if line.length >= _SHORTEST_MM * px_per_mm:
            above = next((stack for stack in stacks if _goes_on(stack, line, px_per_mm)), None)
            if above:
                above.append(line)
            else:
                stacks.append([line])
    for stack in stacks:
        if len(stack) >= _LEAST_RULES:
            left, right = (
                round(float(np.median(ends)))
                for ends in ([line.start for line in stack], [line.end - 1 for line in stack])
            )
            yield _Rules(tuple(round(line.at) for line in stack), left, right)


def _goes_on(stack: Sequence[RuledLine], line: RuledLine, px_per_mm: float) -> bool:
    """Whether a line is the next rule of a stack."""
    last, reach = stack[-1], _LEVEL_MM * px_per_mm
    if abs(line.start - last.start) > reach or abs(line.end - last.end) > reach:
        return False
    tall = line.at - last.at
    usual = last.at - stack[-2].at if len(stack) > 1 else tall
    least, most = (side * px_per_mm for side in _ROW_MM)
    return least <= tall <= most and abs(tall - usual) <= _UNEVEN * usual


def _part_boxes(rules: _Rules, cells: Sequence[Box], px_per_mm: float) -> bool:
    """Whether boxes are drawn between the rules: there one writes, and not in the rows."""
    rows, reach = np.array(rules.rows), _INSIDE_MM * px_per_mm
    boxes = [
        cell
        for cell in cells
        if rules.left < cell.x
        and cell.right < rules.right
        and rows[0] < cell.y < rows[-1]
        and np.abs(rows - cell.y).min() > reach
        and np.abs(rows - cell.bottom).min() > reach
    ]
    return len(boxes) >= _BOXED * len(rows)


def _missing_edges(ruling: Ruling, rules: _Rules) -> list[int]:
    """Columns of pixels where a table's lines are missing; none if it has only one column."""
    reach = _LEVEL_MM * ruling.px_per_mm
    uprights = _uprights(ruling, rules)
    inner = [x for x in uprights if rules.left + reach < x < rules.right - reach]
    open_ends = [
        end for end in (rules.left, rules.right) if not any(abs(x - end) <= reach for x in uprights)
    ]
    gutters = []
    for left, right in pairwise((rules.left, *inner, rules.right)):
        if not inner or left in open_ends or right in open_ends:
            gutters += _gutters(ruling, rules, left, right)
    return [*open_ends, *gutters] if inner or gutters else []


def _uprights(ruling: Ruling, rules: _Rules) -> list[int]:
    """Columns of pixels where a line stands from the first rule to the last."""
    leans = round(_LEANS_MM * ruling.px_per_mm)
    first = max(0, rules.left - 2 * leans)
    strip = ruling.down[rules.rows[0] : rules.rows[-1], first : rules.right + 2 * leans]
    wider = cv2.dilate(strip, np.ones((1, 1 + 2 * leans), np.uint8))
    along = cv2.reduce(wider, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[0] >= _UPRIGHT * len(strip)
    return [first + (start + end) // 2 for start, end in runs_of(along)]


def _gutters(ruling: Ruling, rules: _Rules, left: int, right: int) -> list[int]:
    """Middles of the blank stretches that part what stands in the rows."""
    margin = round(_LEANS_MM * ruling.px_per_mm)
    inside = slice(left + margin, right - margin)
    rows = [
        ruling.ink[upper + margin : lower - margin, inside].any(axis=0)
        for upper, lower in pairwise(rules.rows)
    ]
    written = np.mean(rows, axis=0) > _STRAY
    blank = [
        (start, end)
        for start, end in runs_of(~written)
        if end - start >= _GUTTER_MM * ruling.px_per_mm
    ]
    return [
        inside.start + (start + end) // 2
        for start, end in blank
        if start > 0 and end < len(written)
    ]
