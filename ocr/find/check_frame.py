"""The box or frame that a check's courtesy amount is written into, by its four edges."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from ocr.arrays import Ink
from ocr.find.lines import RuledLine, horizontal_lines, vertical_lines
from ocr.geometry import Box, around

_RIGHT_PART = 0.48  # of the width: the amount stands right of it
_ROWS = (0.15, 0.72)  # of the height
_RULE_SHORTEST = 0.10  # of the width
_HEIGHT = (0.028, 0.095)  # of the width
_WIDTH = (0.12, 0.42)  # of the width
_CORNER = 0.15  # of the height: how far its edges may miss each other at a corner
_PAST = 0.3  # of the height: a digit may touch a cell line; a tall 1 reaches further
_EDGE_PX = 2  # half the breadth of the band that holds an edge
_CELL_LINES = 4  # inside: more than a currency sign's cell and columns of thousands and cents have
_CURRENCY_CELL = 0.36  # of the width: a cell line left of it parts the currency sign off
_HEADED = (1.25, 2.2)  # times the height of the row below a table's heading
_COLUMN = 0.06  # of the check's width: the narrowest column of a table
_DRAWN = 0.6  # share of ink of a table's least complete edge


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame found.

    Attributes:
        edges: Its outline; of a table's column with its heading.
        box: Its inside, right of the currency sign's cell if it has one and below a heading.
        seen: Share of ink along the least complete of its four edges.
        last: Whether it is the last column of a table, or stands alone: there amounts are.
    """

    edges: Box
    box: Box
    seen: float
    last: bool = True


def find_frames(ink: Ink) -> list[Frame]:
    """Find the frames of a check that may hold an amount, those drawn most completely first."""
    height, width = ink.shape
    left, top = int(_RIGHT_PART * width), int(_ROWS[0] * height)
    region = ink[top : int(_ROWS[1] * height), left:]
    rules = horizontal_lines(region, int(_RULE_SHORTEST * width))
    verticals = vertical_lines(region, int(0.75 * _HEIGHT[0] * width))
    framed = [_frame(region, upper, lower, verticals) for upper in rules for lower in rules]
    found = [frame for frame in framed if frame is not None]
    frames = [
        replace(each, edges=each.edges.moved(left, top), box=each.box.moved(left, top))
        for frame in found
        for each in _columns(frame, found, verticals, _COLUMN * width)
    ]
    return sorted(frames, key=lambda frame: -frame.seen)


def _columns(
    frame: Frame, others: list[Frame], verticals: list[RuledLine], least_px: float
) -> Iterator[Frame]:
    """A frame itself; of a table's row below its heading the columns, of both rows nothing.

    Business checks have such tables: DATE, CHECK NO., AMOUNT.
    """
    if any(_is_headed(frame, row) for row in others):
        return
    table = next((other for other in others if _is_headed(other, frame)), None)
    if table is None:
        yield frame
        return
    edges = frame.edges
    reach = _CORNER * edges.height
    lines = [
        round(line.at)
        for line in verticals
        if line.start <= table.edges.y + reach and line.end >= edges.bottom - reach
    ]
    inner = [x for x in lines if edges.x + least_px < x < edges.right - least_px]
    for start, end in pairwise([edges.x, *sorted(inner), edges.right]):
        if end - start >= least_px:
            row = Box(start, edges.y, end - start, edges.height)
            column = around([row, Box(start, table.edges.y, end - start, 1)])
            yield Frame(column, _inside(row), frame.seen, last=end == edges.right)


def _is_headed(table: Frame, row: Frame) -> bool:
    """Whether a frame is a row of a table with its heading above."""
    one, other = table.edges, row.edges
    level = abs(one.bottom - other.bottom) <= _EDGE_PX
    below = abs(one.x - other.x) <= 2 * _EDGE_PX and abs(one.right - other.right) <= 2 * _EDGE_PX
    higher = _HEADED[0] <= one.height / other.height <= _HEADED[1]
    return level and below and higher and min(table.seen, row.seen) >= _DRAWN


def _frame(
    region: Ink, upper: RuledLine, lower: RuledLine, verticals: list[RuledLine]
) -> Frame | None:
    """The frame between two rules, if they can be one's top and bottom.

    A side that is not seen ends where the rules do.
    """
    width = region.shape[1] / (1 - _RIGHT_PART)
    tall = lower.at - upper.at
    if not _HEIGHT[0] * width <= tall <= _HEIGHT[1] * width:
        return None
    start, end = max(upper.start, lower.start), min(upper.end, lower.end)
    reach = _CORNER * tall
    uprights = [
        line
        for line in verticals
        if line.start <= upper.at + reach
        and line.end >= lower.at - reach
        and line.length <= 2.2 * tall
        and start - 2 * reach <= line.at <= end + 2 * reach
    ]
    edges = [line.at for line in uprights]
    left = min((x for x in edges if x <= end - _WIDTH[0] * width), default=float(start))
    rights = [x for x in edges if x >= left + _WIDTH[0] * width]
    right = min(rights, key=lambda x: abs(x - end), default=float(end))
    if not _WIDTH[0] * width <= right - left <= _WIDTH[1] * width:
        return None
    if sum(left < x < right for x in edges) >= _CELL_LINES:
        return None  # a comb, as dates have
    edges_box = box = Box(round(left), round(upper.at), round(right - left), round(tall))
    seen = _least_seen_edge(region, box)
    cell_lines = [
        line.at
        for line in uprights
        if max(upper.at - line.start, line.end - lower.at) <= _PAST * tall
        and left + 0.5 * tall < line.at < left + _CURRENCY_CELL * (right - left)
    ]
    if cell_lines:
        cell = round(max(cell_lines))
        box = Box(cell, box.y, box.right - cell, box.height)
    return Frame(edges_box, _inside(box), seen)


def _inside(box: Box) -> Box:
    wide, tall = box.width - 2 * _EDGE_PX, box.height - 2 * _EDGE_PX
    return Box(box.x + _EDGE_PX, box.y + _EDGE_PX, wide, tall)


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
