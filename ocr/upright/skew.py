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
_SOFT_TAPS = 21  # parts that are softened together: four times as much to either side
_CLEAR = 2.0  # times the median sharpness; pages have 16 and more, noise 1.1

Places = NDArray[np.float32]  # (N,) rows or columns of ink pixels
Angles = NDArray[np.float64]  # (angles,) degrees
Sharpness = NDArray[np.float64]  # (angles,)


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
    level, aside = (_sharpness(across, along, every) for across, along in (fewer, _aside(*fewer)))
    sharp = max(level, aside, key=np.max)
    if sharp.max() < _CLEAR * float(np.median(sharp)):
        return 0.0
    if sharp is aside:
        rows, columns = _aside(rows, columns)
    best = float(every[int(np.argmax(sharp))])
    for reach, step, sharpness in (
        (_COARSE_DEG, _FINE_DEG, _sharpness),
        (_FINE_DEG, _FINEST_DEG, _soft_sharpness),
    ):
        near = best + np.arange(-reach, reach + step / 2, step)
        best = float(near[np.argmax(sharpness(rows, columns, near))])
    return round(best, 2)


def _aside(rows: Places, columns: Places) -> tuple[Places, Places]:
    """Places on the page turned by 90 degrees."""
    return columns, -rows


def _sharpness(rows: Places, columns: Places, skews_deg: Angles) -> Sharpness:
    """Sum of squares of the row profile's steps after the page is sheared by each angle."""
    steps = np.diff(_profiles(rows, columns, skews_deg), axis=1)
    return np.asarray(np.square(steps).sum(axis=1), np.float64)


def _soft_sharpness(rows: Places, columns: Places, skews_deg: Angles) -> Sharpness:
    """The same of the profile softened by half a pixel, and of steps between pixels too.

    Ink in the middle of its pixels is sharpest on the page as it is, where whole rows stay whole:
    a skew of 0.2 degrees would be taken for half of it.
    """
    fine = _profiles(rows * _PARTS, columns * _PARTS, skews_deg).astype(np.float32)
    soft = cv2.GaussianBlur(fine, (_SOFT_TAPS, 1), _SOFT_PX * _PARTS)
    return np.asarray(np.square(soft[:, _PARTS:] - soft[:, :-_PARTS]).sum(axis=1), np.float64)


def _profiles(rows: Places, columns: Places, skews_deg: Angles) -> NDArray[np.intp]:
    """(angles, rows) ink of each row after the page is sheared upright by each angle."""
    tangents = np.tan(np.deg2rad(skews_deg)).astype(np.float32)
    upright = rows + columns * tangents[:, None]
    places = (upright - upright.min(axis=1, keepdims=True)).astype(np.intp)
    tall = int(places.max()) + 2  # a blank row ends each
    places += tall * np.arange(len(tangents))[:, None]
    return np.bincount(places.ravel(), minlength=tall * len(tangents)).reshape(-1, tall)
