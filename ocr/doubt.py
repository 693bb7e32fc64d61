"""Writing from which no number may be taken, however sure the readers are of it.

What the networks never see in training, they may be sure of. These rules look at the ink alone.
Limits are measured on 521 courtesy amounts and 6,718 log-book cells, where a rule costs right
readings, and on drawn crops (``python -m bench.hard_crops``), where it catches confident ones:

| rule | right ones lost | wrong ones caught | drawn: confident ones caught |
|---|---|---|---|
| two_lines | 3 | 5 | 36 of 40 caught, none confident |
| struck_out | 6 | 2 | 6 of 6 (n = 150) |
| overwritten | 6 | 0 | 32 of 45 (n = 250) |

No rule tells a number on its head: asked of digits and of the same digits turned, the digit network
parts 65 turned log-book cells from 346 upright ones too badly to judge by. Their low confidence has
to do.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from ocr.arrays import Strokes
from ocr.decode import Part
from ocr.geometry import Box
from ocr.lattice import Lattice
from ocr.prepare import FieldInk
from ocr.strike import is_struck_out

DOUBTED = 0.1  # share of its confidence that is left; no threshold is as low (`ocr/budget.py`)

_TALL = 0.5  # of the digit height: what counts as a line's writing
_STACKED = 0.4  # of the writing's width
_FEWEST_STACKED = 3  # pieces: a broken digit gives two
_STACKED_FROM = 0.4  # of the writing's width: a fraction behind an amount stands further right
_ASIDE = 0.4  # of the narrower piece: so much of it stands above or below the other
_OVERLAP = 0.15  # of the digit height: lines of writing may reach into each other

_FULL_INK = 235  # stroke level: what is left of security print is lighter
_HOLE = 0.01  # of the digit height, squared: smaller ones are flaws of the pen
_MOST_HOLES = {"8": 2}  # of a digit; one of every other: loops of 2, closed 4 and 5


def doubt(ink: FieldInk, digits: Sequence[Part]) -> str:
    """Why no number may be taken from a field.

    Args:
        ink: The field.
        digits: What was read as digits; empty if the line reader alone has read them.

    Returns:
        ``two_lines``, ``struck_out`` or ``overwritten``; empty if there is no doubt.
    """
    lattice = ink.lattice
    if not ink.cells and is_two_lines(lattice):
        return "two_lines"
    if ink.written and is_struck_out(ink.crop, ink.written, lattice.digit_height_px / ink.scale):
        return "struck_out"
    if is_overwritten(lattice, digits):
        return "overwritten"
    return ""


def is_two_lines(lattice: Lattice) -> bool:
    """Whether much of the writing stands above other writing."""
    digit_px = lattice.digit_height_px
    boxes = [atom.box for atom in lattice.atoms if atom.box.height >= _TALL * digit_px]
    stacked = [box for box in boxes if any(_above(box, other, digit_px) for other in boxes)]
    if len(stacked) < _FEWEST_STACKED:
        return False
    left, right = min(box.x for box in boxes), max(box.right for box in boxes)
    starts = min(box.x for box in stacked) - left <= _STACKED_FROM * (right - left)
    share = sum(box.width for box in stacked) / sum(box.width for box in boxes)
    return starts and share >= _STACKED


def _above(one: Box, other: Box, digit_px: float) -> bool:
    """Whether one of two pieces stands above the other."""
    common = min(one.right, other.right) - max(one.x, other.x)
    apart = max(one.y - other.bottom, other.y - one.bottom) >= -_OVERLAP * digit_px
    return apart and common >= _ASIDE * min(one.width, other.width)


def is_overwritten(lattice: Lattice, digits: Sequence[Part]) -> bool:
    """Whether a digit has more holes than any way of writing it: others are written over it."""
    candidates = {candidate.box: candidate for candidate in lattice.candidates}
    smallest = _HOLE * lattice.digit_height_px**2
    return any(
        _holes(lattice.strokes_of(candidates[digit.box]), smallest) > _MOST_HOLES.get(digit.text, 1)
        for digit in digits
        if digit.box in candidates
    )


def _holes(strokes: Strokes, smallest_px: float) -> int:
    """Number of holes in full ink."""
    paper = np.pad(strokes < _FULL_INK, 1, constant_values=True).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(paper, connectivity=4)
    outside = int(labels[0, 0])
    return sum(
        stats[label, cv2.CC_STAT_AREA] > smallest_px
        for label in range(1, count)
        if label != outside
    )
