"""Poses: how a form's millimetres lie on a page, and fitting them to what was sighted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.geometry import Box

Floats = NDArray[np.float64]
Points = NDArray[np.float64]  # (N, 2): x, y

# How far a pose may be from its first estimate (one deviation), so that few sights fit it too.
_SHIFT_MM = 2.0
_STRETCH = 0.01  # of the scale, each axis by itself: scanners feed unevenly
_SHEAR = 0.004  # a quarter of a degree: what deskewing leaves
_SIGHT_MM = 0.15  # deviation of one sight: half a pixel of the reduced page
_OUTLIER_MM = 0.5  # a sight farther off is of something else
_ROUNDS = 6  # of reweighting; it settles after three or four
_STILL_MM = 0.002  # moves no sight by more: it has settled


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """Where the form lies on a page.

    Attributes:
        matrix: (2, 3), pixels from millimetres: `matrix @ (x_mm, y_mm, 1)`.
    """

    matrix: Floats

    @property
    def px_per_mm(self) -> float:
        """Mean scale of both axes."""
        (across, shear, _), (slope, down, _) = self.matrix.tolist()
        return float(abs(across * down - shear * slope) ** 0.5)

    def to_px(self, mm: Points) -> Points:
        """Points of the form, (..., 2), on the page."""
        return np.asarray(mm @ self.matrix[:, :2].T + self.matrix[:, 2])

    def scaled(self, factor: float) -> "Pose":
        """The pose on the page with its sides times `factor`."""
        return Pose(self.matrix * factor)

    def box(self, box_mm: tuple[float, float, float, float]) -> Box:
        """A box of the form on the page: as large, about the same middle; not clipped."""
        left, top, width, height = box_mm
        middle = self.to_px(np.array([left + width / 2, top + height / 2]))
        wide, tall = width * self.matrix[0, 0], height * self.matrix[1, 1]
        x, y = (round(float(v)) for v in middle - (wide / 2, tall / 2))
        return Box(x, y, max(1, round(float(wide))), max(1, round(float(tall))))


@dataclass(frozen=True, slots=True, eq=False)
class Sights:
    """What was seen of the form, each along one axis.

    Attributes:
        mm: (N, 2) points of the form.
        axis: (N,) 0 for a distance along x, 1 along y.
        off_mm: (N,) how far off the pose each was seen.
    """

    mm: Points
    axis: NDArray[np.intp]
    off_mm: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A pose fitted to sights.

    Attributes:
        pose: The pose.
        left_mm: (N,) distance of each sight from it.
        residual_mm: Root mean square of the distances of all but outliers.
    """

    pose: Pose
    left_mm: Floats
    residual_mm: float

    @property
    def agreeing(self) -> NDArray[np.bool_]:
        """(N,) the sights that are no outliers."""
        return np.asarray(np.abs(self.left_mm) <= _OUTLIER_MM)


def fitted(pose: Pose, sights: Sights) -> Fit:
    """Move a pose to where most sights say it lies.

    Least squares over shift, stretch and shear, reweighted by Cauchy's weights against outliers,
    with the pose itself as a weak prior: two sights move it, fifty stretch and shear it.
    """
    if not len(sights.axis):
        return Fit(pose, np.zeros(0), 0.0)
    middle = sights.mm.mean(axis=0)
    reach = sights.mm - middle
    terms = np.zeros((len(sights.axis), 6))  # shift x, y; stretch x, y; shear x, y
    rows = np.arange(len(sights.axis))
    terms[rows, sights.axis] = 1.0
    terms[rows, 2 + sights.axis] = reach[rows, sights.axis]
    terms[rows, 4 + sights.axis] = reach[rows, 1 - sights.axis]
    prior = np.repeat([_SHIFT_MM, _STRETCH, _SHEAR], 2) ** -2.0
    left = np.asarray(sights.off_mm, np.float64)
    move: Floats = np.zeros(6)
    spread = max(_SIGHT_MM, 1.5 * float(np.median(np.abs(left - np.median(left)))))
    for _ in range(_ROUNDS):
        before = left
        weights = 1.0 / (spread**2 + left**2)
        normal = terms.T @ (terms * weights[:, None]) + np.diag(prior)
        wanted = terms.T @ (weights * sights.off_mm)
        move = np.asarray(np.linalg.solve(normal, wanted), np.float64)
        left = np.asarray(sights.off_mm - terms @ move, np.float64)
        if spread == _SIGHT_MM and np.abs(left - before).max() < _STILL_MM:
            break
        spread = max(_SIGHT_MM, spread / 2)
    inside = left[np.abs(left) <= _OUTLIER_MM]
    residual = float(np.sqrt(np.mean(inside**2))) if inside.size else float(np.abs(left).min())
    return Fit(_moved(pose, middle, move), left, residual)


def _moved(pose: Pose, middle: Points, move: Floats) -> Pose:
    """The pose after a small move of the form about a point, in millimetres."""
    turn = np.array([[1 + move[2], move[4]], [move[5], 1 + move[3]]])
    shift = move[:2] + middle - turn @ middle
    linear = pose.matrix[:, :2] @ turn
    return Pose(np.column_stack([linear, pose.matrix[:, :2] @ shift + pose.matrix[:, 2]]))
