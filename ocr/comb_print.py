"""Print that is left of a comb once its lines are taken out: ticks, boxes, marks between groups.

A comb's cells may be parted by ticks that stand on its lower rule, or be boxes of their own, beside
the lines that a form's even cells say. Written digits stand in the middle of cells, and none fills
three sides of its bounding box as a drawn box does: a zero leaves the corners out.
"""

from collections.abc import Sequence
from itertools import pairwise

from ocr.arrays import Ink
from ocr.geometry import Box

# Shares of the height of the cells:
_TICK = 0.14  # a tick is no wider,
_BESIDE = 0.12  # its middle no further from a cell's side,
_EDGE = 0.2  # and its foot or head no further from the cells' edge
_TICK_HEIGHT = 0.25  # lower ones are dirt
_ALIKE = 0.08  # boxes differ by less in place and size

_WIDE = 0.7  # of a cell's width: a box
_HOLLOW = 0.45  # share of its box that a printed box inks
_RIM, _DRAWN = 0.08, 0.65  # of a box's size: so near to a side it has ink along so much of it
_FEWEST_SIDES = 3  # what was taken out as a rule may have taken the fourth
_FEWEST_BOXES = 2  # for a digit each

# Shares of the width of cells:
_GROUP = 1.6  # a box of several cells
_WIDER = 0.2  # the gap between two groups than that between cells
_OVERSHOOT = 0.04  # of a digit's middle out of its cell


def are_print(boxes: Sequence[Box], inks: Sequence[Ink], cells: Sequence[Box]) -> list[bool]:
    """For each component of a comb whether it is print.

    Args:
        boxes: Their bounding boxes.
        inks: Their ink, each within its bounding box.
        cells: The comb's cells.
    """
    hollow = [
        box
        for box, ink in zip(boxes, inks, strict=True)
        if box.width >= _WIDE * cells[0].width
        and box.height >= _WIDE * cells[0].height
        and _is_drawn_box(ink)
    ]
    sides = sorted({side for cell in cells for side in (cell.x, cell.right)})
    gaps = _between_groups(cells)
    return [
        any(left < box.x + box.width / 2 < right for left, right in gaps)
        or _is_tick(box, sides, cells[0])
        or (
            box in hollow
            and (
                box.width >= _GROUP * cells[0].width
                or sum(_alike(box, o, cells[0]) for o in hollow) >= _FEWEST_BOXES
            )
        )
        for box in boxes
    ]


def _between_groups(cells: Sequence[Box]) -> list[tuple[float, float]]:
    """The gaps between groups of cells, wider than others, but for what digits may reach into."""
    gaps = [(left.right, right.x) for left, right in pairwise(cells)]
    narrow = min((right - left for left, right in gaps), default=0)
    overshoot = _OVERSHOOT * cells[0].width
    return [
        (left + overshoot, right - overshoot)
        for left, right in gaps
        if right - left - narrow >= _WIDER * cells[0].width
    ]


def _is_drawn_box(ink: Ink) -> bool:
    """Whether ink lies along three sides or four, and little within."""
    down, across = (max(1, round(_RIM * side)) for side in ink.shape)
    sides = (ink[:down], ink[-down:], ink[:, :across].T, ink[:, -across:].T)
    drawn = [side.any(axis=0).mean() >= _DRAWN for side in sides]
    return bool(ink.mean() <= _HOLLOW and sum(drawn) >= _FEWEST_SIDES)


def _is_tick(box: Box, sides: Sequence[int], cell: Box) -> bool:
    height = cell.height
    beside = min(abs(box.x + box.width / 2 - side) for side in sides)
    edge = min(abs(box.bottom - cell.bottom), abs(box.y - cell.y))
    return (
        box.width <= _TICK * height
        and box.height >= _TICK_HEIGHT * height
        and beside <= _BESIDE * height
        and edge <= _EDGE * height
    )


def _alike(box: Box, other: Box, cell: Box) -> bool:
    off = (box.y - other.y, box.height - other.height, box.width - other.width)
    return max(map(abs, off)) <= _ALIKE * cell.height
