"""Tables without lines at their sides or between columns: rules under one another, and writing.

Rows of such a table are parted by rules, its columns by paper that stays blank from the first row
to the last. There a line is put, so that its cells are closed as those of other tables.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from ocr.find.cells import find_cells
from ocr.find.ruling import Ruling
from ocr.find.stacks import LEANS_MM, LEVEL_MM, Rules, uprights_of
from ocr.geometry import Box
from ocr.runs import runs_of

_INSIDE_MM = 0.8  # a side as far from all rules is that of a box in a row
_BOXED = 0.5  # boxes to a rule, from which on the rows are none to write in
_GUTTER_MM = (2.0, 3.0)  # blank from top to bottom, in many rows and in few; digits stand closer
_MANY_ROWS = 12  # in which numbers of a few digits, not all begun alike, leave no such gap
_BESIDE_MM = 1.0  # ink as near to a rule's first row is its own: it is thick or leans
_STRAY = 0.1  # share of rows whose writing may reach into a gutter


def close_tables(ruling: Ruling, stacks: Sequence[Rules]) -> Ruling:
    """Put lines between the columns, and at the sides, of tables that have none there.

    Args:
        ruling: The lines of a page.
        stacks: Its stacks of rules.
    """
    open_stacks = [
        (rules, missing) for rules in stacks if (missing := _missing_edges(ruling, rules))
    ]
    if not open_stacks:
        return ruling
    cells = find_cells(ruling)
    edges = [
        (rules, edge)
        for rules, missing in open_stacks
        if not _part_boxes(rules, cells, ruling.px_per_mm)
        for edge in missing
    ]
    down = ruling.down.copy()
    for rules, edge in edges:
        down[rules.rows[0] : rules.rows[-1] + 1, max(0, edge - 1) : edge + 1] = 1
    return replace(ruling, down=down)


def _part_boxes(rules: Rules, cells: Sequence[Box], px_per_mm: float) -> bool:
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


def _missing_edges(ruling: Ruling, rules: Rules) -> list[int]:
    """Columns of pixels where a table's lines are missing; none if it has only one column."""
    reach = LEVEL_MM * ruling.px_per_mm
    uprights = uprights_of(ruling, rules)
    inner = [x for x in uprights if rules.left + reach < x < rules.right - reach]
    open_ends = [
        end for end in (rules.left, rules.right) if not any(abs(x - end) <= reach for x in uprights)
    ]
    gutters = []
    for left, right in pairwise((rules.left, *inner, rules.right)):
        if not inner or left in open_ends or right in open_ends:
            gutters += _gutters(ruling, rules, left, right)
    return [*open_ends, *gutters] if inner or gutters else []


def _gutters(ruling: Ruling, rules: Rules, left: int, right: int) -> list[int]:
    """Middles of the blank stretches that part what stands in the rows."""
    margin = round(LEANS_MM * ruling.px_per_mm)
    inside = slice(left + margin, right - margin)
    beside = round(_BESIDE_MM * ruling.px_per_mm)
    rows = [
        ruling.ink[upper + beside : lower - beside, inside].any(axis=0)
        for upper, lower in pairwise(rules.rows)
    ]
    written = np.mean(rows, axis=0) > _STRAY
    narrowest = _GUTTER_MM[len(rows) < _MANY_ROWS] * ruling.px_per_mm
    blank = [(start, end) for start, end in runs_of(~written) if end - start >= narrowest]
    return [
        inside.start + (start + end) // 2
        for start, end in blank
        if start > 0 and end < len(written)
    ]
