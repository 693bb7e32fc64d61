"""Tables whose rows no rule parts: numbers under one another between upright lines.

What is written tells the rows: it stands in lines at even distances. Between them rules are put, so
that cells are closed as those of other tables.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.find.ruling import Ruling
from ocr.runs import Bits, runs_of

_TALL_MM = 25.0  # of upright lines; lower places are cells of one row
_EVERY = 4  # row that is asked for long lines
_LEANS_MM = 0.6  # how far a line may lean
_LEVEL_MM = 3.0  # how far the lines of a table may begin or end from one another
_WIDE_MM = (8.0, 130.0)  # of a column
_LEAST_UPRIGHTS = 3
_ACROSS = 0.7  # share of a table's breadth that a rule takes
_INSIDE_MM = 0.9  # from a line to what is written beside it
_LOW_MM = 1.8  # a lower stretch of ink is no line of writing: a bar, dirt
_TOUCH_MM = 0.8  # parts of a sign stand closer
_PITCH_MM = (6.0, 20.0)  # from a written line to the next; lines of print are closer
_LEAST_ROWS = 4
_OFF = 0.25  # of the pitch: how far a line may stand off its place,
_MOST_OFF = 0.2  # and the share of lines that stand further


@dataclass(frozen=True, slots=True)
class _Upright:
    """A long upright line.

    Attributes:
        at: Column of its middle.
        top: First row.
        bottom: Row after the last.
    """

    at: int
    top: int
    bottom: int


def part_rows(ruling: Ruling) -> Ruling:
    """Put rules between the rows of tables that have none there.

    Args:
        ruling: The lines of a page.
    """
    rules = [
        (row, left, right)
        for table in _tables(_uprights(ruling.down, ruling.px_per_mm), ruling.px_per_mm)
        for row, left, right in _missing_rules(ruling, table)
    ]
    if not rules:
        return ruling
    across = ruling.across.copy()
    for row, left, right in rules:
        across[row - 1 : row + 1, left : right + 1] = 1
    return replace(ruling, across=across)


def _uprights(down: Bits, px_per_mm: float) -> list[_Upright]:
    """The long upright lines, from the left."""
    leans = max(1, round(_LEANS_MM * px_per_mm))
    tall = max(1, round(_TALL_MM * px_per_mm / _EVERY))
    some = cv2.dilate(down[::_EVERY], np.ones((3, 2 * leans + 1), np.uint8))
    runs = cv2.erode(some, np.ones((tall, 1), np.uint8), borderValue=(0,))
    long = np.asarray(cv2.reduce(runs, 0, cv2.REDUCE_MAX)[0] > 0)
    lines = []
    for left, right in runs_of(long):
        middle = (left + right) // 2
        band = down[:, max(0, middle - leans) : middle + leans + 1]
        rows = np.asarray(cv2.reduce(band, 1, cv2.REDUCE_MAX)[:, 0] > 0)
        top, bottom = max(runs_of(rows), key=lambda run: run[1] - run[0], default=(0, 0))
        if bottom - top >= _TALL_MM * px_per_mm:
            lines.append(_Upright(middle, top, bottom))
    return lines


def _tables(uprights: Sequence[_Upright], px_per_mm: float) -> Iterator[list[_Upright]]:
    """Uprights of one height, each at a column's distance from the one before."""
    reach = _LEVEL_MM * px_per_mm
    narrowest, widest = (side * px_per_mm for side in _WIDE_MM)
    tables: list[list[_Upright]] = []
    for line in uprights:
        for table in tables:
            last = table[-1]
            level = abs(line.top - last.top) <= reach and abs(line.bottom - last.bottom) <= reach
            if level and narrowest <= line.at - last.at <= widest:
                table.append(line)
                break
        else:
            tables.append([line])
    yield from (table for table in tables if len(table) >= _LEAST_UPRIGHTS)


def _missing_rules(ruling: Ruling, table: Sequence[_Upright]) -> Iterator[tuple[int, int, int]]:
    """Row, first and last column of each rule to put in."""
    left, right = table[0].at, table[-1].at
    top, bottom = max(line.top for line in table), min(line.bottom for line in table)
    inked = cv2.reduce(ruling.across[top:bottom, left:right], 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)
    drawn = np.asarray(inked[:, 0] >= _ACROSS * (right - left))
    edges = [top, *(top + (start + end) // 2 for start, end in runs_of(drawn)), bottom]
    for upper, lower in pairwise(edges):
        if lower - upper >= _TALL_MM * ruling.px_per_mm:
            for row in _between_rows(ruling, table, upper, lower):
                yield row, left, right


def _between_rows(ruling: Ruling, table: Sequence[_Upright], top: int, bottom: int) -> list[int]:
    """Rows of pixels between the written lines of a part of a table; none if there are no such."""
    scale = ruling.px_per_mm
    margin = round(_INSIDE_MM * scale)
    middles = [
        top + margin + middle
        for left, right in pairwise(line.at for line in table)
        for middle in _written(
            ruling.ink[top + margin : bottom - margin, left + margin : right - margin + 1], scale
        )
    ]
    lines = _clustered(sorted(middles), _PITCH_MM[0] * scale / 2)
    return _rules_between(lines, top, bottom, scale)


def _written(ink: NDArray[np.bool_], px_per_mm: float) -> list[float]:
    """Middles of the lines of writing in a column."""
    touch = 1 + round(_TOUCH_MM * px_per_mm)
    inked = np.asarray(ink.any(axis=1, keepdims=True), np.uint8)
    closed = cv2.morphologyEx(inked, cv2.MORPH_CLOSE, np.ones((touch, 1), np.uint8))[:, 0]
    return [
        (start + end) / 2
        for start, end in runs_of(np.asarray(closed > 0))
        if end - start >= _LOW_MM * px_per_mm
    ]


def _clustered(middles: Sequence[float], apart_px: float) -> list[float]:
    """Means of the middles that are no further from the one before than that."""
    groups: list[list[float]] = []
    for middle in middles:
        if groups and middle - groups[-1][-1] <= apart_px:
            groups[-1].append(middle)
        else:
            groups.append([middle])
    return [float(np.mean(group)) for group in groups]


def _rules_between(lines: Sequence[float], top: int, bottom: int, px_per_mm: float) -> list[int]:
    """Where rules would part lines at even distances, some of them missing."""
    if len(lines) < _LEAST_ROWS:
        return []
    steps = np.diff(lines)
    least, most = (side * px_per_mm for side in _PITCH_MM)
    pitch = float(np.median(steps))
    rows = np.maximum(1, np.rint(steps / pitch))
    off = np.abs(steps - rows * pitch) > _OFF * pitch
    if not least <= pitch <= most or off.mean() > _MOST_OFF:
        return []
    rules = [
        round(line + (k + 0.5) * step / count)
        for line, step, count in zip(lines, steps.tolist(), rows.tolist(), strict=False)
        for k in range(int(count))
    ]
    first, last = round(lines[0] - pitch / 2), round(lines[-1] + pitch / 2)
    ends = [row for row in (first, last) if top + pitch / 2 < row < bottom - pitch / 2]
    return sorted((*rules, *ends))
