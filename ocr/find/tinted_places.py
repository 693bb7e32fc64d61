"""Places of another ground than the paper around, found whole: light ones have broken edges.

A scan's grain breaks the edges of a light tint; the tinted place itself stays one piece.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from ocr.arrays import Gray
from ocr.components import labelled
from ocr.geometry import Box
from ocr.levels import median_of
from ocr.runs import opened

_GRAIN_PX = (3, 3)  # sides of the squares in which grain is averaged, and outvoted
_TINT = 8  # gray levels below the lightest paper around
_AROUND_MM = 30.0  # how far the lightest paper is looked for
_PAPER = 90.0  # percentile of a page's gray levels: what is lighter is often around the sheet
_EVERY_PX = 8  # side of the squares whose mean is asked for it
_STROKE_MM = 2.8  # wider than what strokes of writing add to a place
_DARKEST = 90  # gray level; a darker ground is a block of colour
_LEAST_GROUND = 0.5  # share of a place that is of one gray level; bars and pictures have less
_WIDE_MM = (3.4, 130.0)
_TALL_MM = (4.0, 18.0)
_FILLED = 0.88  # share of its bounding box that a place fills; skewed and rounded ones less than 1
_SAME_PX = 3  # how far the sides of one place may be apart
_LOOP = 0.5  # of a place's height; what is enclosed in it and lower is a loop of writing


def tinted_places(gray: Gray, px_per_mm: float) -> tuple[Box, ...]:
    """The upright rectangles of a cell's size that are darker than the paper around them.

    Args:
        gray: A page.
        px_per_mm: Its scale.
    """
    average, vote = _GRAIN_PX
    soft = np.asarray(cv2.blur(gray, (average, average)), np.uint8)
    darker = cv2.subtract(_lightest(gray, px_per_mm), soft) >= _TINT
    side = round(_STROKE_MM * px_per_mm)
    tinted = opened(np.asarray(cv2.medianBlur(darker.view(np.uint8), vote), np.uint8), (side, side))
    _, stats, _ = labelled(tinted)
    width, height, area = stats[1:, 2:].T
    is_place = area >= _FILLED * width * height
    for length, (least, most) in ((width, _WIDE_MM), (height, _TALL_MM)):
        is_place &= (length >= least * px_per_mm) & (length <= most * px_per_mm)
    places = [Box(*map(int, sides)) for sides in stats[1:][is_place][:, :4]]
    return tuple(box for box in places if _has_ground(soft[box.slices]))


def _has_ground(soft: Gray) -> bool:
    """Whether most of a place is of one gray level that one can write on."""
    ground = median_of(soft.ravel())
    even = np.abs(soft - ground) <= _TINT
    return bool(ground >= _DARKEST and even.mean() >= _LEAST_GROUND)


def _lightest(gray: Gray, px_per_mm: float) -> Gray:
    """The lightest paper around each pixel, but what lies around the sheet."""
    part = 1 / _EVERY_PX
    some = cv2.resize(gray, None, fx=part, fy=part, interpolation=cv2.INTER_AREA)
    around = round(_AROUND_MM * px_per_mm * part) | 1
    lightest = cv2.dilate(some, np.ones((around, around), np.uint8))
    lightest = np.minimum(lightest, np.percentile(some, _PAPER).astype(np.uint8))
    return np.asarray(cv2.resize(lightest, gray.shape[::-1]), np.uint8)


def with_tinted(cells: list[Box], places: Sequence[Box]) -> list[Box]:
    """Cells and those tinted places that hold none and lie in none, but for parts by writing."""
    added = [
        place
        for place in places
        if all(
            _is_part(cell, place)
            for cell in cells
            if cell.has_middle_of(place) or place.has_middle_of(cell)
        )
    ]
    kept = [cell for cell in cells if not any(place.has_middle_of(cell) for place in added)]
    return sorted((*kept, *added), key=lambda box: (box.y, box.x))


def _is_part(cell: Box, place: Box) -> bool:
    """Whether a cell is what strokes of writing part from a place: a loop, or all on one side."""
    if place.has_middle_of(cell) and cell.height < _LOOP * place.height:
        return True
    off = (
        cell.x - place.x,
        cell.y - place.y,
        cell.right - place.right,
        cell.bottom - place.bottom,
    )
    shared = sum(abs(each) <= _SAME_PX for each in off)
    return shared == len(off) - 1 and place.has_middle_of(cell)
