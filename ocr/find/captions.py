"""Captions: small print in the upper part of a box, over the room to write in."""

import cv2
import numpy as np

from ocr.arrays import Ink
from ocr.geometry import Box
from ocr.runs import runs_of

_LEAST_MM = 8.5  # height of a box that has room for both
_EDGE_MM = 0.6  # of the box's own lines, and what is left of them
_TOP_MM = 2.2  # a caption begins no lower
_TALL_MM = (0.8, 2.9)  # height of its letters, descenders included; digits are taller
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
    inner = ink[box.y + edge : box.bottom - edge, box.x + edge : box.right - edge].view(np.uint8)
    lines = runs_of(np.asarray(cv2.reduce(inner, 1, cv2.REDUCE_MAX)[:, 0] > 0))
    if not lines:
        return box
    (top, bottom), *others = lines
    least, most = (side * px_per_mm for side in _TALL_MM)
    gap = max(1, round(_APART_MM * px_per_mm))
    is_caption = (
        top <= _TOP_MM * px_per_mm
        and least <= bottom - top <= most
        and (not others or others[0][0] - bottom >= gap)
    )
    off = edge + bottom + gap // 2
    if not is_caption or box.height - off < _ROOM_MM * px_per_mm:
        return box
    return Box(box.x, box.y + off, box.width, box.height - off)
