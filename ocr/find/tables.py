"""Ruled tables: columns of cells that stand on one another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ocr.geometry import Box

_TOUCHING_MM = 1.1  # a line's width between two cells of a table
_LEAST_ROWS = 3  # fewer boxes that touch are single boxes
_MOST_HIDDEN = 2  # cells in a row
_OVERLAP = 0.4  # of that width: how far hidden cells may be higher than the room for them

Stack = tuple[Box, ...]  # cells of one width, each on the next, from the top


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        table: Number of its table on the page, from 1.
        number: Its own number in the table, from 1 at the left.
        first_row: Number of its first cell's row in the table, from 1.
        cells: Its cells, one for each row, from the top.
    """

    table: int
    number: int
    first_row: int
    cells: Stack


def find_columns(cells: Sequence[Box], px_per_mm: float) -> list[Column]:
    """The columns of at least three cells, table by table from the top.

    Args:
        cells: Cells of a page.
        px_per_mm: Its scale.
    """
    reach = _TOUCHING_MM * px_per_mm
    stacks = [stack for stack in _stacks(cells, reach) if len(stack) >= _LEAST_ROWS]
    columns = []
    for table, members in enumerate(_tables(stacks, reach), 1):
        tops = _tops(members, reach)
        for number, stack in enumerate(sorted(members, key=lambda stack: stack[0].x), 1):
            first_row = int(np.abs(np.subtract(tops, stack[0].y)).argmin()) + 1
            columns.append(Column(table, number, first_row, stack))
    return columns


def _stacks(cells: Sequence[Box], reach_px: float) -> list[Stack]:
    """Cells of the same left and right, each right below the one before.

    A cell that writing hides is put in between two that stand where its neighbours would.
    """
    stacks: list[list[Box]] = []
    for cell in sorted(cells, key=lambda cell: cell.y):
        below = ((stack, _cells_between(stack, cell, cells, reach_px)) for stack in stacks)
        under = next(((stack, hidden) for stack, hidden in below if hidden is not None), None)
        if under is None:
            stacks.append([cell])
        else:
            under[0].extend([*under[1], cell])
    return [tuple(stack) for stack in stacks]


def _cells_between(
    stack: Sequence[Box], lower: Box, cells: Sequence[Box], reach_px: float
) -> list[Box] | None:
    """The hidden cells between a stack and the next of it, mostly none; None if it is not that.

    A cell alone begins no stack beyond a hidden one: boxes stand as far apart as they are high.
    """
    upper = stack[-1]
    if not _is_below(upper, lower, reach_px):
        return None
    pitch = upper.height - 1
    hidden = round((lower.y - upper.bottom) / pitch)
    off = lower.y - upper.bottom - hidden * pitch
    alike = abs(lower.height - upper.height) <= reach_px
    if abs(off) > reach_px or hidden > (_MOST_HIDDEN if alike and len(stack) > 1 else 0):
        return None
    if hidden and (off < -_OVERLAP * reach_px or _are_apart(upper, lower, cells, reach_px)):
        return None
    return [upper.moved(0, k * pitch) for k in range(1, hidden + 1)]


def _is_below(upper: Box, lower: Box, reach_px: float) -> bool:
    """Whether a cell stands in the column of another."""
    return abs(lower.x - upper.x) <= reach_px and abs(lower.right - upper.right) <= reach_px


def _are_apart(upper: Box, lower: Box, cells: Sequence[Box], reach_px: float) -> bool:
    """Whether another cell of their size stands between two: boxes with room between them."""
    return any(
        upper.bottom <= cell.y + cell.height / 2 < lower.y
        and _is_below(upper, cell, reach_px)
        and abs(cell.height - upper.height) <= reach_px
        for cell in cells
    )


def _tables(stacks: Sequence[Stack], reach_px: float) -> list[list[Stack]]:
    """Stacks parted into those that stand side by side, from the top."""
    tables: list[list[Stack]] = []
    for stack in sorted(stacks, key=lambda stack: (stack[0].x, stack[0].y)):
        beside = [
            table for table in tables if any(_touch(stack, other, reach_px) for other in table)
        ]
        if beside:
            beside[0].append(stack)
        else:
            tables.append([stack])
    return sorted(tables, key=lambda table: min(stack[0].y for stack in table))


def _touch(stack: Stack, other: Stack, reach_px: float) -> bool:
    beside = abs(stack[0].x - other[0].right) <= reach_px
    return beside and stack[0].y < other[-1].bottom and other[0].y < stack[-1].bottom


def _tops(table: Sequence[Stack], reach_px: float) -> list[int]:
    """First pixel row of each of a table's rows."""
    tops: list[int] = []
    for top in sorted(cell.y for stack in table for cell in stack):
        if not tops or top > tops[-1] + reach_px:
            tops.append(top)
    return tops
