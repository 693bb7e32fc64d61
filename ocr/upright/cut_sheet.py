"""A photographed sheet of which one side lies outside the picture.

The picture's border is no side of the sheet: taken for one, it would shear the sheet. Two sides
that run to the border tell where they vanish; what is square to them vanishes on the line of the
third side at a place that a camera's focal length tells (Hartley and Zisserman, Multiple view
geometry, 2004, chapter 8). A side of that direction, past what the picture shows, closes the sheet.
"""

import numpy as np
from numpy.typing import NDArray

from ocr.upright.paper_size import FOCAL
from ocr.upright.steps import Corners, area_of

_MOST_ASLANT_DEG = 12.0  # between closing side and opposite one: 25 degrees of tilt make 10
_PAST = 0.25  # of the longer side: how far the closing side may lie outside the picture

Homogeneous = NDArray[np.float64]  # (3,) a point or a line of the picture


def closed(corners: Corners, cut: int, shape: tuple[int, ...]) -> Corners | None:
    """Replace the side on the picture's border by one square to its neighbours on the sheet.

    Args:
        corners: Where the sides meet one another and the border.
        cut: Number of the side on the border; the first goes from the first corner.
        shape: Height and width of the picture.

    Returns:
        The corners of the part of the sheet that holds all that is seen; None where no camera sees
        a sheet like that from before the picture's middle, as when a photo was cropped.
    """
    longer = max(shape)
    middle = (np.array(shape[1::-1]) - 1) / 2
    near, far, opposite, beside = np.roll(_homogeneous((corners - middle) / longer), -cut, axis=0)
    rails = np.cross(near, beside), np.cross(far, opposite)
    end = np.cross(opposite, beside)
    to_border = np.cross(*rails)
    square = to_border * (1.0, 1.0, FOCAL**2)  # the line on which all that is square to it vanishes
    across = np.cross(end, square)
    found = [
        np.roll((_points(np.array(each)) * longer + middle), cut, axis=0)
        for through in (near, far)
        if (each := _closed_by(np.cross(through, across), rails, opposite, beside)) is not None
    ]
    reach = _PAST * longer
    kept = [
        each
        for each in found
        if (each >= -reach).all()
        and (each <= np.array(shape[1::-1]) + reach).all()
        and _aslant_deg(each, cut) <= _MOST_ASLANT_DEG
    ]
    return max(kept, key=lambda each: float(area_of(each)), default=None)


def _closed_by(
    side: Homogeneous,
    rails: tuple[Homogeneous, Homogeneous],
    opposite: Homogeneous,
    beside: Homogeneous,
) -> list[Homogeneous] | None:
    """The four corners with that closing side; None where it runs along a rail."""
    near, far = (np.cross(side, rail) for rail in rails)
    if min(abs(near[2]), abs(far[2])) < np.finfo(np.float64).tiny:
        return None
    return [near, far, opposite, beside]


def _aslant_deg(corners: Corners, cut: int) -> float:
    """How far the closing side is off the direction of the one opposite."""
    near, far, opposite, beside = np.roll(corners, -cut, axis=0)
    (x, y), (x_2, y_2) = far - near, opposite - beside
    return float(np.degrees(abs(np.arctan2(x * y_2 - y * x_2, x * x_2 + y * y_2))))


def _homogeneous(points: Corners) -> NDArray[np.float64]:
    return np.column_stack([points, np.ones(len(points))])


def _points(homogeneous: NDArray[np.float64]) -> Corners:
    return np.asarray(homogeneous[:, :2] / homogeneous[:, 2:])
