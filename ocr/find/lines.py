"""Ruled lines of a page or a part of it: the skeleton of forms and checks."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray, Ink
from ocr.components import labelled
from ocr.geometry import Box
from ocr.runs import Bits, inked_rows, runs_across, turned

_PAPER_PX = 15  # wider than a ruled line and most pen strokes on a reduced page
_PAPER_STEP = 3  # of which a fifth is what OpenCV's fast medians reach
LINE_DARKNESS = 40  # gray levels below the paper: prints of light gray lines reach it
_JOIN_PX = 5  # gaps of dotted and microprint lines that count as ink


@dataclass(frozen=True, slots=True)
class RuledLine:
    """A straight line along one axis; for a vertical one read rows as columns and vice versa.

    Attributes:
        at: Row of its middle.
        start: First column.
        end: Column after the last.
    """

    at: float
    start: int
    end: int

    @property
    def length(self) -> int:
        """Extent in pixels."""
        return self.end - self.start


def line_of(across: Bits, stretch: Box) -> RuledLine:
    """A stretch across as a line, at its fullest row: writing that touches it does not move it."""
    if stretch.height == 1:
        return RuledLine(float(stretch.y), stretch.x, stretch.right)
    inked = cv2.reduce(across[stretch.slices], 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)
    return RuledLine(stretch.y + float(inked.argmax()), stretch.x, stretch.right)


def line_ink(gray: Gray) -> Ink:
    """Pixels clearly darker than the paper beside them, on a page reduced to 4 to 8 px per mm."""
    return np.asarray(line_darkness(gray) > LINE_DARKNESS)


def line_darkness(gray: Gray) -> Gray:
    """Gray levels below the paper beside each pixel, on a page reduced to 4 to 8 px per mm.

    Paper is what is lightest around, but for glints. It is smooth: a third of its pixels will do.
    """
    lightest = cv2.dilate(gray, np.ones((_PAPER_PX, _PAPER_PX), np.uint8))
    row, column = (min(_PAPER_STEP // 2, side - 1) for side in gray.shape)
    some = np.ascontiguousarray(lightest[row::_PAPER_STEP, column::_PAPER_STEP])
    paper = cv2.medianBlur(some, _PAPER_PX // _PAPER_STEP)
    whole = cv2.resize(paper, gray.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.subtract(whole, gray), np.uint8)


def horizontal_lines(ink: Ink, shortest_px: int) -> list[RuledLine]:
    """Horizontal runs of ink of at least that length, slightly sloping or not, from the top."""
    if not ink.size:
        return []
    joined = cv2.dilate(ink.astype(np.uint8), np.ones((2, _JOIN_PX), np.uint8))
    return _runs(np.asarray(joined, np.uint8), shortest_px)


def vertical_lines(ink: Ink, shortest_px: int) -> list[RuledLine]:
    """Vertical runs, from left to right: `at` is a column, `start` and `end` are rows."""
    if not ink.size:
        return []
    joined = cv2.dilate(ink.astype(np.uint8), np.ones((3, 1), np.uint8))
    return _runs(turned(np.asarray(joined, np.uint8)), shortest_px)


def _runs(ink: NDArray[np.uint8], shortest_px: int) -> list[RuledLine]:
    if ink.shape[1] < shortest_px:
        return []
    runs = runs_across(ink, shortest_px)
    rows = inked_rows(runs)
    if not rows.size:
        return []
    _, stats, middles = labelled(runs[rows])
    lefts, tops, widths = stats[1:, :3].T  # the first is the paper
    left_out = rows[tops] - tops
    lines = [
        RuledLine(float(at), int(left), int(left + width))
        for at, left, width in zip(middles[1:, 1] + left_out, lefts, widths, strict=True)
    ]
    return sorted(lines, key=lambda line: (line.at, line.start))
