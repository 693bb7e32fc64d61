"""Combs and rows of boxes among the cells of a page, whatever their number of cells."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from ocr.find.pitch import EvenLines, even_lines
from ocr.geometry import Box

CELL_MM = (2.8, 10.5)  # narrowest and widest cell for one digit
_WIDEST = 1.35  # times its height: a wider one is a table's, for more than one digit
_LEVEL = 0.14  # of the height: how far tops and bottoms of a row may differ
_TOUCHING_MM = 1.1  # a line's width between two cells of a comb; boxes stand further apart
_NEARLY_MM = 1.6  # boxes so near one another are taken for a comb where some of them touch
_ALMOST_MM = 0.5  # how far the room between them may differ then
_FARTHEST = 0.75  # of a box's width: room between two boxes of one field
_ALIKE = 0.14  # of their width: how far the boxes of a row may differ
_STEADY_MM = 0.7  # how far the room between them may differ

Places = NDArray[np.int64]  # (N,) rows or columns
Row = tuple[Box, ...]  # the cells of one field, from left to right


def rows_of_cells(cells: Sequence[Box], px_per_mm: float) -> tuple[list[Row], list[Row], list[Box]]:
    """Part cells into combs, rows of separate boxes, and all others.

    Args:
        cells: Cells of a page.
        px_per_mm: Its scale.

    Returns:
        The combs, the rows of boxes, and the cells that are part of neither.
    """
    combs: list[Row] = []
    others: list[Box] = []
    for chain in _chains(cells, 0, _NEARLY_MM * px_per_mm):
        for row in _touching(chain, px_per_mm):
            found = _combs_of(row, px_per_mm)
            combs += found
            others += [cell for cell in row if not any(_holds(comb, cell) for comb in found)]
    boxes = [row for row in spaced_boxes(others, px_per_mm) if len(row) > 1]
    taken = {cell for row in boxes for cell in row}
    return combs, boxes, [cell for cell in others if cell not in taken]


def _touching(chain: Row, px_per_mm: float) -> Iterator[Row]:
    """The parts of a row whose cells touch; all of one whose cells are hardly further apart."""
    touching, steady = _TOUCHING_MM * px_per_mm, _ALMOST_MM * px_per_mm
    rooms = [right.x - left.right for left, right in pairwise(chain)]
    if rooms and min(rooms) <= touching and max(rooms) - min(rooms) <= steady:
        yield chain
        return
    ends = [k for k, room in enumerate(rooms, 1) if room > touching]
    for start, end in pairwise((0, *ends, len(chain))):
        yield chain[start:end]


def _combs_of(row: Row, px_per_mm: float) -> list[Row]:
    """The stretches of a row of touching cells that have one cell for each digit."""
    narrow = [_is_for_one_digit(cell, px_per_mm) for cell in row]
    if sum(narrow) < 2:
        return []
    top = round(median(cell.y for cell in row))
    bottom = round(median(cell.bottom for cell in row))
    edges = [_between(left, right) for left, right in pairwise(row)]
    places = [float(row[0].x), *edges, float(row[-1].right - 1)]
    pitch_px = float(np.median(np.diff(places)[narrow]))  # lines may be thick: not a cell's width
    return [cells_at(even, top, bottom) for even in even_lines(places, pitch_px)]


def cells_at(even: EvenLines, top: int, bottom: int) -> Row:
    """The cells between evenly spaced lines."""
    edges = [round(edge) for edge in even.edges]
    return tuple(Box(left, top, right - left, bottom - top) for left, right in pairwise(edges))


def _is_for_one_digit(cell: Box, px_per_mm: float) -> bool:
    narrowest, widest = (side * px_per_mm for side in CELL_MM)
    return narrowest <= cell.width <= min(widest, _WIDEST * cell.height)


def _between(left: Box, right: Box) -> float:
    return (left.right - 1 + right.x) / 2


def _holds(comb: Row, cell: Box) -> bool:
    middle = cell.x + cell.width / 2
    first, last = comb[0], comb[-1]
    return first.x < middle < last.right


def _chains(cells: Sequence[Box], least_px: float, most_px: float) -> Iterator[Row]:
    """Rows of cells of one height, each at such a distance right of the one before."""
    if not cells:
        return
    x, y, wide, tall = np.array([(box.x, box.y, box.width, box.height) for box in cells]).T
    room = x - (x + wide)[:, None]
    near = (room >= least_px - 2) & (room <= most_px) & _level(y, tall)
    next_of = np.where(near, x, np.iinfo(x.dtype).max).argmin(axis=1)
    following = {cells[k]: cells[next_of[k]] for k in np.flatnonzero(near.any(axis=1)).tolist()}
    seconds = set(following.values())
    for cell in cells:
        if cell not in seconds:
            row = [cell]
            while row[-1] in following:
                row.append(following[row[-1]])
            yield tuple(row)


def _level(top: Places, tall: Places) -> NDArray[np.bool_]:
    """(N, N) which cells have their top and their bottom at the same height."""
    bottom = top + tall
    reach = np.maximum(2.0, _LEVEL * np.minimum(tall[:, None], tall))
    same_top = np.abs(top[:, None] - top) <= reach
    return np.asarray(same_top & (np.abs(bottom[:, None] - bottom) <= reach))


def spaced_boxes(cells: Sequence[Box], px_per_mm: float) -> Iterator[Row]:
    """Rows of boxes for one digit each, of one size and at one distance."""
    small = [cell for cell in cells if _is_for_one_digit(cell, px_per_mm)]
    for chain in _chains(small, 0, _FARTHEST * CELL_MM[1] * px_per_mm):
        row = [chain[0]]
        for cell in chain[1:]:
            if not _goes_on(row, cell, px_per_mm):
                yield tuple(row)
                row = []
            row.append(cell)
        yield tuple(row)


def _goes_on(row: Sequence[Box], cell: Box, px_per_mm: float) -> bool:
    """Whether a box continues a row."""
    room = cell.x - row[-1].right
    alike = abs(cell.width - row[-1].width) <= max(2.0, _ALIKE * cell.width)
    if not alike or room > _FARTHEST * cell.width:
        return False
    return len(row) < 2 or abs(room - (row[-1].x - row[-2].right)) <= _STEADY_MM * px_per_mm
