"""Strokes that strike writing out: straight, as long as the writing, and crossing its strokes.

Looked for in the scan itself: cleaning takes a level stroke through a number for a ruled line.
"""

from functools import lru_cache
from math import cos, radians, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Ink
from ocr.clean import Darkness
from ocr.components import labelled
from ocr.geometry import Box
from ocr.levels import percentiles_of
from ocr.scaling import scaled

_DIGIT_PX = 32  # height of a digit when strokes are looked for: pens are 3 to 4 pixels wide
_LONGEST_PX = 720  # of the picture looked at
_LEVEL = 0.55  # of full ink
_FULL_PERCENTILE = 95  # of the writing's box
_STRAIGHT = 1.15  # of the digit height: longer than the bars of digits
_SPAN = 0.9  # of the writing's width: shorter ones are a digit's own bar, in a number of two digits
_STEEPEST_DEG = 42  # steeper ones are slashes and digits
_STEP_DEG = 6
_BESIDE = 0.15  # of the digit height, above and below the stroke: where crossed strokes go on
_EDGE = 0.15  # of the writing's height: nearer to its top or bottom a stroke is a rule
_FEWEST_CROSSED = 2
_NEAR = 0.1  # of the digit height, above and below the writing: where its strokes are


def is_struck_out(darkness: Darkness, written: Box, digit_px: float) -> bool:
    """Whether a long straight stroke runs through the writing.

    A dash or a rule has writing at one side at most, and a fraction's bar is not touched.

    Args:
        darkness: Of a crop, with what looks like a rule in it.
        written: Where it has writing.
        digit_px: Height of a digit in it.
    """
    left = max(0, round(written.x - digit_px))
    near = darkness[:, left : round(written.right + digit_px)]
    scale = min(_DIGIT_PX / max(digit_px, 1.0), _LONGEST_PX / near.shape[1])
    x, y = round((written.x - left) * scale), round(written.y * scale)
    width, height = round(written.width * scale), round(written.height * scale)
    box = Box(x, y, max(1, width), max(1, height))
    ink = _ink(scaled(near, scale), box)
    if not _has_long_run(ink, box, digit_px * scale):
        return False
    beside = max(3, round(_BESIDE * digit_px * scale))
    return any(
        _crossed(ink, stroke, beside) >= _FEWEST_CROSSED
        for line in _lines(max(8, round(_STRAIGHT * digit_px * scale)))
        for stroke in _strokes(ink, line, box)
    )


def _ink(darkness: Darkness, box: Box) -> NDArray[np.uint8]:
    """Pixels (0 or 1) that are clearly dark beside the writing's full ink."""
    inside = darkness[box.slices]
    (full,) = percentiles_of(inside, (_FULL_PERCENTILE,)) if inside.size else (0.0,)
    return (darkness > max(1.0, _LEVEL * full)).astype(np.uint8)


def _has_long_run(ink: NDArray[np.uint8], box: Box, digit_px: float) -> bool:
    """Whether so many columns in a row have ink that a stroke may strike the writing out."""
    rows = slice(max(0, round(box.y - _NEAR * digit_px)), round(box.bottom + _NEAR * digit_px))
    gaps = np.flatnonzero(~np.pad(ink[rows].any(axis=0), 1))
    return bool(np.diff(gaps).max() > _SPAN * box.width)


@lru_cache(maxsize=8)
def _lines(length_px: int) -> tuple[NDArray[np.uint8], ...]:
    """Pictures of straight lines, from falling to rising."""
    angles = range(-_STEEPEST_DEG, _STEEPEST_DEG + 1, _STEP_DEG)
    return tuple(_line(length_px, radians(angle)) for angle in angles)


def _line(length_px: int, angle: float) -> NDArray[np.uint8]:
    across, down = cos(angle) * length_px / 2, sin(angle) * length_px / 2
    middle = round(across), round(abs(down))
    picture = np.zeros((2 * middle[1] + 1, 2 * middle[0] + 1), np.uint8)
    start = (round(middle[0] - across), round(middle[1] - down))
    cv2.line(picture, start, (round(middle[0] + across), round(middle[1] + down)), (1,))
    return picture


def _strokes(ink: NDArray[np.uint8], line: NDArray[np.uint8], box: Box) -> list[Ink]:
    """The straight strokes of one direction that run through the middle of the writing."""
    runs = cv2.morphologyEx(
        ink, cv2.MORPH_OPEN, line, borderType=cv2.BORDER_CONSTANT, borderValue=(0.0,)
    )
    shortest = _SPAN * box.width
    if np.count_nonzero(cv2.reduce(runs, 0, cv2.REDUCE_MAX)) < shortest:
        return []  # labelling them costs more than all the rest
    labels, stats, middles = labelled(np.asarray(runs, np.uint8))
    top, bottom = box.y + _EDGE * box.height, box.bottom - _EDGE * box.height
    return [
        np.asarray(labels == label)
        for label in range(1, len(stats))
        if stats[label, cv2.CC_STAT_WIDTH] >= shortest and top < middles[label][1] < bottom
    ]


def _crossed(ink: NDArray[np.uint8], stroke: Ink, beside: int) -> int:
    """How many strokes of writing go on at both sides of a stroke."""
    columns = np.flatnonzero(stroke.any(axis=0))
    top = stroke.argmax(axis=0)[columns]
    bottom = stroke.shape[0] - 1 - stroke[::-1].argmax(axis=0)[columns]
    rows = (top + bottom) / 2
    straight = np.rint(np.polyval(np.polyfit(columns, rows, 1), columns)).astype(int)
    upper = _met(ink, columns, straight - beside)
    lower = _met(ink, columns, straight + beside)
    if not lower.size:
        return 0
    near = np.abs(upper[:, None] - lower[None, :]).min(axis=1, initial=np.inf) <= 1.6 * beside
    return min(int(near.sum()), lower.size)


def _met(
    ink: NDArray[np.uint8], columns: NDArray[np.intp], rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Middles of the strokes that a path meets, as places along it."""
    inside = (rows >= 0) & (rows < ink.shape[0])
    met = np.where(inside, ink[rows.clip(0, ink.shape[0] - 1), columns], 0).astype(np.int8)
    steps = np.diff(met, prepend=0, append=0)
    return (np.flatnonzero(steps == 1) + np.flatnonzero(steps == -1)) / 2
