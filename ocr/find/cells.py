"""Cells: the places that printed lines enclose, from a comb's cell to a box for a name."""

from functools import partial

import cv2
import numpy as np

from ocr.find.faint_lines import with_faint_lines
from ocr.find.hidden import with_hidden
from ocr.find.rails import Row, rows_between_rails
from ocr.find.ruling import Ruling
from ocr.find.tinted_places import with_tinted
from ocr.geometry import Box
from ocr.runs import Bits, turned

_CORNER_MM = (0.9, 0.5)  # how far lines across and down may end before the corner they make
_SMALLEST_MM = (2.6, 3.0)  # width and height of a cell; less is the inside of a letter
_SMALLEST_PX = (9, 13)  # digits in a smaller one could not be read
_LARGEST_MM = (130.0, 18.0)  # a larger one is a section of the page, or room for a paragraph
_DRAWN = 0.72  # share of each side that is drawn: a loop of writing has straight parts only
_SURELY_DRAWN = 0.9  # the same for a cell that is expected beside another
_LINE_PX = 2  # half the breadth of the band that holds a side
_LOOP_MM = 6.0  # a smaller cell in another, alone or nearly so, is a loop of writing
_MOST_LOOPS = 2
_SAME = 0.86  # of a cell's sides: the same cell, within its frame or with it
_LEAST_FAINT = 2  # cells of a comb of light lines
_LIGHT_MM = 12.0  # width of the narrowest box of light lines
_LEAST_ALIKE = 2  # boxes beside one that is found by its lines alone
_ROW_STEP = 2.0  # of a box's width: from one box of a row to the next, at most
_LEVEL_PX, _LEVEL = 4, 0.12  # how far they may differ, or that share of the height: thick frames
_FILLED = 0.72  # share of its bounding box that a cell fills: strokes that touch an edge eat of it


def find_cells(ruling: Ruling) -> list[Box]:
    """The cells of a page, their lines included, on the reduced page, from the top.

    A cell that holds others is a section, or the outer line of a double frame, and left out.
    """
    sides = _near_lines(ruling)
    cells = _with_railed(_enclosed(ruling, sides), rows_between_rails(ruling))
    if (faint := with_faint_lines(ruling)) is not None:
        cells = _with_railed(cells, rows_between_rails(faint, _LEAST_FAINT))
        cells += _light_boxes(faint, cells)
    cells = _without_sections(sorted(cells, key=lambda box: (box.y, box.x)), ruling.px_per_mm)
    cells = with_hidden(cells, ruling, partial(_is_drawn, sides, least=_SURELY_DRAWN))
    return with_tinted(cells, ruling.tinted)


def _light_boxes(faint: Ruling, cells: list[Box]) -> list[Box]:
    """The wide boxes that light lines enclose, drawn nearly whole, where no cell is."""
    least_px = _LIGHT_MM * faint.px_per_mm
    return [
        box
        for box in _enclosed(faint, _near_lines(faint), _SURELY_DRAWN)
        if box.width >= least_px
        and not any(box.has_middle_of(cell) or cell.has_middle_of(box) for cell in cells)
    ]


def _enclosed(ruling: Ruling, sides: tuple[Bits, Bits], least: float = _DRAWN) -> list[Box]:
    """The places of a cell's size that lines enclose, each side drawn for such a share."""
    outlines, tree = cv2.findContours(_joined(ruling), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    parents = np.asarray(tree)[0, :, 3] if outlines else ()
    return [
        box
        for outline, parent in zip(outlines, parents, strict=True)
        if parent >= 0  # an outline around paper, not around ink
        and _has_size_of_cell(box := Box(*cv2.boundingRect(outline)), ruling.px_per_mm)
        and cv2.contourArea(outline) >= _FILLED * (box.width - 1) * (box.height - 1)
        and _is_drawn(sides, box, least)
    ]


def _with_railed(cells: list[Box], rows: list[Row]) -> list[Box]:
    """Cells, and the rows between rails of which writing made less, in the place of their parts."""
    missed = [
        cell
        for row in rows
        if _is_likely(row, known := _are_among(cells, row), cells)
        if not all(known)
        for cell in row
    ]
    parts = {other for other in cells if any(_holds(cell, other) for cell in missed)}
    return missed + [cell for cell in cells if cell not in parts]


def _is_likely(row: Row, known: list[bool], cells: list[Box]) -> bool:
    """Whether a row is print: long, of two cells with one that is enclosed, or beside others."""
    if len(row) > _LEAST_ALIKE or (len(row) == _LEAST_ALIKE and any(known)):
        return True
    return all(_completes_a_row(cell, cells) for cell in row)


def _completes_a_row(cell: Box, cells: list[Box]) -> bool:
    """Whether several others of its size stand beside a cell; letters have such places too."""
    reach = max(_LEVEL_PX, _LEVEL * cell.height)
    alike = [
        other
        for other in cells
        if max(abs(other.y - cell.y), abs(other.bottom - cell.bottom)) <= reach
        and abs(other.width - cell.width) <= reach
        and abs(other.x - cell.x) <= _LEAST_ALIKE * _ROW_STEP * cell.width
    ]
    return len(alike) >= _LEAST_ALIKE


def _are_among(cells: list[Box], row: Row) -> list[bool]:
    """For each of a row whether a cell of nearly its size, or larger, is there."""
    if not cells:
        return [False] * len(row)
    x, y, wide, tall = np.array([(c.x, c.y, c.width, c.height) for c in cells]).T
    middle_x, middle_y = x + wide / 2, y + tall / 2
    return [
        bool(
            (
                (np.abs(middle_x - (cell.x + cell.width / 2)) < cell.width / 2)
                & (np.abs(middle_y - (cell.y + cell.height / 2)) < cell.height / 2)
                & (wide >= _SAME * cell.width)
                & (tall >= _SAME * cell.height)
            ).any()
        )
        for cell in row
    ]


def _holds(cell: Box, other: Box) -> bool:
    """Whether another cell is this one, or a part of it."""
    return cell.has_middle_of(other) and _is_most_of(cell, other)


def _is_most_of(cell: Box, other: Box) -> bool:
    """Whether a cell is nearly as large as another, or larger."""
    return cell.width >= _SAME * other.width and cell.height >= _SAME * other.height


def _joined(ruling: Ruling) -> Bits:
    """All lines, a little longer than they are drawn, so that corners close."""
    across, down = (1 + 2 * round(reach * ruling.px_per_mm) for reach in _CORNER_MM)
    wider = cv2.dilate(ruling.across, np.ones((1, across), np.uint8))
    taller = cv2.dilate(ruling.down, np.ones((down, 1), np.uint8))
    return np.asarray(cv2.bitwise_or(wider, taller), np.uint8)


def _has_size_of_cell(box: Box, px_per_mm: float) -> bool:
    sides = zip((box.width, box.height), _SMALLEST_PX, _SMALLEST_MM, _LARGEST_MM, strict=True)
    return all(
        max(least_px, least_mm * px_per_mm) <= side <= most_mm * px_per_mm
        for side, least_px, least_mm, most_mm in sides
    )


def _near_lines(ruling: Ruling) -> tuple[Bits, Bits]:
    """Pixels near lines across, and those near lines down; of the page and of the page turned."""
    band = np.ones((2 * _LINE_PX + 1, 1), np.uint8)
    across, down = (cv2.dilate(lines, band) for lines in (ruling.across, turned(ruling.down)))
    return np.asarray(across, np.uint8), np.asarray(down, np.uint8)


def _is_drawn(near: tuple[Bits, Bits], box: Box, least: float = _DRAWN) -> bool:
    """Whether all four sides of a box are printed lines for such a share of their length."""
    across, down = near
    if box != box.clipped(*across.shape[::-1]):
        return False
    rows, columns = box.slices
    return all(
        cv2.countNonZero(side) >= least * len(side)
        for side in (
            across[box.y, columns],
            across[box.bottom - 1, columns],
            down[box.x, rows],
            down[box.right - 1, rows],
        )
    )


def _without_sections(cells: list[Box], px_per_mm: float) -> list[Box]:
    """Cells without those that hold other cells, and without loops of writing in a cell."""
    sides = np.array([(box.x, box.y, box.right, box.bottom) for box in cells]).reshape(-1, 4)
    left, top, right, bottom = sides.T
    x, y = (left + right) / 2, (top + bottom) / 2
    area = (right - left) * (bottom - top)
    inside = (left[:, None] < x) & (x < right[:, None]) & (top[:, None] < y) & (y < bottom[:, None])
    holds = inside & (area[:, None] > area)
    held = holds.sum(axis=1)
    size = np.maximum(right - left, bottom - top)
    loops = (holds & (held[:, None] <= _MOST_LOOPS)).any(axis=0) & (size < _LOOP_MM * px_per_mm)
    sections = (holds & ~loops).any(axis=1)
    return [box for box, out in zip(cells, loops | sections, strict=True) if not out]
