"""Lines to write on: ruled or dotted, with room above and no box around."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.components import outer_boxes
from ocr.find.lines import RuledLine, line_of
from ocr.find.ruling import Ruling
from ocr.geometry import Box
from ocr.runs import Bits

_PART_PX = 24  # on coarse pictures everything is made of short straight lines
_PART_MM = 6.0  # the shortest part of a broken line; bars of print are shorter
_SHORTEST_MM = 9.0  # room for two digits
_LONGEST = 0.8  # of the page's width: a longer one parts sections
_BREAK_MM = 4.0  # gap in a line that writing or a copier makes
_STEP_MM = 0.6  # how far the parts of one line may be off
ROOM_MM = (5.0, 8.5)  # least and most height of writing above a line
_BELOW_MM = 0.6  # what a digit reaches below the line
_BESIDE_MM = 0.7  # a printed line is thinner than twice this
_THICK_FROM_MM = (
    20.0  # a shorter line that is thick may be the foot of bold letters, or a picture's
)
_THICK_MM = 0.65  # as thick is none that one writes on
_MOST_BESIDE = 0.42  # share of ink along a line's sides: digits on it have less, print has more
_DRAWN = 0.85  # share of a line that is ink, dots and their gaps included
_INKED = 0.2  # share of ink alone: rows of fine dots reach it, edges of grounds do not
_NEAR_MM = 1.2  # a line nearer to a cell's edge is the cell's
_CAPTION_MM = 2.2  # nothing is written as near above a cell: the feet of its caption's letters


@dataclass(frozen=True, slots=True)
class LinesAcross:
    """The horizontal lines of a page.

    Attributes:
        stretches: What is unbroken, short or long.
        parts: The stretches that are part of lines.
        whole: The lines, from the top, their parts joined.
    """

    stretches: list[Box]
    parts: list[RuledLine]
    whole: list[RuledLine]


def lines_across(across: Bits, px_per_mm: float) -> LinesAcross:
    """The horizontal lines of a mask; those that writing or a copier parted are whole."""
    stretches = outer_boxes(across)
    shortest_px = max(_PART_PX, _PART_MM * px_per_mm)
    parts = [line_of(across, box) for box in stretches if box.width >= shortest_px]
    whole = _mended(parts, _BREAK_MM * px_per_mm, _STEP_MM * px_per_mm)
    return LinesAcross(stretches, parts, whole)


def parts_of(line: RuledLine, across: LinesAcross, px_per_mm: float) -> list[RuledLine]:
    """The parts of a line, if it has several."""
    its = [
        part
        for part in across.parts
        if abs(part.at - line.at) <= _STEP_MM * px_per_mm
        and line.start <= part.start
        and part.end <= line.end
    ]
    return its if len(its) > 1 else []


def writing_lines(
    ruling: Ruling, lines: Sequence[RuledLine], cells: Sequence[Box], most_edged: float
) -> list[RuledLine]:
    """Those of the horizontal lines that one may write on.

    Args:
        ruling: The lines of a page.
        lines: Those across.
        cells: The page's cells.
        most_edged: Share of a line up to which cells may stand along it.
    """
    scale = ruling.px_per_mm
    longest = _LONGEST * ruling.across.shape[1]
    lines = [
        line for line in lines if max(2 * _PART_PX, _SHORTEST_MM * scale) <= line.length <= longest
    ]
    return [line for line in apart_from(lines, cells, scale, most_edged) if _is_thin(ruling, line)]


def apart_from(
    lines: Sequence[RuledLine], cells: Sequence[Box], px_per_mm: float, most_edged: float = 0.0
) -> list[RuledLine]:
    """Lines along which no cells stand but for such a share of their length."""
    edged = _edged(lines, cells, _NEAR_MM * px_per_mm).tolist()
    return [line for line, share in zip(lines, edged, strict=True) if share <= most_edged]


def _is_thin(ruling: Ruling, line: RuledLine) -> bool:
    """Whether a line is one: ink all along, and little above and below.

    Its row is the first of a thick one.
    """
    row, columns = round(line.at), slice(line.start, line.end)
    band = slice(max(0, row - 1), row + 2), columns
    if ruling.across[band].any(axis=0).mean() < _DRAWN:
        return False
    if ruling.ink[band].any(axis=0).mean() < _INKED:
        return False
    off = max(2, round(_BESIDE_MM * ruling.px_per_mm))
    below = row + off
    thick = ruling.ink[max(0, row - off) : below + 1, columns].mean(axis=1) >= _DRAWN
    if (
        line.length < _THICK_FROM_MM * ruling.px_per_mm
        and thick.sum() > _THICK_MM * ruling.px_per_mm
    ):
        return False
    if line.length >= _THICK_FROM_MM * ruling.px_per_mm:
        below += int((ruling.ink[row:below, columns].mean(axis=1) >= _DRAWN).sum())
    rows = [r for r in (row - off, below) if 0 <= r < len(ruling.ink)]
    return all(float(ruling.ink[r, columns].mean()) <= _MOST_BESIDE for r in rows)


def _mended(parts: Sequence[RuledLine], gap_px: float, step_px: float) -> list[RuledLine]:
    """Lines whose parts, on one level and not far apart, are joined."""
    whole: list[RuledLine] = []
    for part in sorted(parts, key=lambda line: line.start):
        before = [
            line
            for line in whole
            if abs(line.at - part.at) <= step_px and -step_px <= part.start - line.end <= gap_px
        ]
        for line in before[:1]:
            whole.remove(line)
        whole.append(_joined(before[0], part) if before else part)
    return sorted(whole, key=lambda line: (line.at, line.start))


def _joined(left: RuledLine, right: RuledLine) -> RuledLine:
    at = np.average((left.at, right.at), weights=(left.length, right.length))
    return RuledLine(float(at), left.start, max(left.end, right.end))


def room_above(line: RuledLine, lines: Sequence[RuledLine], px_per_mm: float) -> Box | None:
    """Where one writes on a line: up to the next line above; None if that is too near."""
    least, most = (room * px_per_mm for room in ROOM_MM)
    above = [
        line.at - other.at
        for other in lines
        if other.at < line.at and other.start < line.end and line.start < other.end
    ]
    room = min([most, line.at, *above])
    if room < least:
        return None
    top, bottom = round(line.at - room), round(line.at + _BELOW_MM * px_per_mm)
    return Box(line.start, top, line.length, bottom - top)


def _edged(
    lines: Sequence[RuledLine], cells: Sequence[Box], reach_px: float
) -> NDArray[np.float64]:
    """(N,) the share of each line that runs along the top or bottom of cells."""
    at, start, end = np.array([(line.at, line.start, line.end) for line in lines]).reshape(-1, 3).T
    sides = np.array([(cell.x, cell.y, cell.right, cell.bottom) for cell in cells])
    left, top, right, bottom = sides.reshape(-1, 4).T[..., None]
    above, below = reach_px * _CAPTION_MM / _NEAR_MM, reach_px
    level = ((top - at <= above) & (at - top <= below)) | (np.abs(at - bottom) <= reach_px)
    along = np.clip(np.minimum(right, end) - np.maximum(left, start), 0, None) / (end - start)
    return np.asarray((level * along).sum(axis=0))
