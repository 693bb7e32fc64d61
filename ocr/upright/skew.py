"""The skew of a page, from its projection profiles."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Ink

_COARSE_DEG, _FINE_DEG, _FINEST_DEG = 1.0, 0.25, 0.05
_COARSE_ROW_PX = 2.0  # a coarse step moves a line's ends by several rows
_LEAST_INK = 200  # pixels; fewer say nothing about an angle
_MOST_INK = 8_000  # pixels looked at: a share of a page's ink has the same best angle
_CLEAR = 2.0  # times the median sharpness; pages have 16 and more, noise 1.1

Places = NDArray[np.float64]  # (N,) rows or columns of ink pixels


def estimate_skew(ink: Ink, limit_deg: float = 15.0) -> float:
    """Estimate the skew of a page from its projection profiles.

    Candidate angles shear the page; the upright one has the sharpest profile (Postl 1986). The
    page may lie on its side: its lines then show in the profile of columns. Whole degrees are
    searched first, then finer around the best.

    Returns:
        Degrees, counter-clockwise positive; 0.0 for a page with hardly any ink or without lines.
    """
    if np.count_nonzero(ink) < _LEAST_INK:
        return 0.0
    places = cv2.findNonZero(ink.view(np.uint8)).reshape(-1, 2)
    some = places[:: -(-len(places) // _MOST_INK)].astype(np.float64)
    columns, rows = np.ascontiguousarray(some.T)
    every = np.arange(-limit_deg, limit_deg + _COARSE_DEG / 2, _COARSE_DEG)
    by_axis = [
        ([_sharpness(*axis, float(deg), _COARSE_ROW_PX) for deg in every], axis)
        for axis in ((rows, columns), (columns, -rows))
    ]
    sharp, axis = max(by_axis, key=lambda found: max(found[0]))
    if max(sharp) < _CLEAR * float(np.median(sharp)):
        return 0.0
    best = float(every[int(np.argmax(sharp))])
    for reach, step in ((_COARSE_DEG, _FINE_DEG), (_FINE_DEG, _FINEST_DEG)):
        near = best + np.arange(-reach, reach + step / 2, step)
        best = float(max(near, key=lambda deg: _sharpness(*axis, float(deg))))
    return round(best, 2)


def _sharpness(rows: Places, columns: Places, skew_deg: float, row_px: float = 1.0) -> float:
    """Sum of squares of the row profile's steps after the page is sheared upright."""
    upright = (rows + columns * np.tan(np.deg2rad(skew_deg))) / row_px
    profile = np.bincount((upright - upright.min()).astype(np.int64)).astype(np.float64)
    return float((np.diff(profile) ** 2).sum())
