"""Where the line reader knows where the digits are: few candidates of the lattice instead of all.

Three quarters of a lattice's candidates are cut out of touching digits, to find out how many there
are. Where that is known, it is enough to try the best cuts between each two of them. Components
that are not cut stay candidates all, so that a digit that was overlooked still speaks.
"""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ocr.lattice import Lattice

_CUTS = 2  # tried between two digits; of three, the third is never part of the best path
_OFF_MIDDLE = 0.3  # digit heights of ink that a cut at a digit may be worse than one half way


def guided(lattice: Lattice, places_px: Sequence[float]) -> Lattice:
    """The lattice with the candidates that hold one digit each, and those that are not cut.

    Args:
        lattice: All candidates.
        places_px: Columns where the digits are, from left to right.
    """
    likely = _likely_cuts(lattice, places_px)
    bounds = [0.0, *(atom.cut_ink[0] for atom in lattice.atoms[1:]), 0.0]  # ink at each atom's left

    def is_likely(first: int, end: int, left: int, right: int) -> bool:
        if bounds[first] == bounds[end] == 0.0:
            return True
        holds_one = bisect(places_px, right) - bisect(places_px, left) == 1
        return holds_one and all(bounds[at] == 0.0 or at in likely for at in (first, end))

    return replace(
        lattice,
        candidates=tuple(
            c for c in lattice.candidates if is_likely(c.first, c.last + 1, c.box.x, c.box.right)
        ),
    )


def _likely_cuts(lattice: Lattice, places_px: Sequence[float]) -> set[int]:
    """Atoms at whose left the best cuts between neighbouring digits are."""
    cuts = [
        (number, (before.box.right + atom.box.x) / 2, atom.cut_ink[0] / lattice.digit_height_px)
        for number, (before, atom) in enumerate(pairwise(lattice.atoms), 1)
        if atom.cut_ink[0] > 0.0
    ]
    likely: set[int] = set()
    for left, right in pairwise(places_px):
        costs = sorted(
            (ink + _OFF_MIDDLE * abs(at - (left + right) / 2) / (right - left), number)
            for number, at, ink in cuts
            if left < at < right
        )
        likely.update(number for _, number in costs[:_CUTS])
    return likely
