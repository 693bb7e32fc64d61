"""Cells that writing parts: the bar of a 7 from one side to the other makes two places of one."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ocr.find.ruling import Ruling
from ocr.geometry import Box, sides_of
from ocr.levels import median_of
from ocr.runs import Bits

_BROADEST_MM = 1.1  # a line between two cells
_OFF = 0.14  # of a cell's sides: a place with a cell nearer than that is taken
_WHOLE = 0.9  # of a cell's side: a part as long is no part that writing made
_WHOLE_LINE = 0.8  # share of a line that is drawn where another box of a row begins
_TOUCHES_PX = 3  # a part whose side is nearer shares the cell's
_ONE_DIGIT_MM = 10.5  # the widest cell that the bar of a digit crosses
_LOOP_MM = 6.0  # a smaller place inside a cell is a loop of writing
_LINE_MM = 0.4  # of a cell's own lines, at its sides
_MOST_INK = 0.65  # share of a cell inside them; dark parts of photographs are ink all over

_SIDES = ((-1, 0), (1, 0), (0, -1), (0, 1))  # left, right, above, below

_Side = tuple[int, int]  # steps across and down


def with_hidden(cells: Sequence[Box], ruling: Ruling, is_drawn: Callable[[Box], bool]) -> list[Box]:
    """Add to cells their neighbours of the same size that are drawn and were not found whole.

    Args:
        cells: Cells of a page.
        ruling: Its lines.
        is_drawn: Whether the four sides of a box are printed lines.

    Returns:
        The cells and those added, without the parts of these, from the top.
    """
    whole = list(cells)
    free = _free_sides(cells, _BROADEST_MM * ruling.px_per_mm)
    asked = [each for side in _SIDES for each in _lined(free[side], side, ruling)]
    for cell, side in asked:  # and those of the added cells
        places = (place for place in _beside(cell, side, ruling) if is_drawn(place))
        place = next((place for place in places if _is_hidden(place, whole, ruling)), None)
        if place:
            whole.append(place)
            asked += [each for its in _SIDES for each in _lined([place], its, ruling)]
    added = whole[len(cells) :]
    kept = [cell for cell in cells if not any(place.has_middle_of(cell) for place in added)]
    return sorted((*kept, *added), key=lambda box: (box.y, box.x))


def _free_sides(cells: Sequence[Box], reach_px: float) -> dict[_Side, list[Box]]:
    """For each side the cells that have no cell of their size beside it."""
    free = {}
    sides = sides_of(cells).T.reshape(2, 2, -1)
    middles, sizes = sides.mean(axis=0), sides[1] - sides[0]  # (2, N) across and down
    own = sizes[:, :, None]
    off = middles[:, None] - middles[:, :, None]  # (2, N, N) of each other one from each
    alike = np.abs(sizes[:, None] - own) < _OFF * own + 2
    for side in _SIDES:
        steps = np.array(side)[:, None, None]
        near = np.abs(off - steps * own) < _OFF * own + np.abs(steps) * reach_px
        taken = (near & alike).all(axis=0).any(axis=1)
        free[side] = [cells[number] for number in np.flatnonzero(~taken).tolist()]
    return free


def _lined(cells: Sequence[Box], side: _Side, ruling: Ruling) -> list[tuple[Box, _Side]]:
    """The cells beyond whose side a line stands as far off as they are wide, and that side."""
    lines, (left, top, right, bottom) = ruling.down, sides_of(cells).T
    if side[1]:
        lines, (top, left, bottom, right) = ruling.across.T, (left, top, right, bottom)
    far = np.where(sum(side) > 0, 2 * right - left - 2, 2 * left - right + 1)
    steps = sum(side) * np.arange(2 * round(_BROADEST_MM * ruling.px_per_mm) + 1)
    rows = ((top + (bottom - top) // 2)[:, None] + (-1, 0, 1)).clip(0, len(lines) - 1)
    columns = (far[:, None] + steps).clip(0, lines.shape[1] - 1)
    seen = lines[rows[:, :, None], columns[:, None]].any(axis=(1, 2))
    return [(cell, side) for cell, it_is in zip(cells, seen.tolist(), strict=True) if it_is]


def _beside(cell: Box, side: _Side, ruling: Ruling) -> Iterator[Box]:
    """Places of that size beyond a cell's side: behind the line there, and behind the next one."""
    reach = round(_BROADEST_MM * ruling.px_per_mm)
    lines, box = ruling.down, cell
    if side[1]:
        lines, box = ruling.across.T, Box(cell.y, cell.x, cell.height, cell.width)
    forward = sum(side) > 0
    near = box.right - 1 if forward else box.x
    shared = _strip(lines, box.y, box.bottom, near, reach if forward else -reach)
    breadths = {max(1, int(median_of(shared.sum(axis=1))))}
    drawn = np.flatnonzero(shared.mean(axis=0) >= _WHOLE_LINE)
    if drawn.size and side[0] and cell.width <= _ONE_DIGIT_MM * ruling.px_per_mm:
        breadths.add(int(drawn[-1] + 1 if forward else shared.shape[1] - drawn[0]))
    for breadth in sorted(breadths):
        step = box.width - 2 + breadth
        yield cell.moved(side[0] * step, side[1] * step)


def _strip(lines: Bits, top: int, bottom: int, column: int, wide: int) -> Bits:
    """Lines in some rows, from a column on by so many columns to the right or, below 0, left."""
    left, right = min(column, column + wide), max(column, column + wide) + 1
    return lines[max(0, top) : bottom, max(0, left) : max(0, right)]


def _is_hidden(place: Box, cells: Sequence[Box], ruling: Ruling) -> bool:
    """Whether a place holds a cell's paper, and no cells but what writing makes of one."""
    edge = round(_LINE_MM * ruling.px_per_mm)
    inside = Box(place.x + edge, place.y + edge, place.width - 2 * edge, place.height - 2 * edge)
    if ruling.ink[inside.slices].mean() > _MOST_INK:
        return False
    parts = [cell for cell in cells if place.has_middle_of(cell)]
    return all(_is_made_by_writing(part, place, ruling.px_per_mm) for part in parts)


def _is_made_by_writing(part: Box, place: Box, px_per_mm: float) -> bool:
    """Whether a part is less than a column of the place, nor a row of one too wide for a digit."""
    if _is_within(part, place) and max(part.width, part.height) >= _LOOP_MM * px_per_mm:
        return False
    wide = place.width > _ONE_DIGIT_MM * px_per_mm and part.width >= _WHOLE * place.width
    return part.height < _WHOLE * place.height and not wide


def _is_within(part: Box, place: Box) -> bool:
    """Whether a part touches no side of a place: it is printed in there."""
    return (
        part.x > place.x + _TOUCHES_PX
        and part.y > place.y + _TOUCHES_PX
        and part.right < place.right - _TOUCHES_PX
        and part.bottom < place.bottom - _TOUCHES_PX
    )
