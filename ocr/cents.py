"""Cents that stand apart: small and raised behind the whole units, or over a bar.

``1,234`` with a raised 50, the same underlined, 50 over a bar over 100 or ``xx``, a small
``50/100``. Who reads that as one line takes the cents for digits of the whole and makes the amount
a hundred times too large; so they are parted by their size and place and read by themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np

from ocr.arrays import Ink
from ocr.components import labelled
from ocr.geometry import Box
from ocr.lattice import Lattice
from ocr.prepare import FieldInk
from ocr.segment import segment

# Shares of the height of a whole unit's digit. Set on drawn amounts (``python -m bench.amounts``);
# of 521 courtesy amounts without cents 23 look as if they had some, and none of these is read so.
_TALL = 0.6  # digits of the whole; lower ones are marks
_SMALLEST, _LARGEST = 0.25, 0.75  # heights of small digits; lower ones are marks
_RAISED = 0.28  # so far above the foot of the whole they end
_AT_TOP = 0.3  # as far from its top they begin
_BAR = 0.55  # a bar is longer than the strokes of small digits
_NEAR = 0.3  # as far below the digits on it a bar may be
_OVER = 0.2  # as far beside the bar they may reach

_ALIKE = 0.6  # of the height of the first of the small digits
_TOUCHING = 0.95  # width over height of two digits that touch
_FRACTION_PIECES = 4  # of a fraction in one line: two digits, a slash, ``xx``
_PAPER_PX = 12  # around parted writing


@dataclass(frozen=True, slots=True, eq=False)
class Parted:
    """An amount whose cents stand apart.

    Attributes:
        whole: The whole units.
        cents: The small writing; where there is a bar, what stands over it.
        barred: Whether there is one.
    """

    whole: FieldInk
    cents: FieldInk
    barred: bool


def part_cents(ink: FieldInk) -> Parted | None:
    """Part small, raised cents from the whole units; None where there are none."""
    pieces = _pieces(ink.lattice.labels > 0)
    for count in range(1, len(pieces)):
        whole, rest = pieces[:count], pieces[count:]
        units = _measured([piece.box for piece in whole])
        if units is None or any(units.share(piece.box.height) > _LARGEST for piece in rest):
            continue
        on_bar = _on_bar(units, _together(ink.lattice, rest))
        if on_bar or _is_raised_line(units, rest):
            small = _alone(ink.lattice, on_bar or rest)
            return Parted(_alone(ink.lattice, whole), small, bool(on_bar))
    return None


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """A connected component."""

    mask: Ink  # in `box`
    box: Box


@dataclass(frozen=True, slots=True)
class _Units:
    """Where the digits of the whole units stand, in pixels of the lattice."""

    digit_px: float
    top: float
    foot: float

    def share(self, length_px: float) -> float:
        return length_px / self.digit_px

    def are_two_raised(self, pieces: Sequence[_Piece]) -> bool:
        """Whether these are two small digits above the foot of the whole, perhaps touching."""
        boxes = [piece.box for piece in pieces]
        if not boxes or not all(
            _ALIKE * self.share(boxes[0].height) <= self.share(box.height) <= _LARGEST
            and self.share(box.height) >= _SMALLEST
            and self.share(self.foot - box.bottom) >= _RAISED
            for box in boxes
        ):
            return False
        touching = len(boxes) == 1 and boxes[0].width >= _TOUCHING * boxes[0].height
        return touching or len(boxes) == 2


def _pieces(ink: Ink) -> list[_Piece]:
    """The connected components, from left to right."""
    labels, stats, _ = labelled(ink.view(np.uint8))
    boxes = [Box(*map(int, row[:4])) for row in stats[1:]]
    pieces = [_Piece(labels[box.slices] == k, box) for k, box in enumerate(boxes, start=1)]
    return sorted(pieces, key=lambda piece: piece.box.x + piece.box.width / 2)


def _measured(boxes: Sequence[Box]) -> _Units | None:
    """The whole units; None if the last digit is a small one, as behind 10 the zeros of 10 000."""
    digits = [box for box in boxes if box.height >= _TALL * max(b.height for b in boxes)]
    digit_px = median(box.height for box in digits)
    top, foot = (median(box.y for box in digits), median(box.bottom for box in digits))
    last = digits[-1]
    if last.height <= _LARGEST * digit_px:
        return None
    return _Units(digit_px, top, min(foot, last.bottom))  # writing may rise


def _on_bar(units: _Units, ink: Ink) -> list[_Piece]:
    """The two digits over a bar, if all else is below it or behind; it may touch them."""
    run = np.ones((1, max(3, round(_BAR * units.digit_px))), np.uint8)
    level = cv2.morphologyEx(ink.view(np.uint8), cv2.MORPH_OPEN, run).astype(np.bool_)
    for bar in _pieces(level):
        pieces = _pieces(ink & ~level)
        above = [piece for piece in pieces if _stands_on(piece.box, bar.box, units.digit_px)]
        digits = [p for p in above if units.share(p.box.height) >= _SMALLEST]
        others = [piece.box for piece in pieces if piece not in above]
        left = bar.box.x - _OVER * units.digit_px
        below = all(box.bottom > bar.box.bottom and box.x >= left for box in others)
        if units.are_two_raised(digits) and below:
            return digits
    return []


def _stands_on(box: Box, bar: Box, digit_px: float) -> bool:
    over = _OVER * digit_px
    beside = max(bar.x - box.x, box.right - bar.right)
    return beside <= over and -over <= bar.y - box.bottom <= _NEAR * digit_px


def _is_raised_line(units: _Units, rest: Sequence[_Piece]) -> bool:
    """Whether two raised digits stand there alone, or begin a fraction in small writing."""
    raised = rest[: 2 if len(rest) >= _FRACTION_PIECES else None]
    at_top = all(abs(units.share(piece.box.y - units.top)) <= _AT_TOP for piece in raised)
    return at_top and units.are_two_raised(raised)


def _together(lattice: Lattice, pieces: Sequence[_Piece]) -> Ink:
    ink = np.zeros(lattice.strokes.shape, np.bool_)
    for piece in pieces:
        ink[piece.box.slices] |= piece.mask
    return ink


def _alone(lattice: Lattice, pieces: Sequence[_Piece]) -> FieldInk:
    """A field with some pieces of writing only."""
    own = _together(lattice, pieces)
    place = Box(*cv2.boundingRect(own.view(np.uint8))).slices
    strokes = np.pad(np.where(own[place], lattice.strokes[place], np.uint8(0)), _PAPER_PX)
    return FieldInk(segment(strokes), (), np.asarray(255 - strokes, np.uint8), 1.0, strokes)
