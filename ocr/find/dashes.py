"""Combs of dashes: a short line to write on for each digit, ``_ _ _ _``."""

from collections.abc import Sequence

from ocr.find.combs import Row, cells_at, spaced_boxes
from ocr.find.lines import RuledLine
from ocr.find.pitch import EvenLines
from ocr.find.ruling import Ruling
from ocr.find.writing_lines import apart_from
from ocr.geometry import Box

_DASH_MM = (3.6, 10.5)  # room for a digit
_THICK_MM = 1.0  # a dash and what touches it
_TALL_MM = 7.5  # of a digit with its room
_BESIDE_MM = 0.9  # off a dash; print has more ink there than the feet of digits
_MOST_BESIDE = 0.45  # share of ink there
_LEAST_DASHES = 3  # two where another row has as long ones as near
_MOST_DASHES = 20  # more are a line to cut along
_SAME_PX = 2  # how far pairs may differ from longer rows


def dash_combs(ruling: Ruling, stretches: Sequence[Box], cells: Sequence[Box]) -> list[Row]:
    """The combs of at least three dashes, and pairs of the same dashes elsewhere.

    Args:
        ruling: The lines of a page.
        stretches: Its unbroken stretches across.
        cells: What is enclosed; its sides are no dashes.
    """
    px_per_mm = ruling.px_per_mm
    tall = round(_TALL_MM * px_per_mm)
    rooms = [
        Box(dash.x, dash.bottom - tall, dash.width, tall)
        for dash in _dashes(stretches, cells, px_per_mm)
        if dash.bottom >= tall
    ]
    rows = [
        row
        for row in spaced_boxes(rooms, px_per_mm)
        if 2 <= len(row) <= _MOST_DASHES and not any(_is_print(room, ruling) for room in row)
    ]
    sure = [row for row in rows if len(row) >= _LEAST_DASHES]
    return [
        _comb(row) for row in rows if row in sure or any(_is_like(row, other) for other in sure)
    ]


def _dashes(stretches: Sequence[Box], cells: Sequence[Box], px_per_mm: float) -> list[Box]:
    """Stretches as short and thin as a dash, along no cell's top or bottom."""
    least, most = (side * px_per_mm for side in _DASH_MM)
    dashes = [
        box
        for box in stretches
        if least <= box.width <= most and box.height <= _THICK_MM * px_per_mm
    ]
    lines = [RuledLine(dash.bottom - 1.0, dash.x, dash.right) for dash in dashes]
    free = set(apart_from(lines, cells, px_per_mm))
    return [dash for dash, line in zip(dashes, lines, strict=True) if line in free]


def _is_print(room: Box, ruling: Ruling) -> bool:
    """Whether the dash below a digit's room is part of print: there is ink along its sides."""
    off = max(2, round(_BESIDE_MM * ruling.px_per_mm))
    rows = [row for row in (room.bottom - 1 - off, room.bottom + off) if row < len(ruling.ink)]
    beside = ruling.ink[rows, room.x : room.right]
    return bool((beside.mean(axis=1) > _MOST_BESIDE).any())


def _is_like(row: Row, other: Row) -> bool:
    """Whether the dashes of two rows are as long and as near one another."""
    return all(
        abs(of_row - of_other) <= _SAME_PX
        for of_row, of_other in (
            (row[0].width, other[0].width),
            (row[1].x - row[0].x, other[1].x - other[0].x),
        )
    )


def _comb(row: Row) -> Row:
    """Touching cells, each as wide as from one dash to the next."""
    pitch = (row[-1].x - row[0].x) / (len(row) - 1)
    first = row[0].x - (pitch - row[0].width) / 2
    return cells_at(EvenLines(first, pitch, len(row)), row[0].y, row[0].bottom)
