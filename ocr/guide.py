"""Where the line reader knows where the digits are: few candidates of the lattice instead of all.

Most of a lattice's candidates are pieces and pairs of digits, to find out where digits touch. Where
that is known, it is enough to try the best cuts between each two that one component holds. Whole
components stay candidates all, so that a digit that was overlooked still speaks.
"""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from ocr.lattice import Candidate, Lattice

_CUTS = 2  # tried between two digits; with three no more of 370 fields are confirmed
_OFF_MIDDLE = 0.3  # digit heights of ink that a cut at a digit may be worse than one half way


def guided(lattice: Lattice, places_px: Sequence[float]) -> Lattice:
    """The lattice with the whole components, and what else holds one digit between likely sides.

    Args:
        lattice: All candidates.
        places_px: Columns where the digits are, from left to right.
    """
    whole = [range(run[0], run[-1] + 1) for run in _components(lattice)]
    sides = _likely_cuts(lattice, whole, places_px)
    sides.update(side for run in whole for side in (run.start, run.stop))

    def is_likely(candidate: Candidate) -> bool:
        run = range(candidate.first, candidate.last + 1)
        box = candidate.box
        digits = bisect(places_px, box.right) - bisect(places_px, box.x)
        return run in whole or (digits == 1 and run.start in sides and run.stop in sides)

    return replace(lattice, candidates=tuple(filter(is_likely, lattice.candidates)))


def _components(lattice: Lattice) -> Iterator[list[int]]:
    """Numbers of the atoms of each component that was cut or not."""
    run: list[int] = []
    for number, atom in enumerate(lattice.atoms):
        if run and atom.cut_ink[0] == 0.0:
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _likely_cuts(lattice: Lattice, whole: Sequence[range], places_px: Sequence[float]) -> set[int]:
    """Atoms at whose left the best cuts between neighbouring digits of one component are."""
    atoms = lattice.atoms
    likely: set[int] = set()
    for run in whole:
        if len(run) == 1:
            continue
        inside = slice(
            bisect(places_px, atoms[run.start].box.x),
            bisect(places_px, atoms[run.stop - 1].box.right),
        )
        for left, right in pairwise(places_px[inside]):
            cuts = [
                (_cost(lattice, number, left, right), number)
                for number in run[1:]
                if left < _column(lattice, number) < right
            ]
            likely.update(number for _, number in sorted(cuts)[:_CUTS])
    return likely


def _cost(lattice: Lattice, number: int, left: float, right: float) -> float:
    """What speaks against the cut at an atom's left, for two digits at those columns."""
    off_middle = abs(_column(lattice, number) - (left + right) / 2) / (right - left)
    ink = lattice.atoms[number].cut_ink[0] / lattice.digit_height_px
    return ink + _OFF_MIDDLE * off_middle


def _column(lattice: Lattice, number: int) -> float:
    """Where the cut at an atom's left is."""
    return (lattice.atoms[number - 1].box.right + lattice.atoms[number].box.x) / 2
