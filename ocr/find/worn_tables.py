"""Tables whose lines a poor scan or copy broke: the gaps in them are drawn again.

Only lines of a stack of rules are mended, and its uprights: boxes beside one another have gaps too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ocr.find.ruling import Ruling
from ocr.find.stacks import LEANS_MM, LEVEL_MM, Rules, uprights_of
from ocr.runs import Bits, runs_of, turned

_GAP_MM = 12.0  # the longest that is mended; longer ones part what is printed
_LEAST_UPRIGHTS = 2
_CORNER_MM = 0.8  # lines as near to both ends of a gap bound it


def mend_tables(ruling: Ruling, stacks: Sequence[Rules]) -> Ruling:
    """Fill the gaps in the rules and uprights of tables.

    Args:
        ruling: The lines of a page.
        stacks: Its stacks of rules.
    """
    tables = [(rules, uprights_of(ruling, rules)) for rules in stacks]
    tables = [(rules, columns) for rules, columns in tables if len(columns) >= _LEAST_UPRIGHTS]
    if not tables:
        return ruling
    uprights, rules_turned = turned(ruling.down), turned(ruling.across)
    in_rules = [gap for table in tables for gap in _gaps_in_rules(ruling, *table)]
    in_uprights = [
        (column, *gap)
        for rules, columns in tables
        for column in columns
        for gap in _gaps(uprights, column, _rows(rules), (True, True), ruling.px_per_mm)
        if not _is_between_lines(rules_turned, column, gap, ruling.px_per_mm)
    ]
    across, down = _filled(ruling.across, in_rules), turned(_filled(uprights, in_uprights))
    return replace(ruling, across=across, down=down)


def _rows(rules: Rules) -> slice:
    return slice(rules.rows[0], rules.rows[-1] + 1)


def _gaps_in_rules(
    ruling: Ruling, rules: Rules, columns: Sequence[int]
) -> Iterator[tuple[int, int, int]]:
    """Row, first and last column of each gap."""
    reach = LEVEL_MM * ruling.px_per_mm
    stretch = slice(rules.left, rules.right + 1)
    closed = [any(abs(x - end) <= reach for x in columns) for end in (rules.left, rules.right)]
    for row in rules.rows:
        for gap in _gaps(ruling.across, row, stretch, closed, ruling.px_per_mm):
            if not _is_between_lines(ruling.down, row, gap, ruling.px_per_mm):
                yield row, *gap


def _gaps(
    lines: Bits, at: int, stretch: slice, closed: Sequence[bool], px_per_mm: float
) -> Iterator[tuple[int, int]]:
    """Where a line's short gaps begin and end within a stretch of it.

    Args:
        lines: All lines across.
        at: Row of this one.
        stretch: Columns from the first of it to the last.
        closed: Whether a line down stands at its beginning and its end, so that it reaches these.
        px_per_mm: Scale of the page.
    """
    leans = round(LEANS_MM * px_per_mm)
    drawn = np.asarray(lines[max(0, at - leans) : at + leans + 1, stretch].any(axis=0))
    for start, end in runs_of(~drawn):
        inside = (closed[0] or start > 0) and (closed[1] or end < len(drawn))
        if inside and end - start <= _GAP_MM * px_per_mm:
            yield stretch.start + start, stretch.start + end


def _is_between_lines(crossing: Bits, at: int, gap: tuple[int, int], px_per_mm: float) -> bool:
    """Whether lines cross at both ends of a gap: it is one between boxes, or in a wide cell."""
    reach = round(_CORNER_MM * px_per_mm)
    band = crossing[max(0, at - 2 * reach) : at + 2 * reach + 1]
    start, end = max(0, gap[0] - reach), gap[1] + reach + 1
    crossed = np.asarray(band[:, start:end].any(axis=0))
    at_ends = crossed[: 2 * reach + 1].any() and crossed[-2 * reach - 1 :].any()
    return bool(at_ends and len(runs_of(crossed)) > 1)


def _filled(lines: Bits, gaps: Sequence[tuple[int, int, int]]) -> Bits:
    if not gaps:
        return lines
    filled = lines.copy()
    for at, start, end in gaps:
        filled[at, start:end] = 1
    return filled
