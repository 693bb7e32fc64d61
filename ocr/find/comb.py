"""Comb fields: a row of equal cells between evenly spaced vertical lines."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Ink
from ocr.find.lines import RuledLine
from ocr.geometry import Box

_ALIKE = 0.20  # of a line's length: how far tops and bottoms of one comb's lines may differ
_OFF_PITCH = 0.14  # of the pitch: how far a line may stand from its place
_MOST_LINES = 60  # longest candidates kept; a check's corner has some 30
_RULE_COVERS = 0.75  # share of a row that a comb's own rule covers; digits cover less
_LINE_PX = 1  # half the breadth of the band in which a comb's line is looked for
_LINE_COVERS = 0.8  # share of the comb's height; few strokes in a cell are as tall
_LEAST_DRAWN = 1.25  # share of lines plus share of rules: print and textures stay below
_LEAST_SUPPORT = 0.5  # share of a comb's lines that must be there: handwriting hides some


@dataclass(frozen=True, slots=True)
class Comb:
    """A comb field.

    Attributes:
        x: Column of its first line.
        pitch_px: Distance between its lines.
        top: First row.
        bottom: Row after the last.
        cells: Number of cells.
        support: How many of its cells + 1 lines were seen.
    """

    x: float
    pitch_px: float
    top: int
    bottom: int
    cells: int
    support: int

    def cell_boxes(self, scale: float = 1.0) -> tuple[Box, ...]:
        """The cells, all coordinates times `scale`."""
        edges = [round((self.x + k * self.pitch_px) * scale) for k in range(self.cells + 1)]
        top, bottom = round(self.top * scale), round(self.bottom * scale)
        return tuple(Box(left, top, right - left, bottom - top) for left, right in pairwise(edges))


def find_comb(
    ink: Ink,
    verticals: list[RuledLine],
    cells: int,
    pitch_px: tuple[float, float],
    least_drawn: float = _LEAST_DRAWN,
) -> Comb | None:
    """Find the comb of so many cells that most vertical lines agree on.

    Each pair of lines of like extent proposes a pitch, fitted to all lines in place by least
    squares; of the proposals the one that is drawn most completely wins.

    Args:
        ink: The region searched.
        verticals: Vertical lines in it.
        cells: Number of cells.
        pitch_px: Smallest and largest pitch.
        least_drawn: Share of its lines plus share of its rules that must be there.

    Returns:
        The comb, or None if none is drawn completely enough.
    """
    lines = sorted(verticals, key=lambda line: -line.length)[:_MOST_LINES]
    proposed: set[Comb] = set()
    for anchor in lines:
        alike = [line for line in lines if _same_extent(anchor, line)]
        xs = np.array(sorted(line.at for line in alike))
        for pitch in {round(float(x - anchor.at), 1) for x in xs}:
            if pitch_px[0] <= pitch <= pitch_px[1]:
                proposed.update(_fitted(xs, anchor.at, pitch, alike, cells))
    settled = {_between_rules(ink, _snapped(ink, comb)) for comb in proposed}
    best = max(settled, key=lambda comb: _drawn(ink, comb), default=None)
    return best if best and _drawn(ink, best)[0] >= least_drawn else None


def _snapped(ink: Ink, comb: Comb) -> Comb:
    """The comb fitted to the columns near its lines that are inked from top to bottom."""
    covered = ink[_inner_rows(comb)].mean(axis=0)
    reach = max(2, round(_OFF_PITCH * comb.pitch_px))
    places, columns = [], []
    for k in range(comb.cells + 1):
        start = max(0, round(comb.x + k * comb.pitch_px) - reach)
        near = covered[start : start + 2 * reach + 1]
        if near.size and near.max() >= _LINE_COVERS:
            places.append(k)
            columns.append(start + float(np.flatnonzero(near == near.max()).mean()))
    if len(places) < 2:
        return comb
    pitch_px, x = np.polyfit(places, columns, 1)
    return replace(comb, x=float(x), pitch_px=float(pitch_px))


def _inner_rows(comb: Comb) -> slice:
    """Rows well between the comb's rules."""
    tall = comb.bottom - comb.top
    return slice(comb.top + tall // 6, comb.bottom - tall // 6)


def _between_rules(ink: Ink, comb: Comb) -> Comb:
    """The comb with its top and bottom on its own rules, where it has such.

    Print right above or below a comb makes its vertical lines look longer than they are.
    """
    left, right = max(0, round(comb.x)), round(comb.x + comb.cells * comb.pitch_px)
    covered = ink[:, left:right].mean(axis=1)
    tall = comb.bottom - comb.top
    middle = (comb.top + comb.bottom) // 2
    reach = max(3, int(0.2 * tall))
    upper = np.flatnonzero(covered[max(0, comb.top - reach) : middle] > _RULE_COVERS)
    lower = np.flatnonzero(covered[middle : comb.bottom + reach] > _RULE_COVERS)
    top = int(upper[-1]) + max(0, comb.top - reach) if upper.size else comb.top
    bottom = int(lower[0]) + middle + 1 if lower.size else comb.bottom
    return replace(comb, top=top, bottom=bottom)


def _drawn(ink: Ink, comb: Comb) -> tuple[float, int]:
    """How much of a comb is there: share of its lines plus share of its rules; then its height.

    Pixels tell better than the lines found: print beside a comb makes them longer, handwriting
    across them shorter, and strokes in the cells look like some.
    """
    rows = _inner_rows(comb)
    lines = 0
    for k in range(comb.cells + 1):
        x = round(comb.x + k * comb.pitch_px)
        band = ink[rows, max(0, x - _LINE_PX) : max(0, x + _LINE_PX + 1)]
        lines += bool(band.size) and float(band.any(axis=1).mean()) > _LINE_COVERS
    return lines / (comb.cells + 1) + _ruled(ink, comb), comb.bottom - comb.top


def _ruled(ink: Ink, comb: Comb) -> float:
    """Share of the comb's top and bottom that is drawn."""
    left, right = round(comb.x), round(comb.x + comb.cells * comb.pitch_px)
    edges = (
        ink[max(0, row - 2) : row + 3, max(0, left) : right] for row in (comb.top, comb.bottom)
    )
    return sum(float(edge.any(axis=0).sum()) for edge in edges) / (2 * (right - left))


def _same_extent(one: RuledLine, other: RuledLine) -> bool:
    reach = _ALIKE * one.length
    return abs(one.start - other.start) <= reach and abs(one.end - other.end) <= reach


def _fitted(
    xs: NDArray[np.float64], anchor: float, pitch: float, alike: list[RuledLine], cells: int
) -> list[Comb]:
    """The combs of that pitch through the anchor, at the offsets that enough lines support."""
    places = (xs - anchor) / pitch
    steps = np.rint(places).astype(int)
    on_pitch = np.abs(places - steps) <= _OFF_PITCH
    if not on_pitch.any():
        return []
    seen = {int(step): float(x) for step, x in zip(steps[on_pitch], xs[on_pitch], strict=True)}
    support = {first: _support(seen, first, cells) for first in range(-cells, 1)}
    top = int(np.median([line.start for line in alike]))
    bottom = int(np.median([line.end for line in alike]))
    combs = []
    for first, count in support.items():
        if count >= max(2, _LEAST_SUPPORT * (cells + 1)):
            x, pitch_px = _least_squares(seen, first, cells)
            combs.append(Comb(x, pitch_px, top, bottom, cells, count))
    return combs


def _support(seen: dict[int, float], first: int, cells: int) -> int:
    return sum(first + k in seen for k in range(cells + 1))


def _least_squares(seen: dict[int, float], first: int, cells: int) -> tuple[float, float]:
    """Column of the first line, and the pitch, by all lines that are seen."""
    inside = [step for step in seen if first <= step <= first + cells]
    slope, intercept = np.polyfit(inside, [seen[step] for step in inside], 1)
    return float(intercept + slope * first), float(slope)
