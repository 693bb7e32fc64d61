"""Places that are less than their field: writing goes on beside them where no other place is.

Of a comb with light or broken lines some cells may not be seen. A number without its first or last
digits looks as good as a whole one, so whether it is one is asked of the ink alone.
"""

from collections.abc import Sequence

import numpy as np

from ocr.arrays import Ink
from ocr.components import component_boxes
from ocr.find.combs import CELL_MM
from ocr.geometry import Box

_FROM, _TO = 0.1, 1.05  # of the pitch: how far off the next digit is looked for
_NEXT = 1.3  # of the pitch: a box alone that begins nearer is its next cell, or the one behind
_TOUCHING = 0.5  # of the pitch: nearer is the same cell, or the next
_INNER = 0.1  # of the height, above and below, that belongs to lines
_TALL = 0.45  # of the height: as tall as a digit; labels are lower
_AS_TALL = 0.8  # of the height: a lower place is what writing makes of a cell
_LINE = 0.2  # of the pitch: what is narrower and runs through is a line down
_WIDEST = 1.45  # times its height: a wider place is for more than one digit
_ALIKE = 0.2  # of the height: how far two places for one digit may differ


def is_cut_short(
    box: Box, cells: Sequence[Box], others: Sequence[Box], ink: Ink, px_mm: float
) -> bool:
    """Whether a place for single digits goes on beside it.

    Args:
        box: The place.
        cells: Its cells; none if it is one box.
        others: All other places and cells of the page.
        ink: The page.
        px_mm: Its scale in pixels per millimetre.

    Returns:
        False for a place for a whole number: its sides are its own.
    """
    if not cells and not _is_for_one_digit(box, px_mm):
        return False
    first = cells[0] if cells else box
    pitch = cells[1].x - first.x if len(cells) > 1 else box.width
    level = [other for other in others if _is_level(box, other)]
    return any(
        _has_next_cell(box, first, pitch, side, level)
        or _has_writing_beside(box, pitch, side, level, ink)
        for side in (-1, 1)
    )


def _is_for_one_digit(box: Box, px_mm: float) -> bool:
    return box.width <= min(CELL_MM[1] * px_mm, _WIDEST * box.height)


def _is_level(box: Box, other: Box) -> bool:
    """Whether another place stands beside one, wholly or in part."""
    middle = box.y + box.height / 2
    return other.y < middle < other.bottom


def _has_next_cell(box: Box, cell: Box, pitch: int, side: int, level: Sequence[Box]) -> bool:
    """Whether a box of a cell's size stands beside a place, or one cell further.

    Of boxes that writing parts one side is left; a narrower one as near is part of a cell.
    """
    reach = _ALIKE * cell.height
    for other in level:
        room = _room(box, other, side)
        is_level = min(abs(box.y - other.y), abs(box.bottom - other.bottom)) <= reach
        wider = other.width - cell.width
        narrowest = -pitch if room <= _TOUCHING * pitch else -reach
        if is_level and -_FROM * pitch <= room <= _NEXT * pitch and narrowest <= wider <= reach:
            return True
    return False


def _has_writing_beside(box: Box, pitch: int, side: int, level: Sequence[Box], ink: Ink) -> bool:
    """Whether anything as tall as a digit stands beside a place, and that is no other place."""
    for other in level:
        is_next = -_FROM * pitch <= _room(box, other, side) <= pitch
        if is_next and other.height >= _AS_TALL * box.height:
            return False
    edge = box.right if side > 0 else box.x
    near, far = sorted((edge + side * _FROM * pitch, edge + side * _TO * pitch))
    left, right = max(0, round(near)), min(ink.shape[1], round(far))
    margin = round(_INNER * box.height)
    zone = np.ascontiguousarray(ink[box.y + margin : box.bottom - margin, left : max(left, right)])
    return any(
        height >= _TALL * box.height and (height < len(zone) or width > _LINE * pitch)
        for _, _, width, height in component_boxes(zone).tolist()
    )


def _room(box: Box, other: Box, side: int) -> int:
    """Between a place and another on that side of it; below 0 if that is on the other side."""
    return other.x - box.right if side > 0 else box.x - other.right
