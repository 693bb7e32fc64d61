"""Room between square brackets, ``[      ]``, set by a printer in the size of the digits."""

from collections.abc import Iterator, Sequence

from ocr.arrays import Ink
from ocr.components import outer_boxes
from ocr.find.ruling import Ruling
from ocr.geometry import Box, middles_in

_TALL_MM = (3.5, 14.0)
_BROADEST_MM = 1.6  # of the upright stroke
_FOOT_MM = 0.35  # how far top and bottom of a bracket reach past its stroke, and a frame further
_FEET_MM = 1.0  # how far they usually do
_FRAME_MM = 4.0
_APART_MM = (8.0, 130.0)  # nearer ones are a box to tick
_LEVEL = 0.12  # of their height: how far two brackets may differ
_CLEAR = 0.6  # share of its height, in the middle, where a bracket has nothing beside it
_BESIDE_PX = 2
_END_MM = 0.7  # of the stroke at each end: the foot is there


def rooms_in_brackets(ruling: Ruling, taken: Sequence[Box]) -> Iterator[Box]:
    """The places between a left bracket and the next right one, where nothing else is printed.

    Args:
        ruling: The lines of a page.
        taken: Places found already.
    """
    strokes = list(_strokes(ruling))
    strokes = [
        stroke
        for stroke, within in zip(strokes, middles_in(strokes, taken), strict=True)
        if not within and _is_clear(ruling.ink, stroke)
    ]
    left = [box for box in strokes if _is_bracket(ruling.ink, box, 1, ruling.px_per_mm)]
    if not left:
        return
    right = [box for box in strokes if _is_bracket(ruling.ink, box, -1, ruling.px_per_mm)]
    least, most = (side * ruling.px_per_mm for side in _APART_MM)
    for one in left:
        level = [
            box
            for box in (*left, *right)
            if box.x > one.right
            and abs(box.y - one.y) <= _LEVEL * one.height
            and abs(box.bottom - one.bottom) <= _LEVEL * one.height
        ]
        other = min(level, key=lambda box: box.x, default=None)
        if other not in right or other is None or not least <= other.x - one.right <= most:
            continue
        inside = round(_FEET_MM * ruling.px_per_mm)  # strokes and feet would be read as digits
        room = Box(one.right + inside, one.y, other.x - one.right - 2 * inside, one.height)
        if not any(room.has_middle_of(box) or box.has_middle_of(room) for box in taken):
            yield room


def _strokes(ruling: Ruling) -> Iterator[Box]:
    """Lines down that are as tall and broad as a bracket's."""
    least, most = (side * ruling.px_per_mm for side in _TALL_MM)
    for box in outer_boxes(ruling.down):
        if least <= box.height <= most and box.width <= _BROADEST_MM * ruling.px_per_mm:
            yield box


def _is_bracket(ink: Ink, stroke: Box, side: int, px_per_mm: float) -> bool:
    """Whether a stroke has feet at both ends, short ones, on that side."""
    foot, frame, end = (max(1, round(mm * px_per_mm)) for mm in (_FOOT_MM, _FRAME_MM, _END_MM))
    inner, outer = (stroke.right, stroke.x - 1) if side > 0 else (stroke.x - 1, stroke.right)
    columns = (outer - side, inner + side * frame)
    if min(columns) < 0 or max(columns) >= ink.shape[1]:
        return False
    beside = slice(inner, inner + foot) if side > 0 else slice(inner - foot + 1, inner + 1)
    ends = (
        slice(max(0, stroke.y - 1), stroke.y + end),
        slice(stroke.bottom - end, stroke.bottom + 1),
    )
    if not all(ink[rows, beside].any(axis=0).all() for rows in ends):
        return False
    return not any(ink[rows, inner + side * frame].any() for rows in ends)


def _is_clear(ink: Ink, stroke: Box) -> bool:
    """Whether a stroke has nothing beside it in the middle of its height."""
    left, right = stroke.x - _BESIDE_PX, stroke.right - 1 + _BESIDE_PX
    if left < 0 or right >= ink.shape[1]:
        return False
    cut = round((1 - _CLEAR) / 2 * stroke.height)
    return not ink[stroke.y + cut : stroke.bottom - cut, [left, right]].any()
