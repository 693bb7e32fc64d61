"""Tables whose lines a poor scan or copy broke: the gaps in them are drawn again.

Only lines of a stack of rules are mended, and its uprights: boxes beside one another have gaps too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ocr.find.ruling import Ruling
from ocr.find.stacks import LEANS_MM, Rules, uprights_of
from ocr.runs import Bits, runs_of, turned

_GAP_MM = 5.0  # the longest that is mended; longer ones part what is printed
_LEAST_UPRIGHTS = 2
_CORNER_MM = 0.8  # a gap between lines down as near to its ends is one between two boxes


def mend_tables(ruling: Ruling, stacks: Sequence[Rules]) -> Ruling:
    """Fill the gaps in the rules and uprights of tables.

    Args:
        ruling: The lines of a page.
        stacks: Its stacks of rules.
    """
    for rules in stacks:
        columns = uprights_of(ruling, rules)
        if len(columns) >= _LEAST_UPRIGHTS:
            ruling = _mended(ruling, rules, columns)
    return ruling


def _mended(ruling: Ruling, rules: Rules, columns: Sequence[int]) -> Ruling:
    stretch = slice(rules.left, rules.right + 1)
    rows = slice(rules.rows[0], rules.rows[-1] + 1)
    in_rules = [
        (row, start, end)
        for row in rules.rows
        for start, end in _gaps(ruling.across, row, stretch, ruling.px_per_mm)
        if not _is_between_boxes(ruling, row, start, end)
    ]
    uprights = turned(ruling.down)
    in_uprights = [
        (column, start, end)
        for column in columns
        for start, end in _gaps(uprights, column, rows, ruling.px_per_mm)
    ]
    across, down = _filled(ruling.across, in_rules), turned(_filled(uprights, in_uprights))
    return replace(ruling, across=across, down=down)


def _gaps(lines: Bits, at: int, stretch: slice, px_per_mm: float) -> Iterator[tuple[int, int]]:
    """Where a line's short gaps begin and end within a stretch of it."""
    leans = round(LEANS_MM * px_per_mm)
    drawn = np.asarray(lines[max(0, at - leans) : at + leans + 1, stretch].any(axis=0))
    for start, end in runs_of(~drawn):
        if start > 0 and end < len(drawn) and end - start <= _GAP_MM * px_per_mm:
            yield stretch.start + start, stretch.start + end


def _is_between_boxes(ruling: Ruling, row: int, start: int, end: int) -> bool:
    """Whether lines down stand at both ends of a gap."""
    reach = round(_CORNER_MM * ruling.px_per_mm)
    band = ruling.down[max(0, row - 2 * reach) : row + 2 * reach + 1]
    return all(band[:, max(0, x - reach) : x + reach + 1].any() for x in (start, end))


def _filled(lines: Bits, gaps: Sequence[tuple[int, int, int]]) -> Bits:
    if not gaps:
        return lines
    filled = lines.copy()
    for at, start, end in gaps:
        filled[at, start:end] = 1
    return filled
