"""The structure of a page: every place that looks made for digits, found without any form."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

import numpy as np

from ocr.arrays import Ink
from ocr.find.brackets import is_cornered, room_in_bracket
from ocr.find.broken_rules import stacks_of_broken_rules
from ocr.find.captions import below_caption
from ocr.find.cells import find_cells
from ocr.find.comb_stacks import part_stacked
from ocr.find.combs import Row, rows_of_cells
from ocr.find.cut_short import is_cut_short
from ocr.find.faint_tables import add_faint_tables
from ocr.find.groups import groups_of_numbers
from ocr.find.lines import RuledLine
from ocr.find.open_combs import open_combs
from ocr.find.open_rows import part_rows
from ocr.find.open_tables import close_tables
from ocr.find.parted import rejoined
from ocr.find.ruling import Ruling, find_ruling
from ocr.find.square_brackets import rooms_in_brackets
from ocr.find.stacks import stacks_of_rules
from ocr.find.tables import Column, find_columns
from ocr.find.ticks import ticked_comb
from ocr.find.worn_tables import mend_tables
from ocr.find.writing_lines import apart_from, lines_across, room_above, writing_lines
from ocr.geometry import Box, around, middles_in
from ocr.upright import UprightPage

FRAME_MM = 0.25  # a printed line's breadth: writing begins inside it
_BOX_MM = (5.0, 4.5)  # width and height of the smallest single box; the inside of a big letter
_MOST_CLOSED = 0.7  # share of an open comb that strokes from side to side close to cells
_LEAST_IN_COLUMN = 3  # rows of cells, one above the other
_NEAR_ROWS = 3.5  # of their height: how far they are off
_COLUMN = 0.3  # of a cell's width: how far they may be apart
_ROW = 0.5  # of a field's height: fields whose middles are nearer stand in one row


class Kind(StrEnum):
    """How a field is printed; the first part of its name in `auto`."""

    COMB = "comb"  # touching cells, or cells parted by short lines
    BOXES = "boxes"  # a row of separate boxes, one for each digit
    BOX = "box"  # one box for all digits
    LINE = "line"  # a ruled or dotted line to write on
    TABLE = "table"  # a column of a ruled table


@dataclass(frozen=True, slots=True)
class Found:
    """A place for digits.

    Attributes:
        kind: How it is printed.
        box: All of it, in pixels of the page.
        cells: Cells of a comb or a row of boxes, from left to right; of a table's column, from
            the top. Empty for boxes and lines.
        table: Number of the table on the page, from 1; 0 outside tables.
        column: Number of the column in its table, from 1.
        first_row: Number of the first cell's row in its table, from 1.
        is_cut_short: Whether the field goes on beside it, where no place was found.
        groups: Numbers of cells between which there is more room; empty if all are as near.
        has_cents: Whether the last two cells are for cents, behind a printed point.
    """

    kind: Kind
    box: Box
    cells: tuple[Box, ...] = ()
    table: int = 0
    column: int = 0
    first_row: int = 0
    is_cut_short: bool = False
    groups: tuple[int, ...] = ()
    has_cents: bool = False

    def parted(self) -> "tuple[Found, ...]":
        """Each group of cells as a place of its own."""
        ends = np.cumsum((0, *self.groups)).tolist()
        groups = (self.cells[start:end] for start, end in pairwise(ends))
        return tuple(_row(self.kind, cells) for cells in groups) if self.groups else (self,)


def find_structure(page: UprightPage) -> tuple[Found, ...]:
    """Find all places for digits on an upright page.

    Lines are found on a reduced page; what they enclose are cells; cells make combs, rows of
    boxes, tables and single boxes; lines that enclose nothing are lines to write on. Whether
    somebody wrote digits there is not asked.

    Args:
        page: It is taken to be about as large as A4 or letter paper: fields
            on smaller paper must fill less of it than a field of 130 by 18 mm would.

    Returns:
        The places in reading order, all inside the page.
    """
    ruling = find_ruling(page)
    places = [place for row in in_rows(_places(ruling)) for place in row]
    height, width = page.shape
    return tuple(_on_page(place, ruling.shrunk, width, height) for place in places)


def _places(ruling: Ruling) -> Iterator[Found]:
    """The places on the reduced page, kind by kind."""
    across = lines_across(ruling.across, ruling.px_per_mm)
    stacks = tuple(stacks_of_rules(across.whole, ruling.px_per_mm))
    if not stacks and (with_faint := add_faint_tables(ruling)):
        ruling = with_faint
        across = lines_across(ruling.across, ruling.px_per_mm)
        stacks = tuple(stacks_of_rules(across.whole, ruling.px_per_mm))
    stacks += tuple(stacks_of_broken_rules(ruling, stacks))
    ruling = part_rows(close_tables(mend_tables(ruling, stacks), stacks))
    cells = find_cells(ruling)
    combs, rows, others = rows_of_cells(cells, ruling.px_per_mm)
    combs = part_stacked(combs, others, ruling)
    others = _outside(others, [around(comb) for comb in combs])
    columns = find_columns(others, ruling.px_per_mm)
    tabled = {cell for column in columns for cell in column.cells}
    apart = rejoined([cell for cell in others if cell not in tabled], ruling)
    boxes = [box for box in _outside(apart, list(tabled)) if _is_box(box, ruling.px_per_mm)]
    lines = writing_lines(ruling, across.whole, cells, _MOST_CLOSED)
    opened = open_combs(ruling, across, lines, cells, combs)
    rooms = [around(comb) for comb in opened]
    enclosed = [
        *_groups(Kind.COMB, combs, ruling.ink),
        *_groups(Kind.BOXES, rows, ruling.ink),
        *(_column(column, ruling.px_per_mm) for column in columns),
        *(_box(box, ruling) for box in boxes),
    ]
    within = middles_in([place.box for place in enclosed], rooms)
    places = [
        *_groups(Kind.COMB, opened, ruling.ink),
        *(place for place, it_is in zip(enclosed, within, strict=True) if not it_is),
        *_on_lines(ruling, apart_from(lines, [*cells, *rooms], ruling.px_per_mm)),
    ]
    yield from _with_doubt(places, cells, ruling)
    for room in rooms_in_brackets(ruling, [*rooms, *(place.box for place in enclosed)]):
        yield Found(Kind.BOX, _inside(room, ruling.px_per_mm))


def _with_doubt(places: Sequence[Found], cells: Sequence[Box], ruling: Ruling) -> Iterator[Found]:
    """Places, those marked that are less than their field.

    Rows of cells in columns are fields of their own, however near one another; of others that are
    as near nobody knows.
    """
    rows = [place for place in places if place.cells]
    columns = [place for place in rows if _stands_in_column(place, rows)]
    loose = _outside(cells, [place.box for place in columns])
    boxes = [*(place.box for place in places), *loose]
    for place in places:
        others = [box for box in boxes if not place.box.has_middle_of(box)]
        cut = place.kind is not Kind.TABLE and is_cut_short(
            place.box, place.cells, others, ruling.ink, ruling.px_per_mm
        )
        yield replace(place, is_cut_short=cut) if cut else place


def _stands_in_column(place: Found, rows: Sequence[Found]) -> bool:
    """Whether several rows of as many cells stand at the same place right above or below."""
    aside, off = _COLUMN * place.cells[0].width, _NEAR_ROWS * place.box.height
    alike = (
        len(other.cells) == len(place.cells)
        and abs(other.box.x - place.box.x) <= aside
        and abs(other.box.y - place.box.y) <= off
        for other in rows
    )
    return place.kind is Kind.TABLE or sum(alike) >= _LEAST_IN_COLUMN


def _row(kind: Kind, cells: tuple[Box, ...]) -> Found:
    return Found(kind, around(cells), cells)


def _groups(kind: Kind, rows: Sequence[Row], ink: Ink) -> Iterator[Found]:
    """Combs or rows of boxes; such as make one number are one place."""
    for groups in groups_of_numbers(rows, ink):
        sizes = tuple(map(len, groups.rows))
        place = _row(kind, tuple(cell for cells in groups.rows for cell in cells))
        yield replace(place, groups=sizes, has_cents=groups.has_cents) if len(sizes) > 1 else place


def _column(column: Column, px_per_mm: float) -> Found:
    cells = tuple(_inside(cell, px_per_mm) for cell in column.cells)
    place = Found(Kind.TABLE, around(cells), cells, column.table, column.number)
    return replace(place, first_row=column.first_row)


def _box(box: Box, ruling: Ruling) -> Found:
    """A box; a comb if short lines part it into cells."""
    base = RuledLine(float(box.bottom - 1), box.x, box.right)
    cells = ticked_comb(ruling.ink, base, ruling.px_per_mm, box.y)
    if cells:
        return _row(Kind.COMB, cells)
    room = below_caption(ruling.ink, box, ruling.px_per_mm)
    return Found(Kind.BOX, _inside(room, ruling.px_per_mm))


def _on_lines(ruling: Ruling, lines: Sequence[RuledLine]) -> Iterator[Found]:
    """Room to write on lines that end freely, and in brackets."""
    for line in lines:
        if is_cornered(ruling, line):
            if room := room_in_bracket(ruling, line, lines):
                yield Found(Kind.BOX, _inside(room, ruling.px_per_mm))
        elif room := room_above(line, lines, ruling.px_per_mm):
            yield Found(Kind.LINE, room)


def _outside(boxes: Sequence[Box], rooms: Sequence[Box]) -> list[Box]:
    """The boxes whose middle is in none of some rooms."""
    return [box for box, it_is in zip(boxes, middles_in(boxes, rooms), strict=True) if not it_is]


def _is_box(cell: Box, px_per_mm: float) -> bool:
    width_mm, height_mm = _BOX_MM
    return cell.width >= width_mm * px_per_mm and cell.height >= height_mm * px_per_mm


def _inside(box: Box, px_per_mm: float) -> Box:
    """A box without its printed frame."""
    frame = max(1, round(FRAME_MM * px_per_mm))
    return Box(box.x + frame, box.y + frame, box.width - 2 * frame, box.height - 2 * frame)


def in_rows(places: Iterable[Found]) -> list[list[Found]]:
    """Places in reading order: rows from the top, each from the left."""
    rows: list[list[Found]] = []
    for place in sorted(places, key=lambda place: place.box.y + place.box.height / 2):
        box = place.box
        if (
            rows
            and box.y + box.height / 2 < rows[-1][0].box.y + (0.5 + _ROW) * rows[-1][0].box.height
        ):
            rows[-1].append(place)
        else:
            rows.append([place])
    return [sorted(row, key=lambda place: place.box.x) for row in rows]


def _on_page(place: Found, shrunk: int, width: int, height: int) -> Found:
    """A place in pixels of the full page."""

    def full(box: Box) -> Box:
        sides = (box.x, box.y, box.width, box.height)
        return Box(*(side * shrunk for side in sides)).clipped(width, height)

    return replace(place, box=full(place.box), cells=tuple(full(cell) for cell in place.cells))
