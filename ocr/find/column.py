"""The rows of a ruled column, found on its printed rules."""

from itertools import pairwise

import numpy as np

from ocr.find.lines import horizontal_lines, line_ink
from ocr.geometry import Box
from ocr.upright import UprightPage

_WORK_PX_PER_MM = 6.0  # 150 dpi: rules are 1 to 2 px wide
_SLACK_MM = 2.5  # how far the column's outermost rules may stand from its box
_COVERS = 0.6  # of the column's width: a rule does, and no bar of a digit
_SAME_RULE_MM = 1.2  # two nearer ones are one, printed double or thick
_OFF = 0.35  # of a row's height: how far a rule may stand from where equal rows would have it
_ROOM = 0.6  # of the usual row: space above the first rule or below the last that is a row too


def rows_of(page: UprightPage, column: Box, px_per_mm: float, rows: int | None) -> tuple[Box, ...]:
    """Part a column into its rows.

    Args:
        page: The page.
        column: The whole column on it.
        px_per_mm: Scale of the page.
        rows: How many rows there are; None if the rules tell.

    Returns:
        The rows from the top, as wide as the column. A given number without rules to be seen makes
        equal rows; an unknown one none.
    """
    rules = _rules(page, column, px_per_mm)
    edges = _edges(rules, column) if rows is None else _settled(rules, column, rows)
    return tuple(
        Box(column.x, round(top), column.width, round(bottom) - round(top))
        for top, bottom in pairwise(edges)
    )


def _rules(page: UprightPage, column: Box, px_per_mm: float) -> list[float]:
    """Rows of pixels where rules cross the column, from the top."""
    slack = round(_SLACK_MM * px_per_mm)
    region = Box(column.x, column.y - slack, column.width, column.height + 2 * slack)
    region = region.clipped(page.shape[1], page.shape[0])
    shrunk = max(1.0, px_per_mm / _WORK_PX_PER_MM)
    ink = line_ink(page.part(region).reduced(1 / shrunk))
    lines = horizontal_lines(ink, max(2, round(_COVERS * ink.shape[1])))
    rules: list[float] = []
    for line in lines:
        at = region.y + line.at * shrunk
        if not rules or at > rules[-1] + _SAME_RULE_MM * px_per_mm:
            rules.append(at)
    return rules


def _settled(rules: list[float], column: Box, rows: int) -> list[float]:
    """Edges of a given number of rows: equal ones, each moved to the rule that is near."""
    if len(rules) == rows + 1:
        return rules
    equal = np.linspace(column.y, column.bottom, rows + 1)
    reach = _OFF * column.height / rows
    near = [min(rules, key=lambda rule: abs(rule - edge), default=edge) for edge in equal]
    shifts = [rule - edge for rule, edge in zip(near, equal, strict=True)]
    usual = float(np.median([shift for shift in shifts if abs(shift) <= reach] or [0.0]))
    return [
        float(rule if abs(shift) <= reach else edge + usual)
        for rule, edge, shift in zip(near, equal, shifts, strict=True)
    ]


def _edges(rules: list[float], column: Box) -> list[float]:
    """Edges of as many rows as the rules show, with those that a fold or writing hides."""
    if len(rules) < 2:
        return []
    usual = float(np.median(np.diff(rules)))
    ends = [float(column.y), float(column.bottom)]
    first = [ends[0]] if rules[0] - ends[0] >= _ROOM * usual else []
    last = [ends[1]] if ends[1] - rules[-1] >= _ROOM * usual else []
    edges = [*first, *rules, *last]
    whole = edges[:1]
    for top, bottom in pairwise(edges):
        hidden = max(1, round((bottom - top) / usual))
        whole += [top + (k + 1) * (bottom - top) / hidden for k in range(hidden)]
    return whole
