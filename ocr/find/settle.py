"""Settling a comb on its printed lines, at full resolution, near where it was registered."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray
from ocr.find.placement import Placement, comb_at
from ocr.geometry import Box
from ocr.upright import UprightPage

_REACH_MM = 0.9  # paper curls and feeds unevenly by less; half a cell's pitch is more
_STRETCHES = np.linspace(-0.015, 0.015, 7)
_INNER = 0.15  # of the height left out at top and bottom: rules and rounded corners
_EVERY = 3  # pixel along a line is looked at, and each across it
_LEAST_DARKNESS = 6.0  # gray levels of a column or row of lines; paper's noise averages below 2

Profile = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Where equally spaced lines may be, at each shift and stretch.

    Attributes:
        at: (shifts, stretches, lines) their places.
        far: (shifts, stretches) what is taken off the darkness there.
        ends: (shifts * stretches, 2) the first place and the last, unrounded.
        length: From the first to the last where they should be.
    """

    at: NDArray[np.intp]
    far: NDArray[np.float64]
    ends: NDArray[np.float64]
    length: int


def settle(page: UprightPage, box: Box, cells: int, px_per_mm: float) -> Placement:
    """Move a comb to where its lines are, all of them together.

    Handwriting hides single lines and looks like others; the row of lines as a whole is unlike it.

    Args:
        page: The page.
        box: Where the comb should be.
        cells: Number of its cells.
        px_per_mm: Scale of the page.

    Returns:
        The placement; at `box` where no lines are seen.
    """
    reach = max(1, round(_REACH_MM * px_per_mm))
    window = Box(box.x - reach, box.y - reach, box.width + 2 * reach, box.height + 2 * reach)
    window = window.clipped(page.shape[1], page.shape[0])
    margin = reach + round(_INNER * box.height)
    inner = Box(window.x, window.y + margin, window.width, window.height - 2 * margin)
    if min(inner.width, inner.height) < 1:
        return comb_at(box.x, box.right, box.y, box.bottom, cells)
    columns = _darkness(page.cut(inner, (_EVERY, 1)), 0, reach)
    rows = _darkness(page.cut(window, (1, _EVERY)), 1, reach)
    left, right = _fitted(columns, box.x - window.x, _lines(box.width, cells, reach))
    top, bottom = _fitted(rows, box.y - window.y, _lines(box.height, 1, reach))
    return comb_at(left + window.x, right + window.x, top + window.y, bottom + window.y, cells)


def _darkness(crop: Gray, axis: int, reach: int) -> Profile:
    """How much darker each column (axis 0) or row (axis 1) is than those around."""
    mean = cv2.reduce(crop, axis, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel()
    wide = 4 * reach + 1
    around = cv2.blur(mean.reshape(1, -1), (wide, 1), borderType=cv2.BORDER_REFLECT).ravel()
    return np.asarray(around - mean, np.float32)


@lru_cache(maxsize=64)  # a form's combs are mostly alike
def _lines(length: int, parts: int, reach: int) -> _Lines:
    """Where `parts` + 1 equally spaced lines may be whose first should be at 0."""
    shifts = np.arange(-reach, reach + 1)
    places = np.linspace(-0.5, 0.5, parts + 1) * length
    middles = length / 2 + shifts
    at = middles[:, None, None] + (1 + _STRETCHES)[:, None] * places
    # Of equal places, such as the breadth of a thick line, the nearest.
    far = 0.01 * np.abs(shifts)[:, None] / reach + 0.01 * np.abs(_STRETCHES) / _STRETCHES.max()
    halves = length * (1 + _STRETCHES) / 2
    ends = np.stack((middles[:, None] - halves, middles[:, None] + halves), axis=-1)
    return _Lines(np.rint(at).astype(np.intp), far, ends.reshape(-1, 2), length)


def _fitted(profile: Profile, start: int, lines: _Lines) -> tuple[float, float]:
    """First and last of the lines that should start there, where the profile is darkest."""
    darkness = profile.take(lines.at + start, mode="clip").mean(axis=2) - lines.far
    best = int(darkness.argmax())
    first, last = lines.ends[best] if darkness.flat[best] >= _LEAST_DARKNESS else (0, lines.length)
    return float(first) + start, float(last) + start
