"""Finding the fields of a bank check by its own lines, without a template.

Where fields are (ANSI X9.100-160, CTS-2010): the date in the upper right, the courtesy amount
right of the middle in a box or frame. All measures are shares of the check's width, since scans
often lie about their resolution.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ocr.arrays import Gray, Ink
from ocr.find.comb import find_comb
from ocr.find.lines import RuledLine, horizontal_lines, line_ink, vertical_lines
from ocr.find.placement import Placement
from ocr.geometry import Box
from ocr.scaling import scaled

_WORK_WIDTH = 1200  # pixels; a check is 150 to 220 mm wide, so 5 to 8 px per mm
_TALLEST = 2.0  # times the width: a thin strip is no check, and must not grow when it is scaled
_RIGHT_PART = 0.48  # of the width: date and amount stand right of it

_DATE_BOTTOM = 0.36  # of the height
_DATE_CELLS = 8  # DDMMYYYY, the comb of CTS-2010
_DATE_PITCH = (0.011, 0.040)  # of the width
_DATE_LINE_SHORTEST = 0.014  # of the width: height of a comb's lines
_DATE_RULE = (0.08, 0.40)  # of the width: length of the rule of a free date
_DATE_RULE_COVERS = 0.86  # share of ink along it: a row of print has up to 0.82, a rule 0.91
_DATE_WRITING = 0.05  # of the width: height of writing on a rule

_AMOUNT_ROWS = (0.18, 0.72)  # of the height
_AMOUNT_RULE_SHORTEST = 0.10  # of the width
_AMOUNT_HEIGHT = (0.028, 0.095)  # of the width: height of the box
_AMOUNT_WIDTH = (0.12, 0.42)  # of the width
_CORNER = 0.15  # of the box's height: how far its edges may miss each other at a corner
_EDGE_PX = 2  # half the breadth of the band that holds an edge
_CURRENCY_CELL = 0.36  # of the box's width: a cell line left of it parts the currency sign off


def find_on_check(gray: Gray, field_types: Sequence[str]) -> list[Placement | None]:
    """Find a check's fields by their types (`amount`, `date`).

    Args:
        gray: The upright check, filling the page.
        field_types: Types of the fields wanted.

    Returns:
        For each type its placement in pixels of `gray`, or None if it is not found.
    """
    height, width = gray.shape
    scale = max(width, height / _TALLEST) / _WORK_WIDTH
    ink = line_ink(scaled(gray, 1 / scale))
    finders = {"amount": _find_amount, "date": _find_date}
    return [finders[kind](ink, scale) if kind in finders else None for kind in field_types]


def _find_date(ink: Ink, scale: float) -> Placement | None:
    """The comb in the upper right, else the rule of a free date there."""
    height, width = ink.shape
    left = int(_RIGHT_PART * width)
    region = ink[: int(_DATE_BOTTOM * height), left:]
    verticals = vertical_lines(region, int(_DATE_LINE_SHORTEST * width))
    comb = find_comb(
        region, verticals, _DATE_CELLS, (_DATE_PITCH[0] * width, _DATE_PITCH[1] * width)
    )
    if comb is not None:
        offset = round(left * scale)
        cells = tuple(cell.moved(offset, 0) for cell in comb.cell_boxes(scale))
        first, last = cells[0], cells[-1]
        return Placement(Box(first.x, first.y, last.right - first.x, first.height), cells)
    rules = [
        line
        for line in horizontal_lines(region, int(_DATE_RULE[0] * width))
        if line.length <= _DATE_RULE[1] * width
        and line.at > _DATE_WRITING * width
        and _covered(region, line) >= _DATE_RULE_COVERS
    ]
    if not rules:
        return None
    rule = min(rules, key=lambda line: line.at)
    tall = int(_DATE_WRITING * width)
    box = Box(left + rule.start, int(rule.at) - tall, rule.length, int(tall * 1.15))
    return Placement(_scaled(box, scale))


def _covered(ink: Ink, rule: RuledLine) -> float:
    """Share of ink in the fullest row of a rule."""
    row = round(rule.at)
    band = ink[max(0, row - _EDGE_PX) : row + _EDGE_PX + 1, rule.start : rule.end]
    return float(band.mean(axis=1).max())


@dataclass(frozen=True, slots=True)
class _Frame:
    box: Box
    seen: float  # least covered share of its four edges
    currency_end: int | None  # column of the line after the currency sign's cell


def _find_amount(ink: Ink, scale: float) -> Placement | None:
    """The box whose edges are drawn most completely."""
    height, width = ink.shape
    left, top = int(_RIGHT_PART * width), int(_AMOUNT_ROWS[0] * height)
    region = ink[top : int(_AMOUNT_ROWS[1] * height), left:]
    rules = horizontal_lines(region, int(_AMOUNT_RULE_SHORTEST * width))
    verticals = vertical_lines(region, int(0.75 * _AMOUNT_HEIGHT[0] * width))
    frames = [
        frame
        for upper in rules
        for lower in rules
        if (frame := _frame(region, upper, lower, verticals)) is not None
    ]
    if not frames:
        return None
    frame = max(frames, key=lambda f: f.seen)
    box = frame.box
    if frame.currency_end is not None:
        box = Box(frame.currency_end, box.y, box.right - frame.currency_end, box.height)
    inner = Box(
        box.x + _EDGE_PX, box.y + _EDGE_PX, box.width - 2 * _EDGE_PX, box.height - 2 * _EDGE_PX
    )
    return Placement(_scaled(inner.moved(left, top), scale))


def _frame(
    region: Ink, upper: RuledLine, lower: RuledLine, verticals: list[RuledLine]
) -> _Frame | None:
    """The box between two rules, if they can be one's top and bottom.

    A side that is not seen ends where the rules do.
    """
    width = region.shape[1] / (1 - _RIGHT_PART)
    tall = lower.at - upper.at
    if not _AMOUNT_HEIGHT[0] * width <= tall <= _AMOUNT_HEIGHT[1] * width:
        return None
    start, end = max(upper.start, lower.start), min(upper.end, lower.end)
    reach = _CORNER * tall
    edges = [
        line.at
        for line in verticals
        if line.start <= upper.at + reach
        and line.end >= lower.at - reach
        and line.length <= 2.2 * tall
        and start - 2 * reach <= line.at <= end + 2 * reach
    ]
    left = min((x for x in edges if x <= end - _AMOUNT_WIDTH[0] * width), default=float(start))
    rights = [x for x in edges if x >= left + _AMOUNT_WIDTH[0] * width]
    right = min(rights, key=lambda x: abs(x - end), default=float(end))
    if not _AMOUNT_WIDTH[0] * width <= right - left <= _AMOUNT_WIDTH[1] * width:
        return None
    inner = [x for x in edges if left + 0.5 * tall < x < left + _CURRENCY_CELL * (right - left)]
    box = Box(round(left), round(upper.at), round(right - left), round(tall))
    return _Frame(box, _least_seen_edge(region, box), round(max(inner)) if inner else None)


def _least_seen_edge(ink: Ink, box: Box) -> float:
    """Share of ink along the least complete of a box's four edges."""
    shares = []
    for row in (box.y, box.bottom):
        band = ink[max(0, row - _EDGE_PX) : row + _EDGE_PX + 1, max(0, box.x) : box.right]
        shares.append(float(band.any(axis=0).mean()) if band.size else 0.0)
    for column in (box.x, box.right):
        band = ink[box.y : box.bottom, max(0, column - _EDGE_PX) : column + _EDGE_PX + 1]
        shares.append(float(band.any(axis=1).mean()) if band.size else 0.0)
    return min(shares)


def _scaled(box: Box, scale: float) -> Box:
    return Box(*(round(v * scale) for v in (box.x, box.y, box.width, box.height)))
