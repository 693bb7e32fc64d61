"""Combs of dashes: a short line to write on for each digit, ``_ _ _ _``."""

from collections.abc import Sequence

import numpy as np

from ocr.find.combs import Row, cells_at, spaced_boxes
from ocr.find.pitch import EvenLines
from ocr.find.ruling import Ruling
from ocr.geometry import Box

_DASH_MM = (3.6, 9.0)  # room for a digit
_THICK_MM = 1.0  # a dash and what touches it
_TALL_MM = 7.5  # of a digit with its room
_BESIDE_MM = 0.9  # off a dash; print has more ink there than the feet of digits
_MOST_BESIDE = 0.45  # share of ink there
_LEAST_DASHES = 3  # two where another row has as long ones as near
_MOST_DASHES = 20  # more are a line to cut along
_SAME_PX = 2  # how far pairs may differ from longer rows
_NEAR_MM = 1.2  # a dash nearer to a cell's top or bottom is the cell's


def dash_combs(ruling: Ruling, stretches: Sequence[Box], cells: Sequence[Box]) -> list[Row]:
    """The combs of at least three dashes, and pairs of the same dashes elsewhere.

    Args:
        ruling: The lines of a page.
        stretches: Its unbroken stretches across.
        cells: What is enclosed; its sides are no dashes.
    """
    px_per_mm = ruling.px_per_mm
    dashes = [box for box in stretches if _is_dash(box, ruling)]
    tall = round(_TALL_MM * px_per_mm)
    rooms = [
        Box(dash.x, dash.bottom - tall, dash.width, tall)
        for dash in _apart_from(dashes, cells, px_per_mm)
        if dash.bottom >= tall
    ]
    rows = [row for row in spaced_boxes(rooms, px_per_mm) if 2 <= len(row) <= _MOST_DASHES]
    sure = [row for row in rows if len(row) >= _LEAST_DASHES]
    return [
        _comb(row) for row in rows if row in sure or any(_is_like(row, other) for other in sure)
    ]


def _is_dash(box: Box, ruling: Ruling) -> bool:
    """Whether a stretch is as short and thin as a dash, and no part of print."""
    least, most = (side * ruling.px_per_mm for side in _DASH_MM)
    if not least <= box.width <= most or box.height > _THICK_MM * ruling.px_per_mm:
        return False
    off = max(2, round(_BESIDE_MM * ruling.px_per_mm))
    rows = [row for row in (box.y - off, box.bottom - 1 + off) if 0 <= row < len(ruling.ink)]
    beside = ruling.ink[rows, box.x : box.right]
    return bool((beside.mean(axis=1) <= _MOST_BESIDE).all())


def _apart_from(dashes: Sequence[Box], cells: Sequence[Box], px_per_mm: float) -> list[Box]:
    """Dashes along no cell's top or bottom."""
    sides = np.array([(cell.x, cell.y, cell.right, cell.bottom) for cell in cells])
    left, top, right, bottom = sides.reshape(-1, 4).T
    reach = _NEAR_MM * px_per_mm
    return [
        dash
        for dash in dashes
        if not (
            (np.minimum(np.abs(top - dash.y), np.abs(bottom - dash.y)) <= reach)
            & (left < dash.right)
            & (dash.x < right)
        ).any()
    ]


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
