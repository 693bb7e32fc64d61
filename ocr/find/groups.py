"""Groups of cells that make one number: a date's, whole and cents, those of a telephone number.

Two places side by side are mostly two fields. One field they are only where that is beyond doubt:
cells of one size at one pitch, and a printed slash or dash in every gap, a point before two cells
for cents, or the cells of a date.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

import numpy as np

from ocr.arrays import Ink
from ocr.components import component_boxes
from ocr.find.combs import Row
from ocr.geometry import Box, around

_GAP = (0.2, 0.85)  # of the pitch, beyond the room between cells; in more another may be
_SAME = 0.12  # of the pitch: how far cells of two groups may differ, and the gaps between them
_LEVEL = 0.12  # of the height: how far their tops and bottoms may differ
_DATES = {(2, 2, 4), (4, 2, 2)}  # cells of day, month and year
_SHORT_DATE = (2, 2, 2)  # the same without the century; points part no cents there
_MARK = (0.05, 0.9)  # of the height of cells: a point is as small, a side of a frame is more
_LOW = 0.68  # of the height: a mark below is a point or a comma
_CENTS = 2  # cells behind a point
_EDGE = 0.08  # of the height, at top and bottom: corners of frames
_BESIDE = 0.2  # of a gap, at either side: the sides of frames

_Chain = list[Row]  # rows of cells as near one another, from left to right


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows of cells that make one number.

    Attributes:
        rows: From left to right; often one.
        has_cents: Whether a printed point parts two cells from the others.
    """

    rows: tuple[Row, ...]
    has_cents: bool = False


class _Mark(Enum):
    """What is printed between two groups."""

    POINT = "point"
    STROKE = "stroke"  # a slash or a dash


def groups_of_numbers(rows: Sequence[Row], ink: Ink) -> list[Groups]:
    """Rows of cells, those together that make one number.

    Args:
        rows: Combs or rows of boxes.
        ink: The page.
    """
    chains: list[_Chain] = []
    for row in sorted(rows, key=lambda row: row[0].x):
        before = next((chain for chain in chains if _goes_on(chain, row)), None)
        if before:
            before.append(row)
        else:
            chains.append([row])
    return [groups for chain in chains for groups in _of_numbers(chain, ink)]


def _of_numbers(chain: _Chain, ink: Ink) -> list[Groups]:
    sizes = tuple(map(len, chain))
    marks = [_mark(left[-1], right[0], ink) for left, right in pairwise(chain)]
    has_cents = sizes[-1] == _CENTS and sizes != _SHORT_DATE and marks[-1:] == [_Mark.POINT]
    strokes = marks[:-1] if has_cents else marks
    is_number = bool(marks) and all(mark is _Mark.STROKE for mark in strokes)
    is_date = sizes in _DATES or (sizes == _SHORT_DATE and all(marks))
    if is_number or is_date:
        return [Groups(tuple(chain), has_cents)]
    return [Groups((row,)) for row in chain]


def _goes_on(chain: _Chain, row: Row) -> bool:
    """Whether a row has the cells of those before, as far from the last as they are."""
    last, gap = chain[-1], row[0].x - chain[-1][-1].right
    pitches = [row[1].x - row[0].x for row in (last, row) if len(row) > 1]
    if len(pitches) < 2:
        return False
    pitch = min(pitches)
    gaps = [right[0].x - left[-1].right for left, right in pairwise(chain)]
    between = pitch - last[0].width
    least, most = (between + share * pitch for share in _GAP)
    as_near = all(abs(gap - other) <= 2 * _SAME * pitch for other in gaps)
    if not (least <= gap <= most and max(pitches) - pitch <= _SAME * pitch and as_near):
        return False
    left, right = around(last), around(row)
    off = max(abs(left.y - right.y), abs(left.bottom - right.bottom))
    return off <= _LEVEL * left.height


def _mark(left: Box, right: Box, ink: Ink) -> _Mark | None:
    """What is printed between two cells, if it is one sign."""
    tall = left.height
    top, bottom = round(left.y + _EDGE * tall), round(left.bottom - _EDGE * tall)
    side = round(_BESIDE * (right.x - left.right))
    gap = np.ascontiguousarray(ink[top:bottom, left.right + side : right.x - side])
    least, most = (share * tall for share in _MARK)
    marks = [box for box in component_boxes(gap).tolist() if max(box[2:]) >= least]
    if len(marks) != 1 or max(marks[0][2:]) > most:
        return None
    (_, y, _, high) = marks[0]
    return _Mark.POINT if y + high / 2 > _LOW * tall else _Mark.STROKE
