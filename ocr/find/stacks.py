"""Stacks of rules: lines across of one extent at even distances, the skeleton of a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ocr.find.lines import RuledLine
from ocr.find.ruling import Ruling
from ocr.runs import runs_of

_SHORTEST_MM = 30.0  # of a rule: a label and a number
_ROW_MM = (5.0, 15.0)  # from one rule to the next
_UNEVEN = 0.2  # of a row: how far the next one may be higher or lower
LEAST_RULES = 5  # fewer are lines to write on
LEVEL_MM = 2.5  # how far rules may begin or end from one another
_UPRIGHT = 0.6  # share of the rows along which a line stands that parts columns
LEANS_MM = 0.6  # how far it may lean


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules of one extent at even distances.

    Attributes:
        rows: Their rows of pixels, from the top.
        left: Column where they begin.
        right: Column where they end.
    """

    rows: tuple[int, ...]
    left: int
    right: int


def stacks_of_rules(lines: Sequence[RuledLine], px_per_mm: float) -> Iterator[Rules]:
    """The stacks of a page; a header higher than the rows below it begins none of theirs.

    Args:
        lines: Those across, from the top.
        px_per_mm: Scale of the page.
    """
    stacks: list[list[RuledLine]] = []
    for line in lines:
        if line.length >= _SHORTEST_MM * px_per_mm:
            above = next((stack for stack in stacks if _goes_on(stack, line, px_per_mm)), None)
            if above:
                above.append(line)
            else:
                stacks.append([*_last_above(stacks, line, px_per_mm), line])
    for stack in stacks:
        if len(stack) >= LEAST_RULES:
            left, right = (
                round(float(np.median(ends)))
                for ends in ([line.start for line in stack], [line.end - 1 for line in stack])
            )
            yield Rules(tuple(round(line.at) for line in stack), left, right)


def _last_above(
    stacks: Sequence[Sequence[RuledLine]], line: RuledLine, px_per_mm: float
) -> Sequence[RuledLine]:
    """The rule on which a stack begins whose next rule is further or nearer than those above."""
    ends = ([stack[-1]] for stack in stacks)
    return next((end for end in ends if _goes_on(end, line, px_per_mm)), [])


def _goes_on(stack: Sequence[RuledLine], line: RuledLine, px_per_mm: float) -> bool:
    """Whether a line is the next rule of a stack."""
    last, reach = stack[-1], LEVEL_MM * px_per_mm
    if abs(line.start - last.start) > reach or abs(line.end - last.end) > reach:
        return False
    tall = line.at - last.at
    return is_next_row(tall, last.at - stack[-2].at if len(stack) > 1 else tall, px_per_mm)


def is_next_row(tall_px: float, usual_px: float, px_per_mm: float) -> bool:
    """Whether a row of that height is one of a stack whose rows have the usual one."""
    least, most = (side * px_per_mm for side in _ROW_MM)
    return least <= tall_px <= most and abs(tall_px - usual_px) <= _UNEVEN * usual_px


def uprights_of(ruling: Ruling, rules: Rules) -> list[int]:
    """Columns of pixels where a line stands from the first rule to the last."""
    leans = round(LEANS_MM * ruling.px_per_mm)
    first = max(0, rules.left - 2 * leans)
    strip = ruling.down[rules.rows[0] : rules.rows[-1], first : rules.right + 2 * leans]
    wider = cv2.dilate(strip, np.ones((1, 1 + 2 * leans), np.uint8))
    along = cv2.reduce(wider, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[0] >= _UPRIGHT * len(strip)
    return [first + (start + end) // 2 for start, end in runs_of(along)]
