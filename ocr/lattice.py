"""The lattice of a field: its pieces of ink, and every run of them that may be one digit."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Strokes
from ocr.geometry import Box

_MAX_ATOMS_JOINED = 7  # a digit broken into more pieces is for a person
_MAX_CANDIDATE_WIDTH = 1.45  # of the digit height: wider runs of atoms are no single digit


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece of ink that is not split further.

    Attributes:
        box: Its place in the field.
        ink: Number of ink pixels.
        cut_ink: Full-ink pixels that the seams at its left and right run through; (0, 0) for a
            whole component.
    """

    box: Box
    ink: int
    cut_ink: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Atoms `first` to `last` (included) taken as one digit."""

    first: int
    last: int
    box: Box


@dataclass(frozen=True, eq=False, slots=True)
class Lattice:
    """All candidates of one field.

    Attributes:
        strokes: (H, W) cleaned field.
        labels: (H, W) number of each pixel's atom, counted from 1; 0 = none.
        atoms: In reading order.
        candidates: Ordered by `first`, then `last`.
        digit_height_px: Typical height of a digit of this field.
    """

    strokes: Strokes
    labels: NDArray[np.uint8]
    atoms: tuple[Atom, ...]
    candidates: tuple[Candidate, ...]
    digit_height_px: float

    def strokes_of(self, candidate: Candidate) -> Strokes:
        """The candidate's own strokes, cut to its box; its neighbours are left out."""
        place = candidate.box.slices
        own = cv2.inRange(self.labels[place], candidate.first + 1, candidate.last + 1)
        return np.asarray(cv2.bitwise_and(self.strokes[place], own), np.uint8)


def find_candidates(
    atoms: Sequence[Atom], digit_height_px: float, cells: Sequence[Box] = ()
) -> tuple[Candidate, ...]:
    """Every run of neighbouring atoms, in a comb of those in one cell, as narrow as one digit."""
    widest_px = _MAX_CANDIDATE_WIDTH * digit_height_px
    sides = [(box.x, box.y, box.right, box.bottom) for box in (atom.box for atom in atoms)]
    found = []
    for run in atoms_by_cell(atoms, cells):
        for first in run:
            left, top, right, bottom = sides[first]
            for last in range(first, min(first + _MAX_ATOMS_JOINED, run.stop)):
                x, y, end_x, end_y = sides[last]
                left, top = min(left, x), min(top, y)
                right, bottom = max(right, end_x), max(bottom, end_y)
                if last > first and right - left > widest_px:
                    break
                box = Box(left, top, right - left, bottom - top)
                found.append(Candidate(first, last, box))
    return tuple(found)


def atoms_by_cell(atoms: Sequence[Atom], cells: Sequence[Box]) -> list[range]:
    """Runs of atoms, one per cell; one run of all for free writing.

    An atom belongs to the cell that its middle is in. Atoms are in reading order, so runs are
    enough.
    """
    if not cells or not atoms:
        return [range(len(atoms))] * max(1, len(cells))
    edges = [cell.x for cell in cells[1:]]
    middles = [atom.box.x + atom.box.width / 2 for atom in atoms]
    places = np.maximum.accumulate(np.searchsorted(edges, middles))
    bounds = np.searchsorted(places, np.arange(len(cells) + 1))
    return [range(int(a), int(b)) for a, b in pairwise(bounds)]
