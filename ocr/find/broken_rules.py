"""Stacks of rules so broken that no rule is seen whole: what hangs together tells their extent."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import cv2
import numpy as np

from ocr.components import component_boxes
from ocr.find.ruling import Ruling
from ocr.find.stacks import LEANS_MM, LEAST_RULES, Rules, is_next_row, uprights_of
from ocr.geometry import Box
from ocr.runs import Bits, runs_of, turned

_EVERY = 4  # pixels that are looked at as one
_GAP_MM = 6.0  # parts of lines that are nearer hang together; sheets have 7 between tables
_SMALLEST_MM = (30.0, 25.0)  # of a table: width of a label and a number, height of five rows
_LEFT = 0.4  # share of a rule that is left; print in a row has less, as it stands on many levels
_LEAST_UPRIGHTS = 2
_IN_ROW = 0.25  # share of a row's height along which an upright is seen,
_IN_ROWS = 0.8  # in that share of the rows; sides of boxes are seen in every other one


def stacks_of_broken_rules(ruling: Ruling, known: Sequence[Rules]) -> Iterator[Rules]:
    """The stacks of what hangs together in a table, where they have more rules than those known.

    Args:
        ruling: The lines of a page.
        known: The stacks of its whole rules.
    """
    for table in _tables(ruling):
        for rules in _even(_rows(ruling, table), table, ruling.px_per_mm):
            seen = max((_shared(rules, other) for other in known), default=0)
            if seen < len(rules.rows) and _are_a_tables(rules, ruling):
                yield rules


def _tables(ruling: Ruling) -> Iterator[Box]:
    """What lines across and down enclose that hang together but for breaks."""
    gap = 1 + round(_GAP_MM * ruling.px_per_mm / _EVERY)
    across = _closed(_few(ruling.across), gap)
    down = turned(_closed(turned(_few(ruling.down)), gap))
    boxes = component_boxes((across | down).view(np.bool_))
    wide, tall = (side * ruling.px_per_mm for side in _SMALLEST_MM)
    for left, top, its_width, its_height in (_EVERY * boxes).tolist():
        if its_width >= wide and its_height >= tall:
            yield Box(left, top, its_width, its_height).clipped(*ruling.ink.shape[::-1])


def _few(lines: Bits) -> Bits:
    """Lines, with a pixel for each square of pixels that has any."""
    tall, wide = (-side % _EVERY for side in lines.shape)
    whole = cv2.copyMakeBorder(lines, 0, tall, 0, wide, cv2.BORDER_CONSTANT)
    rows = np.bitwise_or.reduce([whole[start::_EVERY] for start in range(_EVERY)])
    return np.asarray(rows.view(f"u{_EVERY}") > 0, np.uint8)


def _closed(lines: Bits, gap: int) -> Bits:
    return np.asarray(cv2.morphologyEx(lines, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8)))


def _rows(ruling: Ruling, table: Box) -> list[int]:
    """Rows of pixels of which much is lines, from side to side of a table."""
    leans = round(LEANS_MM * ruling.px_per_mm)
    near = cv2.dilate(ruling.across[table.slices], np.ones((2 * leans + 1, 1), np.uint8))
    left = np.asarray(cv2.reduce(near, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[:, 0])
    return [table.y + (start + end) // 2 for start, end in runs_of(left >= _LEFT * table.width)]


def _even(rows: Sequence[int], table: Box, px_per_mm: float) -> Iterator[Rules]:
    """The stretches of rows at even distances."""
    stretch = list(rows[:1])
    for last, row in pairwise(rows):
        usual = last - stretch[-2] if len(stretch) > 1 else row - last
        if not is_next_row(row - last, usual, px_per_mm):
            yield from _stack(stretch, table)
            stretch = [last]
        stretch.append(row)
    yield from _stack(stretch, table)


def _stack(rows: Sequence[int], table: Box) -> Iterator[Rules]:
    if len(rows) >= LEAST_RULES:
        yield Rules(tuple(rows), table.x, table.right - 1)


def _are_a_tables(rules: Rules, ruling: Ruling) -> bool:
    """Whether uprights go through the rows: between rows of boxes there are none."""
    through = [
        column
        for column in uprights_of(ruling, rules)
        if np.mean([share >= _IN_ROW for share in _seen(ruling, rules, column)]) >= _IN_ROWS
    ]
    return len(through) >= _LEAST_UPRIGHTS


def _seen(ruling: Ruling, rules: Rules, column: int) -> Iterator[float]:
    """Share of each row's height along which an upright is seen."""
    leans = round(LEANS_MM * ruling.px_per_mm)
    band = ruling.down[:, max(0, column - leans) : column + leans + 1]
    for top, bottom in pairwise(rules.rows):
        yield float(band[top + leans : bottom - leans].any(axis=1).mean())


def _shared(rules: Rules, other: Rules) -> int:
    """How many rules of a stack stand where another does."""
    beside = other.right < rules.left or rules.right < other.left
    return 0 if beside else sum(rules.rows[0] <= row <= rules.rows[-1] for row in other.rows)
