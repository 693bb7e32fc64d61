"""The ruling of a page: all its straight printed lines, solid or dotted, as masks.

Works on a page reduced by a whole number to 5 to 9 pixels a millimetre: there a printed line is one
or two pixels wide, and a run of pixels tells it from writing.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray, Ink
from ocr.components import outer_boxes
from ocr.find.grounds import edges_of_grounds, has_tints
from ocr.find.tinted_places import tinted_places
from ocr.geometry import Box
from ocr.levels import median_of
from ocr.runs import Bits, closed, inked_rows, opened, runs_across, runs_of, turned
from ocr.upright import UprightPage

LONGER_SIDE_MM = 297.0  # of A4: a page of another size is measured in A4's millimetres
_WORK_LONGER_PX = 1754  # 150 dpi on A4
_PAPER_MM = 2.4  # wider than any printed line or pen stroke
_LINE_DARKNESS = 36  # gray levels below the paper: prints of light gray lines reach it
_FAINT = (16, 72)  # the same of a tinted form's ground between two white cells

_SHORTEST_MM = (4.0, 3.2)  # sides of the smallest digit box; letters have shorter bars
_SHORTEST_PX = 12  # in coarse pictures everything is made of shorter straight lines
_BREAK_MM = 0.35  # gaps that copying leaves in a solid line
_DOT_MM = 0.8  # widest dot of a dotted line
_DOT_GAP_MM = 1.3  # widest gap between two dots
_DOTTED_SHORTEST_MM = 4.0
_LEAST_DOTS = 5
_LEAST_DASHES = 10  # or dots; the feet of letters in a word are as long and regular as a few dashes
_WORN_SHORTEST_MM = 25.0  # of a line with gaps at any distance
_WORN_INKED = 0.55  # share of it that is left
_WORN_SOLID = 0.95  # share of it without gaps; more is a line with a frayed edge
_REGULAR = 0.7  # share of dots that follow the one before at the usual distance; of print 0.5
_LONGEST_STEP_MM = 3.6  # from one dash to the next; the cells of combs are wider
_SAME_STEP = 0.25  # of the usual distance between two dots


@dataclass(frozen=True, eq=False, slots=True)
class Ruling:
    """The straight lines of a page.

    Attributes:
        darkness: Gray levels below the paper, of the reduced page.
        ink: All that is clearly darker than the paper.
        across: Its horizontal lines.
        down: Its vertical lines.
        px_per_mm: Of the reduced page, taken for an A4 page.
        shrunk: How many pixels of the page went into one.
        tinted: Places of another ground than the paper around, as large as cells.
    """

    darkness: Gray
    ink: Ink
    across: Bits
    down: Bits
    px_per_mm: float
    shrunk: int
    tinted: tuple[Box, ...] = ()


def find_ruling(page: UprightPage) -> Ruling:
    """Find the straight lines of an upright page, and the edges of its grounds."""
    shrunk = max(1, round(max(page.shape) / _WORK_LONGER_PX))
    small = page.reduced(1 / shrunk, by_steps=True)
    px_per_mm = max(small.shape) / LONGER_SIDE_MM
    paper = _paper(small, px_per_mm)
    darkness = np.asarray(cv2.subtract(paper, small), np.uint8)
    ink = (darkness > _LINE_DARKNESS).astype(np.uint8)
    wide_px, tall_px = (max(_SHORTEST_PX, round(side * px_per_mm)) for side in _SHORTEST_MM)
    across = _straight(ink, px_per_mm, wide_px)
    down = turned(_straight(turned(ink), px_per_mm, tall_px))
    tinted: tuple[Box, ...] = ()
    if has_tints(paper, px_per_mm):
        tinted = tinted_places(small, px_per_mm)
        edges_across, edges_down = edges_of_grounds(paper, wide_px, tall_px)
        if edges_across.any():
            across |= edges_across
            down |= edges_down | _ground_between(darkness, tall_px)
    return Ruling(darkness, ink > 0, across, down, px_per_mm, shrunk, tinted)


def _ground_between(darkness: Gray, tall_px: int) -> Bits:
    """The narrow tinted ground between white cells, as lines down."""
    faint = np.asarray(cv2.inRange(darkness, *map(np.array, _FAINT)), np.uint8) // 255
    return turned(runs_across(turned(faint), tall_px))


def _paper(gray: Gray, px_per_mm: float) -> Gray:
    """The grounds of a page, without lines, print and writing."""
    side = max(5, round(_PAPER_MM * px_per_mm)) | 1
    kernel = np.ones((side, side), np.uint8)
    closed = cv2.morphologyEx(gray, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(closed, np.uint8)


def _straight(ink: Bits, px_per_mm: float, shortest_px: int) -> Bits:
    """Horizontal lines, unbroken but for what copying breaks, dotted, dashed or worn."""
    rows = inked_rows(ink)
    lines = np.zeros_like(ink)
    if rows.size:
        some = ink[rows]
        gap = 1 + max(1, round(_BREAK_MM * px_per_mm))
        solid = runs_across(closed(some, (1, gap)), shortest_px)
        lines[rows] = solid | _broken(solid, _thin(some, px_per_mm), px_per_mm)
    return lines


def _thin(ink: Bits, px_per_mm: float) -> Bits:
    """Ink that is not taller than a dot."""
    tall = opened(ink, (max(2, round(_DOT_MM * px_per_mm) + 1), 1))
    return np.asarray(ink & ~tall, np.uint8)


def _broken(solid: Bits, thin: Bits, px_per_mm: float) -> Bits:
    """Horizontal rows of dots or dashes at regular distances, and long lines with many gaps.

    Args:
        solid: Lines without gaps.
        thin: Ink that is not taller than a dot.
        px_per_mm: Scale of the page.
    """
    widest = round(_DOT_MM * px_per_mm)
    joined = closed(thin, (1, round(_DOT_GAP_MM * px_per_mm) | 1))
    rows = runs_across(joined, round(_DOTTED_SHORTEST_MM * px_per_mm))
    lines = np.zeros_like(thin)
    for box in outer_boxes(rows):
        if box.height > widest:
            continue
        pieces = np.asarray(cv2.reduce(thin[box.slices], 0, cv2.REDUCE_MAX)[0] > 0)
        if _are_enough(pieces, widest) and _regular(pieces, _LONGEST_STEP_MM * px_per_mm):
            lines[box.slices] = 1
        elif box.width >= _WORN_SHORTEST_MM * px_per_mm and _is_worn(pieces, solid[box.slices]):
            lines[box.slices] |= rows[box.slices]  # no thicker than it is
    return lines


def _is_worn(pieces: NDArray[np.bool_], solid: Bits) -> bool:
    """Whether much of a line is left, and what is not broken is not all."""
    return bool(pieces.mean() >= _WORN_INKED and solid.any(axis=0).mean() <= _WORN_SOLID)


def _are_enough(pieces: NDArray[np.bool_], dot_px: int) -> bool:
    """Whether there are several dots, or dashes for more than a word."""
    if np.count_nonzero(pieces[1:] != pieces[:-1]) < 2 * (_LEAST_DOTS - 1):
        return False  # most rows of print end here
    runs = runs_of(pieces)
    dots = sum(end - start <= dot_px for start, end in runs)
    return dots >= _LEAST_DOTS or len(runs) >= _LEAST_DASHES


def _regular(dots: NDArray[np.bool_], longest_step_px: float) -> bool:
    """Whether dots begin and end at the same distance, as the serifs of print do not."""
    turns = np.flatnonzero(dots[1:] != dots[:-1])
    steps = turns[2:] - turns[:-2]
    usual = median_of(steps)
    if usual > longest_step_px:
        return False
    alike = np.count_nonzero(np.abs(steps - usual) <= max(1.0, _SAME_STEP * usual))
    return bool(alike >= _REGULAR * len(steps))
