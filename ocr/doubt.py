"""Writing from which no number may be taken, however sure the readers are of it.

What the networks never see in training, they may be sure of. These rules look at the ink alone.
Limits are measured on 521 courtesy amounts and 6,718 log-book cells, where a rule costs right
readings, and on drawn crops (``python -m bench.hard_crops``), where it catches confident ones:

| rule | right ones lost | wrong ones caught | drawn: confident ones caught |
|---|---|---|---|
| two_lines | 3 | 5 | 36 of 40 caught, none confident |
| struck_out | 6 | 2 | 6 of 6 (n = 150) |
| overwritten, by its holes | 6 | 0 | 32 of 45 (n = 250) |
| overwritten, by a blot | 1 | 0 | 12 of 21 (n = 300) |

The blot's figures are of 521 amounts and 2,000 cells, and of what would be accepted; pens are broad
enough in 27 of those 832 fields. Nothing else told drawn overwritten digits from real well-formed
ones: neither holes, ends and crossings of the skeleton, nor how surely the digit network reads the
digit when it is sheared, thinned or cut.

No rule tells a number on its head: asked of digits and of the same digits turned, the digit network
parts 65 turned log-book cells from 346 upright ones too badly to judge by. Their low confidence has
to do.
"""

from collections.abc import Sequence
from itertools import compress

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Ink, Strokes
from ocr.clean import stroke_width_px
from ocr.decode import Part
from ocr.geometry import Box
from ocr.lattice import Lattice
from ocr.prepare import FieldInk
from ocr.strike import is_struck_out

TWO_LINES = "two_lines"
STRUCK_OUT = "struck_out"
CUT_SHORT = "cut_short"  # the place found is less than the field
OVERWRITTEN = "overwritten"  # in doubt which digits it is, not whether it is a number
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

_STROKE = 128  # stroke level inside a stroke's edge
_SEEN_PEN_PX = 4.0  # in the crop: of thinner strokes, a loop run full looks like a blot
_BLOT = 1.6  # of the pen's width: strokes beside one another, or crossing at a small angle
_EVEN = 1.45  # the same: crossings and bends of all other digits stay below


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
        return TWO_LINES
    if ink.inked and is_struck_out(ink.darkness, ink.inked, lattice.digit_height_px):
        return STRUCK_OUT
    strokes = _strokes_of(lattice, digits)
    smallest = _HOLE * lattice.digit_height_px**2
    if has_odd_holes(strokes, digits, smallest) or has_blot(strokes, _SEEN_PEN_PX * ink.scale):
        return OVERWRITTEN
    return ""


def left_by_overwriting(reason: str) -> float:
    """Share of a confidence that being overwritten has left: which digits it is, not whether."""
    return DOUBTED if OVERWRITTEN in reason.split() else 1.0


def is_two_lines(lattice: Lattice) -> bool:
    """Whether much of the writing stands above other writing."""
    digit_px = lattice.digit_height_px
    boxes = [atom.box for atom in lattice.atoms if atom.box.height >= _TALL * digit_px]
    stacked = list(compress(boxes, _are_stacked(boxes, digit_px)))
    if len(stacked) < _FEWEST_STACKED:
        return False
    left, right = min(box.x for box in boxes), max(box.right for box in boxes)
    starts = min(box.x for box in stacked) - left <= _STACKED_FROM * (right - left)
    share = sum(box.width for box in stacked) / sum(box.width for box in boxes)
    return starts and share >= _STACKED


def _are_stacked(boxes: Sequence[Box], digit_px: float) -> NDArray[np.bool_]:
    """(boxes,) whether each piece stands above or below another."""
    sides = np.array([(box.x, box.right, box.y, box.bottom, box.width) for box in boxes])
    left, right, top, bottom, width = sides.reshape(-1, 5).T[:, :, None]
    common = np.minimum(right, right.T) - np.maximum(left, left.T)
    apart = np.maximum(top - bottom.T, top.T - bottom) >= -_OVERLAP * digit_px
    return np.asarray((apart & (common >= _ASIDE * np.minimum(width, width.T))).any(axis=1))


def _strokes_of(lattice: Lattice, digits: Sequence[Part]) -> list[Strokes]:
    """The strokes of each digit, in their order."""
    candidates = {candidate.box: candidate for candidate in lattice.candidates}
    return [lattice.strokes_of(candidates[digit.box]) for digit in digits]


def has_odd_holes(strokes: Sequence[Strokes], digits: Sequence[Part], smallest: float) -> bool:
    """Whether a digit has more holes than any way of writing it: others are written over it.

    Args:
        strokes: Of each digit.
        digits: What each is.
        smallest: Pixels of a hole that counts.
    """
    return any(
        _holes(own, smallest) > _MOST_HOLES.get(digit.text, 1)
        for own, digit in zip(strokes, digits, strict=True)
    )


def has_blot(strokes: Sequence[Strokes], thinnest_pen_px: float) -> bool:
    """Whether one digit is much broader somewhere than an even pen writes all others.

    Two digits on one place share strokes that do not quite cover one another.

    Args:
        strokes: Of each digit; of one alone nothing tells how even its pen is.
        thinnest_pen_px: Of a thinner pen nothing is said.
    """
    if len(strokes) < 2:
        return False
    inks = [np.asarray(own >= _STROKE) for own in strokes]
    *_, next_px, most_px = sorted(map(_broadest_px, inks))
    if most_px < _BLOT * max(thinnest_pen_px, next_px / _EVEN):
        return False  # nearly always, before anything is measured that takes time
    pen_px = float(np.median([stroke_width_px(ink) for ink in inks]))
    return pen_px >= thinnest_pen_px and next_px <= _EVEN * pen_px and most_px >= _BLOT * pen_px


def _broadest_px(ink: Ink) -> float:
    """Greatest breadth of strokes."""
    paper = cv2.copyMakeBorder(ink.view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    return 2.0 * float(cv2.distanceTransform(paper, cv2.DIST_L2, 5).max())


def _holes(strokes: Strokes, smallest_px: float) -> int:
    """Number of holes in full ink."""
    light = (strokes < _FULL_INK).view(np.uint8)
    paper = cv2.copyMakeBorder(light, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=(1,))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(paper, connectivity=4)
    outside = int(labels[0, 0])
    return sum(
        stats[label, cv2.CC_STAT_AREA] > smallest_px
        for label in range(1, count)
        if label != outside
    )
