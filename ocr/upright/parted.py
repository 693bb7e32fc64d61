"""Whether what looks like one sheet are several: a strip of the table runs through it."""

import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray
from ocr.upright.steps import Corners, looked_up

Shares = NDArray[np.float64]  # of a side: 0 at the sheet's left or upper side, 1 at the other

_SAMPLES = 120  # along each side: a gap of 1 % is seen
_INSET, _OUTSIDE = 0.012, 0.03  # of a side: what is surely sheet, and what is surely none
_SLANTS = np.linspace(-0.08, 0.08, 9)  # of a strip, as a share of the side that it crosses
_DARKER = 0.85  # of the paper's level: a table that sheets are told from
_LIKE_TABLE = 0.08  # of the paper's level: creases and printed bands differ by more
_THROUGH = 0.98  # share of a strip's samples: a printed band leaves a margin


def is_parted(picture: Gray, corners: Corners) -> bool:
    """Whether the table is seen from side to side, across or down, between parts of the sheet.

    Args:
        picture: (H, W) the reduced picture, with its print.
        corners: Of what looks like a sheet.
    """
    along = np.linspace(_INSET, 1 - _INSET, _SAMPLES)
    through = np.array([-_OUTSIDE, *along, 1 + _OUTSIDE])
    for slant in _SLANTS:
        beside = along[:, None] + slant * (through - 0.5)
        for x, y in ((through, beside), (beside, through)):
            if _has_strip(looked_up(picture, _between(corners, x, y))):
                return True
    return False


def _between(corners: Corners, x: Shares, y: Shares) -> NDArray[np.float64]:
    """(..., 2) points between the corners, at shares of the sides across and down."""
    upper_left, upper_right, lower_right, lower_left = corners
    across, down = x[..., None], y[..., None]
    upper = upper_left + across * (upper_right - upper_left)
    lower = lower_left + across * (lower_right - lower_left)
    return np.asarray(upper + down * (lower - upper))


def _has_strip(levels: NDArray[np.float64]) -> bool:
    """Whether a row is all through as dark as the table beyond its two ends.

    Args:
        levels: (strips, places along each); the first and the last place lie outside the sheet.
    """
    inside, table = levels[:, 1:-1], levels[:, [0, -1]].mean(axis=1, keepdims=True)
    paper = float(np.median(inside))
    like = np.abs(inside - table) <= _LIKE_TABLE * paper
    strips = (like.mean(axis=1) >= _THROUGH) & (table[:, 0] <= _DARKER * paper)
    return bool(strips.any())
