"""The skew of a page, from its projection profiles."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Ink

_COARSE_DEG, _FINE_DEG, _FINEST_DEG = 1.0, 0.25, 0.05
_COARSE_ROW_PX = 2.0  # a coarse step moves a line's ends by several rows
_FEWER = 2  # a coarse step needs every second place only
_LEAST_INK = 200  # pixels; fewer say nothing about an angle
_MOST_INK = 8_000  # pixels looked at: a share of a page's ink has the same best angle
_PARTS, _SOFT_PX = 4, 0.6  # of a pixel: in a softened profile; by how much it is softened
_CLEAR = 2.0  # times the median sharpness; pages have 16 and more, noise 1.1

Places = NDArray[np.float32]  # (N,) rows or columns of ink pixels


def estimate_skew(ink: Ink, limit_deg: float = 15.0) -> float:
    """Estimate the skew of a page from its projection profiles.

    Candidate angles shear the page; the upright one has the sharpest profile (Postl 1986). The
    page may lie on its side: its lines then show in the profile of columns. Whole degrees are
    searched first, then finer around the best.

    Returns:
        Degrees, counter-clockwise positive; 0.0 for a page with hardly any ink or without lines.
    """
    places = np.flatnonzero(ink)
    if len(places) < _LEAST_INK:
        return 0.0
    some = places[:: -(-len(places) // _MOST_INK)]
    rows, columns = np.array(np.divmod(some, ink.shape[1]), np.float32)
    fewer = rows[::_FEWER] / _COARSE_ROW_PX, columns[::_FEWER] / _COARSE_ROW_PX
    every = np.arange(-limit_deg, limit_deg + _COARSE_DEG / 2, _COARSE_DEG)
    level, aside = (
        [_sharpness(across, along, float(deg)) for deg in every]
        for across, along in (fewer, _aside(*fewer))
    )
    sharp = max(level, aside, key=max)
    if max(sharp) < _CLEAR * float(np.median(sharp)):
        return 0.0
    if sharp is aside:
        rows, columns = _aside(rows, columns)
    best = float(every[int(np.argmax(sharp))])
    for reach, step, sharpness in (
        (_COARSE_DEG, _FINE_DEG, _sharpness),
        (_FINE_DEG, _FINEST_DEG, _soft_sharpness),
    ):
        near = best + np.arange(-reach, reach + step / 2, step)
        best = float(max(near, key=lambda deg: sharpness(rows, columns, float(deg))))
    return round(best, 2)


def _aside(rows: Places, columns: Places) -> tuple[Places, Places]:
    """Places on the page turned by 90 degrees."""
    return columns, -rows


def _sharpness(rows: Places, columns: Places, skew_deg: float) -> float:
    """Sum of squares of the row profile's steps after the page is sheared upright."""
    steps = np.diff(_profile(rows, columns, skew_deg))
    return float(steps @ steps)


def _soft_sharpness(rows: Places, columns: Places, skew_deg: float) -> float:
    """The same of the profile softened by half a pixel, and of steps between pixels too.

    Ink in the middle of its pixels is sharpest on the page as it is, where whole rows stay whole:
    a skew of 0.2 degrees would be taken for half of it.
    """
    fine = _profile(rows * _PARTS, columns * _PARTS, skew_deg).astype(np.float32)
    soft = cv2.GaussianBlur(fine[None], (0, 0), _SOFT_PX * _PARTS).ravel()
    steps = soft[_PARTS:] - soft[:-_PARTS]
    return float(steps @ steps)


def _profile(rows: Places, columns: Places, skew_deg: float) -> NDArray[np.intp]:
    """Ink of each row after the page is sheared upright."""
    upright = rows + columns * np.float32(np.tan(np.deg2rad(skew_deg)))
    upright -= upright.min()
    return np.bincount(upright.astype(np.intp))
