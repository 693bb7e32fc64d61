"""Captions: small print in the upper part of a box, over the room to write in."""

import numpy as np

from ocr.arrays import Ink
from ocr.components import component_boxes
from ocr.geometry import Box

_LEAST_MM = 8.5  # height of a box that has room for both
_EDGE_MM = 0.6  # of the box's own lines, and what is left of them
_TOP_MM = 2.2  # a caption begins no lower
_TALL_MM = (0.8, 2.9)  # height of its letters, descenders included; digits are taller
_ON_BASE = 70  # per cent of letters have no descender; one may reach as low as the digits' tops
_APART_MM = 0.15  # blank paper below it
_ROOM_MM = 5.0  # for digits below


def below_caption(ink: Ink, box: Box, px_per_mm: float) -> Box:
    """The box, or what is below the caption in it.

    Args:
        ink: The page.
        box: A box, its lines included.
        px_per_mm: Scale of the page.
    """
    if box.height < _LEAST_MM * px_per_mm:
        return box
    edge = round(_EDGE_MM * px_per_mm)
    inner = Box(box.x + edge, box.y + edge, box.width - 2 * edge, box.height - 2 * edge)
    parts = component_boxes(np.ascontiguousarray(ink[inner.slices]))
    tops, bottoms = parts[:, 1], parts[:, 1] + parts[:, 3]
    least, most = (side * px_per_mm for side in _TALL_MM)
    small = (tops <= _TOP_MM * px_per_mm) & (bottoms - tops <= most)
    if not small.any():
        return box
    base = float(np.percentile(bottoms[small], _ON_BASE))
    first = int(tops[~small].min(initial=inner.height))
    off = edge + min(first, int(bottoms[small].max()) + 1)
    is_caption = base - tops[small].min() >= least and first - base >= _APART_MM * px_per_mm
    if not is_caption or box.height - off < _ROOM_MM * px_per_mm:
        return box
    return Box(box.x, box.y + off, box.width, box.height - off)
