"""Comb fields: a row of equal cells between evenly spaced vertical lines."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Ink
from ocr.find.lines import RuledLine
from ocr.find.pitch import line_through
from ocr.geometry import Box
from ocr.levels import median_of

_ALIKE = 0.20  # of a line's length: how far tops and bottoms of one comb's lines may differ
_OFF_PITCH = 0.14  # of the pitch: how far a line may stand from its place
_MOST_LINES = 60  # longest candidates kept; a check's corner has some 30
_RULE_COVERS = 0.75  # share of a row that a comb's own rule covers; digits cover less
_LINE_PX = 1  # half the breadth of the band in which a comb's line is looked for
_RULE_PX = 2  # the same for a comb's rule
_LINE_COVERS = 0.8  # share of the comb's height; few strokes in a cell are as tall
_LEAST_DRAWN = 1.25  # share of lines plus share of rules: print and textures stay below
_LEAST_SUPPORT = 0.5  # share of a comb's lines that must be there: handwriting hides some

Counted = NDArray[np.int32]


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
    if not ink.size:
        return None
    proposed = set(_proposed(verticals, cells, pitch_px))
    counts = _counted(ink)
    settled = {_between_rules(counts, _snapped(counts, comb)) for comb in proposed}
    best = max(settled, key=lambda comb: _drawn(counts, comb), default=None)
    return best if best and _drawn(counts, best)[0] >= least_drawn else None


def _proposed(
    verticals: list[RuledLine], cells: int, pitch_px: tuple[float, float]
) -> Iterator[Comb]:
    """The combs that each of the longest lines makes with those of like extent."""
    lines = sorted(verticals, key=lambda line: -line.length)[:_MOST_LINES]
    places = np.array([(line.at, line.start, line.end) for line in lines], np.float64)
    at, start, end = places.reshape(-1, 3).T
    for number, anchor in enumerate(lines):
        reach = _ALIKE * anchor.length
        alike = (np.abs(start - start[number]) <= reach) & (np.abs(end - end[number]) <= reach)
        xs = np.sort(at[alike])
        pitches = {round(x - anchor.at, 1) for x in xs.tolist()}
        pitches = {pitch for pitch in pitches if pitch_px[0] <= pitch <= pitch_px[1]}
        if pitches:
            top, bottom = int(median_of(start[alike])), int(median_of(end[alike]))
        for pitch in pitches:
            for x, its_pitch_px, support in _fitted(xs, anchor.at, pitch, cells):
                yield Comb(x, its_pitch_px, top, bottom, cells, support)


@dataclass(frozen=True, eq=False, slots=True)
class _Counts:
    """A region's ink counted once, for all combs proposed in it.

    Attributes:
        down: (H + 1, W) ink in the rows above.
        across: (H, W + 1) ink in the columns before.
        near_down: As `down`, of pixels with ink in a line's breadth.
        near_across: As `across`, of pixels with ink two rows off at most.
    """

    down: Counted
    across: Counted
    near_down: Counted
    near_across: Counted


def _counted(ink: Ink) -> _Counts:
    pixels = ink.view(np.uint8)
    breadth = np.ones((1, 2 * _LINE_PX + 1), np.uint8)
    near_down = cv2.dilate(pixels, breadth)
    near_across = cv2.dilate(pixels, np.ones((2 * _RULE_PX + 1, 1), np.uint8))
    down, across = ((1, 0), (0, 0)), ((0, 0), (1, 0))
    return _Counts(
        *(
            np.cumsum(np.pad(counted, sides), axis=axis, dtype=np.int32)
            for counted, sides, axis in (
                (pixels, down, 0),
                (pixels, across, 1),
                (near_down, down, 0),
                (near_across, across, 1),
            )
        )
    )


def _snapped(counts: _Counts, comb: Comb) -> Comb:
    """The comb fitted to the columns near its lines that are inked from top to bottom."""
    top, bottom = _inner_rows(comb)
    covered = (counts.down[bottom] - counts.down[top]) / (bottom - top)
    reach = max(2, round(_OFF_PITCH * comb.pitch_px))
    places, columns = [], []
    for k in range(comb.cells + 1):
        start = max(0, round(comb.x + k * comb.pitch_px) - reach)
        near = covered[start : start + 2 * reach + 1]
        if near.size and (most := near.max()) >= _LINE_COVERS:
            places.append(k)
            columns.append(start + float(np.flatnonzero(near == most).mean()))
    if len(places) < 2:
        return comb
    x, pitch_px = line_through(places, columns)
    return replace(comb, x=x, pitch_px=pitch_px)


def _inner_rows(comb: Comb) -> tuple[int, int]:
    """Rows well between the comb's rules: the first, and the one after the last."""
    tall = comb.bottom - comb.top
    return comb.top + tall // 6, max(comb.top + tall // 6 + 1, comb.bottom - tall // 6)


def _between_rules(counts: _Counts, comb: Comb) -> Comb:
    """The comb with its top and bottom on its own rules, where it has such.

    Print right above or below a comb makes its vertical lines look longer than they are.
    """
    left, right = _sides(counts, comb)
    covered = (counts.across[:, right] - counts.across[:, left]) / max(1, right - left)
    tall = comb.bottom - comb.top
    middle = (comb.top + comb.bottom) // 2
    reach = max(3, int(0.2 * tall))
    upper = np.flatnonzero(covered[max(0, comb.top - reach) : middle] > _RULE_COVERS)
    lower = np.flatnonzero(covered[middle : comb.bottom + reach] > _RULE_COVERS)
    top = int(upper[-1]) + max(0, comb.top - reach) if upper.size else comb.top
    bottom = int(lower[0]) + middle + 1 if lower.size else comb.bottom
    return replace(comb, top=top, bottom=bottom)


def _sides(counts: _Counts, comb: Comb) -> tuple[int, int]:
    """The comb's first column, and the one after its last, inside the region."""
    width = counts.down.shape[1]
    left, right = round(comb.x), round(comb.x + comb.cells * comb.pitch_px)
    return min(max(0, left), width), min(max(0, right), width)


def _drawn(counts: _Counts, comb: Comb) -> tuple[float, int, int]:
    """How much of a comb is there: share of its lines plus share of its rules.

    Then how many of its lines were seen, as strokes of digits make narrower combs; then its height.

    Pixels tell better than the lines found: print beside a comb makes them longer, handwriting
    across them shorter, and strokes in the cells look like some.
    """
    top, bottom = _inner_rows(comb)
    covered = (counts.near_down[bottom] - counts.near_down[top]) / (bottom - top)
    at = np.rint(comb.x + np.arange(comb.cells + 1) * comb.pitch_px).astype(int)
    inside = at[(at >= 0) & (at < len(covered))]
    lines = np.count_nonzero(covered[inside] > _LINE_COVERS)
    drawn = lines / (comb.cells + 1) + _ruled(counts, comb)
    return drawn, comb.support, comb.bottom - comb.top


def _ruled(counts: _Counts, comb: Comb) -> float:
    """Share of the comb's top and bottom that is drawn."""
    left, right = _sides(counts, comb)
    near = counts.near_across
    edges = (min(max(0, row), len(near) - 1) for row in (comb.top, comb.bottom))
    drawn = sum(int(near[row, right] - near[row, left]) for row in edges)
    return drawn / (2 * max(1, right - left))


def _fitted(
    xs: NDArray[np.float64], anchor: float, pitch: float, cells: int
) -> Iterator[tuple[float, float, int]]:
    """Combs of about that pitch through the anchor, at the offsets that enough lines support.

    Yields:
        Column of the first line, pitch, and how many lines are seen.
    """
    places = (xs - anchor) / pitch
    steps = np.rint(places).astype(int)
    on_pitch = np.abs(places - steps) <= _OFF_PITCH
    if not on_pitch.any():
        return
    seen = {int(step): float(x) for step, x in zip(steps[on_pitch], xs[on_pitch], strict=True)}
    for first in range(-cells, 1):
        support = _support(seen, first, cells)
        if support >= max(2, _LEAST_SUPPORT * (cells + 1)):
            yield *_least_squares(seen, first, cells), support


def _support(seen: dict[int, float], first: int, cells: int) -> int:
    return len(seen.keys() & range(first, first + cells + 1))


def _least_squares(seen: dict[int, float], first: int, cells: int) -> tuple[float, float]:
    """Column of the first line, and the pitch, by all lines that are seen."""
    inside = [step for step in sorted(seen) if first <= step <= first + cells]
    x, pitch_px = line_through([step - first for step in inside], [seen[step] for step in inside])
    return round(x, 1), round(pitch_px, 2)  # of many lines each pair proposes the same comb
