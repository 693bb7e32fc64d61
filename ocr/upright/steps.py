"""Steps of brightness along the sides of a quadrilateral, from outside to inside."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray

Levels = Gray  # (H, W) a reduced picture without print and writing
Corners = NDArray[np.float64]  # (4, 2) x, y: clockwise, from the upper left
Points = NDArray[np.float64]  # (..., 2) x, y
Steps = NDArray[np.float64]  # (..., points along a side); NaN outside the picture

_POINTS = 60  # along a side
_ENDS = 0.03  # of a side left out at its ends: corners are round
_BESIDE_PX = 3  # how far from a side inside and outside are compared
STEP_PX = 2 * _BESIDE_PX + 1  # breadth of what is compared at a point
_REACH_PX = 5  # how far from a side its true place is looked for
_LEAST_POINTS = 8  # or the side stays where it was
_IN_PICTURE = 0.2  # of a side, at least, or nothing can be said of it


def steps_along(levels: Levels, starts: Points, ends: Points) -> Steps:
    """How much brighter it is inside, as a share of the level inside, along sides.

    Args:
        levels: The picture.
        starts: (N, 2) where sides begin; inside is to the right of them.
        ends: (N, 2) where they end.

    Returns:
        (N, points) the steps; all are NaN along a side that lies outside the picture by most.
    """
    points, inward = _along(starts, ends)
    inside, outside = points + _BESIDE_PX * inward, points - _BESIDE_PX * inward
    there = _in_picture(levels, inside) & _in_picture(levels, outside)
    there &= there.mean(axis=1, keepdims=True) >= _IN_PICTURE
    bright, dark = (looked_up(levels, places) for places in (inside, outside))
    return np.where(there, (bright - dark) / np.maximum(bright, 1.0), np.nan)


def seen_of(steps: Steps, least: float) -> NDArray[np.float64]:
    """(...) share of a side's points in the picture with at least that step; 0 without any."""
    there = np.maximum(1, np.isfinite(steps).sum(axis=-1))
    return np.asarray((steps >= least).sum(axis=-1) / there)


def refined(levels: Levels, corners: Corners) -> Corners:
    """The corners of lines fitted to where the steps are steepest, near the sides."""
    sides = zip(*_along(corners, np.roll(corners, -1, axis=0)), strict=True)
    lines = [_fitted(levels, *side) for side in sides]
    return np.array([_meeting(lines[k - 1], lines[k]) for k in range(4)])


def squared(corners: Corners) -> Corners:
    """The rectangle next to a quadrilateral that nearly is one."""
    middle = corners.mean(axis=0)
    upper_left, upper_right, lower_right, lower_left = corners - middle
    across = upper_right + lower_right - upper_left - lower_left
    down = lower_left + lower_right - upper_left - upper_right
    right = across / np.hypot(*across) + (down[1], -down[0]) / np.hypot(*down)
    right /= np.hypot(*right)
    half = right * (across @ right) / 4
    tall = np.array([-right[1], right[0]]) * (down @ (-right[1], right[0])) / 4
    corners = np.array([-half - tall, half - tall, half + tall, tall - half])
    return np.asarray(corners + middle, np.float64)


def area_of(quads: Points) -> NDArray[np.float64]:
    """(...) square pixels of quadrilaterals (..., 4, 2), by their diagonals."""
    x, y = np.moveaxis(quads[..., 2:, :] - quads[..., :2, :], -1, 0)
    return np.asarray(np.abs(x[..., 0] * y[..., 1] - y[..., 0] * x[..., 1]) / 2)


def _along(starts: Points, ends: Points) -> tuple[Points, Points]:
    """Points along sides, (N, points, 2), and the directions to the inside, (N, 1, 2)."""
    sides = (ends - starts)[:, None]
    along = sides / np.hypot(sides[..., :1], sides[..., 1:])
    shares = np.linspace(_ENDS, 1 - _ENDS, _POINTS)[:, None]
    return starts[:, None] + shares * sides, np.stack([-along[..., 1], along[..., 0]], axis=-1)


def _fitted(levels: Levels, points: Points, inward: Points) -> tuple[Points, Points]:
    """A point of the side's line and its direction."""
    offsets = np.arange(-_REACH_PX, _REACH_PX + 1)
    places = points[:, None] + offsets[:, None] * inward
    there = _in_picture(levels, places).all(axis=1)
    rise = np.gradient(looked_up(levels, places), axis=1)
    steepest = np.maximum(rise, 0) ** 2
    weight = steepest.sum(axis=1)
    there &= weight > 0
    off = (steepest * offsets).sum(axis=1) / np.maximum(weight, 1e-6)
    if there.sum() < _LEAST_POINTS:
        return points[0], points[-1] - points[0]
    seen = (points + off[:, None] * inward)[there].astype(np.float32)
    dx, dy, x, y = cv2.fitLine(seen, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel().astype(np.float64)
    return np.array([x, y]), np.array([dx, dy])


def _meeting(one: tuple[Points, Points], other: tuple[Points, Points]) -> Points:
    """Where two lines meet, each given by a point and a direction."""
    (start, along), (start_2, along_2) = one, other
    share, _ = np.linalg.solve(np.column_stack([along, -along_2]), start_2 - start)
    return np.asarray(start + share * along)


def _in_picture(levels: Levels, places: Points) -> NDArray[np.bool_]:
    height, width = levels.shape
    return np.asarray(((places >= 0) & (places <= (width - 1, height - 1))).all(axis=-1))


def looked_up(levels: Levels, places: Points) -> NDArray[np.float64]:
    """Levels at places, the nearest in the picture."""
    height, width = levels.shape
    x = np.clip(np.rint(places[..., 0]).astype(int), 0, width - 1)
    y = np.clip(np.rint(places[..., 1]).astype(int), 0, height - 1)
    return np.asarray(levels[y, x], np.float64)
