"""Settling a comb on its printed lines, at full resolution, near where it was registered."""

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
_LEAST_DARKNESS = 6.0  # gray levels of a column or row of lines; paper's noise averages below 2

Profile = NDArray[np.float32]


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
    crop = page.cut(window)
    trim = round(_INNER * box.height)
    across, down = crop[reach + trim : crop.shape[0] - reach - trim], crop
    if min(across.shape) < 1:
        return comb_at(box.x, box.right, box.y, box.bottom, cells)
    left, right = _fitted(_darkness(across, 0, reach), box.x - window.x, box.width, cells, reach)
    top, bottom = _fitted(_darkness(down, 1, reach), box.y - window.y, box.height, 1, reach)
    return comb_at(left + window.x, right + window.x, top + window.y, bottom + window.y, cells)


def _darkness(crop: Gray, axis: int, reach: int) -> Profile:
    """How much darker each column (axis 0) or row (axis 1) is than those around."""
    mean = cv2.reduce(crop, axis, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel()
    wide = 4 * reach + 1
    around = cv2.blur(mean.reshape(1, -1), (wide, 1), borderType=cv2.BORDER_REFLECT).ravel()
    return np.asarray(around - mean, np.float32)


def _fitted(
    profile: Profile, start: float, length: float, parts: int, reach: int
) -> tuple[float, float]:
    """First and last of `parts` + 1 equally spaced lines where the profile is darkest."""
    shifts = np.arange(-reach, reach + 1)
    places = np.linspace(-0.5, 0.5, parts + 1) * length
    middles = start + length / 2 + shifts
    at = middles[:, None, None] + (1 + _STRETCHES)[:, None] * places
    inside = np.clip(np.rint(at), 0, len(profile) - 1).astype(int)
    score = profile[inside].mean(axis=2)
    # Of equal places, such as the breadth of a thick line, the nearest.
    score -= 0.01 * np.abs(shifts)[:, None] / reach + 0.01 * np.abs(_STRETCHES) / _STRETCHES.max()
    shift, stretch = np.unravel_index(int(score.argmax()), score.shape)
    if score[shift, stretch] < _LEAST_DARKNESS:
        return start, start + length
    half = length * (1 + _STRETCHES[stretch]) / 2
    return float(middles[shift] - half), float(middles[shift] + half)
