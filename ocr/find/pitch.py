"""Evenly spaced lines: where a comb of unknown length begins and ends among the lines of a row."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

_OFF_PITCH = 0.16  # of the pitch: how far a line may stand from its place
_MOST_MISSING = 2  # lines in a row that a comb may lack: a fold or a pen stroke hides them
_LEAST_SEEN = 0.7  # share of a comb's lines that must be there


@dataclass(frozen=True, slots=True)
class EvenLines:
    """Lines at equal distances.

    Attributes:
        first: Place of the first.
        pitch_px: Distance of two neighbours.
        spaces: Number of spaces between them.
    """

    first: float
    pitch_px: float
    spaces: int

    @property
    def edges(self) -> list[float]:
        """Places of all lines."""
        return [self.first + k * self.pitch_px for k in range(self.spaces + 1)]


def even_lines(places: Sequence[float], pitch_px: float) -> list[EvenLines]:
    """The stretches of lines that stand at about that distance from one another.

    Lines between them are strokes of writing; up to two in a row may be missing.

    Args:
        places: Where lines are, ascending.
        pitch_px: The distance looked for; each stretch fits its own.

    Returns:
        Stretches of at least two spaces, from the left; they share no line.
    """
    rest = list(places)
    stretches = []
    while len(rest) > 2:
        best = _longest_run(rest, pitch_px)
        even = _fitted(best, pitch_px)
        if even is None:
            break
        stretches.append(even)
        rest = [place for place in rest if place < best[0] - 1 or place > best[-1] + 1]
    return sorted(stretches, key=lambda even: even.first)


def _longest_run(places: Sequence[float], pitch_px: float) -> list[float]:
    """The first of the longest runs of lines on pitch."""
    best: list[float] = []
    for first, start in enumerate(places):
        if len(places) - first <= len(best):
            break
        best = max(best, _run(places, start, pitch_px), key=len)
    return best


def _run(places: Sequence[float], start: float, pitch_px: float) -> list[float]:
    """Lines on pitch from one on, each looked for from the last that was found."""
    run, reach = [start], _OFF_PITCH * pitch_px
    while True:
        for step in range(1, _MOST_MISSING + 2):
            place = _nearest(places, run[-1] + step * pitch_px)
            if abs(place - (run[-1] + step * pitch_px)) <= reach:
                run.append(place)
                break
        else:
            return run


def _nearest(places: Sequence[float], at: float) -> float:
    """The place next to one; numpy takes five times as long for a comb's few lines."""
    after = bisect_left(places, at)
    return min(places[max(0, after - 1) : after + 1], key=lambda place: abs(place - at))


def _fitted(run: list[float], pitch_px: float) -> EvenLines | None:
    """The stretch through a run by least squares; None if too few of its lines are there."""
    steps = np.concatenate([[0], np.cumsum(np.rint(np.diff(run) / pitch_px))])
    spaces = int(steps[-1])
    if spaces < 2 or len(run) < _LEAST_SEEN * (spaces + 1):
        return None
    first, pitch = line_through(steps.tolist(), run)
    return EvenLines(first, pitch, spaces)


def line_through(places: Sequence[float], columns: Sequence[float]) -> tuple[float, float]:
    """Column at place 0 and columns from one place to the next, by least squares."""
    place, column = fmean(places), fmean(columns)
    square = sum((p - place) ** 2 for p in places)
    slope = sum((p - place) * (c - column) for p, c in zip(places, columns, strict=True)) / square
    return column - slope * place, slope
