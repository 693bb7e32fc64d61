"""Rows of equally tall, equally spaced print: where a MICR line may be."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray, Ink, Strokes
from ocr.components import component_boxes
from ocr.micr.glyphs import CELL_INCH, PITCH_INCH, ROWS

HEIGHT_OF_PITCH = ROWS * CELL_INCH / PITCH_INCH  # 0.94: a digit is 0.117 inch tall

_FULL_INK_PERCENTILE = 99.0  # a MICR line covers over 1 % of a check's lower third
_STROKES = (0.4, 0.15)  # of full ink: between a stroke and its edge; a line fainter than the rest
_FAINTEST = 20.0  # gray levels from paper to stroke; less is noise and paper grain
_WIDE = (0.33, 1.0)  # of its height: a digit is 4 to 7 cells wide and 9 tall
_ALIKE = 0.15  # of the height: how far heights and feet of one row may differ
_SLOPE = 0.01  # rows per column: the skew that deskewing leaves is below 0.5 degrees
_OFF_PITCH = 0.2  # of the pitch: the standard allows 0.015 inch between neighbours, print adds
_LEAST_DIGITS = 5  # alone and in line; the shortest line of a check has nine and more
_MOST_ROWS = 3  # a check has one; print beside it may look like one
_MOST_BOXES = 2000  # components of a digit's size: more is a texture


@dataclass(frozen=True, slots=True)
class Row:
    """A row of print that may be a MICR line.

    Attributes:
        bottom: Row on which its characters stand, at column 0.
        slope: Rows that it falls per column.
        pitch_px: Distance from one character to the next.
        even: Share of its neighbours that stand whole pitches apart.
    """

    bottom: float
    slope: float
    pitch_px: float
    even: float


def darkness_of(gray: Gray, widest_px: float) -> Strokes:
    """How much darker than the paper around it each pixel is.

    Args:
        gray: (H, W) scan.
        widest_px: Size of the widest blot of ink; wider shades are paper.
    """
    side = round(widest_px) | 1
    kernel = np.ones((side, side), np.uint8)
    paper = cv2.morphologyEx(gray, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.subtract(cv2.blur(paper, (side, side)), gray), np.uint8)


def find_rows(
    darkness: Strokes, height_px: tuple[float, float], most: int = _MOST_ROWS
) -> Iterator[Row]:
    """Find rows of components that are as tall as one another and stand on a line.

    Args:
        darkness: (H, W) level part of a page.
        height_px: Least and greatest height of a digit.
        most: Rows of dark print, and of faint print.

    Yields:
        Few rows, the one of the most components first; those of faint print after the others.
    """
    full = float(np.percentile(darkness[::4, ::4], _FULL_INK_PERCENTILE))
    for stroke in _STROKES:
        boxes = _digit_boxes(darkness > int(max(stroke * full, _FAINTEST)), height_px)
        yield from islice(_rows(boxes), most)


def _digit_boxes(ink: Ink, height_px: tuple[float, float]) -> NDArray[np.float64]:
    """(N, 4): left, top, width, height of the components that have a digit's size."""
    boxes = component_boxes(ink).astype(np.float64)
    width, height = boxes[:, 2], boxes[:, 3]
    tall = (height >= height_px[0]) & (height <= height_px[1])
    wide = (width >= _WIDE[0] * height) & (width <= _WIDE[1] * height)
    return boxes[tall & wide][:_MOST_BOXES]


def _rows(boxes: NDArray[np.float64]) -> Iterator[Row]:
    """Rows by falling number of components."""
    while len(boxes) >= _LEAST_DIGITS:
        alike = _alike(boxes)
        members = alike[alike.sum(axis=1).argmax()]
        if members.sum() < _LEAST_DIGITS:
            return
        yield _fitted(boxes[members])
        boxes = boxes[~members]


def _alike(boxes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(N, N): which components are as tall as another one and stand on its line."""
    left, top, _, height = boxes.T
    feet = top + height
    reach = _ALIKE * height[:, None]
    level = np.abs(feet[:, None] - feet) <= reach + _SLOPE * np.abs(left[:, None] - left)
    return np.asarray(level & (np.abs(height[:, None] - height) <= reach))


def _fitted(boxes: NDArray[np.float64]) -> Row:
    """The line on which components stand, and their pitch by those that are neighbours."""
    left, top, width, height = boxes.T
    slope, bottom = np.polyfit(left + width / 2, top + height, 1)
    pitch_px = float(np.median(height)) / HEIGHT_OF_PITCH
    steps = np.diff(np.sort(left + width))  # characters are right-aligned
    neighbours = steps[np.abs(steps / pitch_px - 1) < _OFF_PITCH]
    if len(neighbours) > 2:
        pitch_px = float(neighbours.mean())
    whole = np.abs(steps / pitch_px - np.rint(steps / pitch_px)) < _OFF_PITCH
    even = float(whole[steps > 0.5 * pitch_px].mean()) if (steps > 0.5 * pitch_px).any() else 0.0
    return Row(float(bottom), float(slope), pitch_px, even)
