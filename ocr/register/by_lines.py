"""Registration by the form's own boxes and combs: where their edges meet ruled lines.

A deskewed page is shifted and stretched. Rows and columns are searched separately in the profiles
of lines across and down the page, for all stretches and shifts at once; the few best of both are
combined and compared on the page itself.
"""

from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Ink
from ocr.register.edges import Edges, looked_up
from ocr.register.pose import Floats, Pose
from ocr.register.sheet import Ruled

_STRETCHES = np.arange(-0.045, 0.0451, 0.005)  # print scale of 3 % and the scanner's feed
_SHIFT_MM = 25.0  # how far a page may lie from its place
_STEP_MM = 0.5
_TOLERANCE_MM = 0.6  # half a step of stretch over a page's half, and what skew is left
_CANDIDATES = 12  # kept of rows and of columns
_APART_MM = 1.5  # candidates of one stretch
_UNEVEN = 0.0125  # largest difference of the stretches across and down
_CUT = 0.025  # sides that differ more from the form's: some of the page is cut off
_FAR = 0.003  # share of edges that a millimetre of shift must win: rows of a table look alike
_COMPARED = 32  # combinations that are compared on the page, the best by their profiles


@dataclass(frozen=True, slots=True)
class _Line:
    """One axis of a pose: `px = scale * mm + shift_px`."""

    scale: float
    shift_px: float
    score: float
    penalty: float


def starts(ruled: Ruled, page_mm: tuple[float, float], edges: Edges) -> list[Pose]:
    """Poses at which the edges may lie, the best first; empty for a form without edges."""
    if not len(edges.axis):
        return []
    found: list[tuple[_Line, _Line]] = []
    for px_per_mm in _scales(ruled.across.shape, page_mm):
        down = _candidates(ruled.across, 1, page_mm[1], edges, px_per_mm)
        across = _candidates(ruled.down, 0, page_mm[0], edges, px_per_mm)
        found += [(x, y) for x, y in product(across, down) if abs(x.scale / y.scale - 1) <= _UNEVEN]
    found = sorted(found, key=lambda pair: -pair[0].score - pair[1].score)[:_COMPARED]
    poses = [Pose(np.array([[x.scale, 0, x.shift_px], [0, y.scale, y.shift_px]])) for x, y in found]
    far = np.array([x.penalty + y.penalty for x, y in found])
    order = np.argsort(far - _covered(ruled, poses, edges), kind="stable")
    return [poses[k] for k in order]


def _scales(shape: tuple[int, ...], page_mm: tuple[float, float]) -> list[float]:
    """Pixels per millimetre by the page's width; also by its height if the two disagree."""
    by_width, by_height = shape[1] / page_mm[0], shape[0] / page_mm[1]
    return [by_width] if abs(by_width / by_height - 1) <= _CUT else [by_width, by_height]


def _candidates(
    lines: Ink, axis: int, length_mm: float, edges: Edges, px_per_mm: float
) -> list[_Line]:
    """Stretches and shifts along one axis at which most edges lie on lines."""
    mine = edges.axis == axis
    places, lengths_mm = _together(edges.middle[mine, axis], edges.length_mm[mine])
    lengths = lengths_mm * px_per_mm
    profile = _profile(lines, axis, px_per_mm)
    missing_mm = length_mm - len(profile) / px_per_mm  # what the scan cuts off, on either side
    low, high = min(0.0, -missing_mm), max(0.0, -missing_mm)
    shifts_mm = np.arange(low - _SHIFT_MM, high + _SHIFT_MM + _STEP_MM, _STEP_MM)
    shifts = shifts_mm * px_per_mm
    scales = px_per_mm * (1 + _STRETCHES)
    # Stretched about the middle of the page, as a shift about 0 would grow with the page.
    rest = (px_per_mm - scales) * length_mm / 2
    at = scales[:, None, None] * places + (rest[:, None] + shifts)[..., None]
    rows = np.clip(np.rint(at), -1, len(profile)).astype(int)
    on_lines = np.minimum(np.pad(profile, 1)[rows + 1], lengths)
    penalty = _FAR * np.maximum(0.0, np.maximum(low - shifts_mm, shifts_mm - high))
    scores = on_lines.sum(axis=2) / lengths.sum() - penalty
    return [
        _Line(float(scales[s]), float(rest[s] + shifts[t]), float(scores[s, t]), float(penalty[t]))
        for s, t in _peaks(scores, max(1, round(_APART_MM / _STEP_MM)))
    ]


def _together(places: Floats, lengths_mm: Floats) -> tuple[Floats, Floats]:
    """Edges in one row or column as one: one field's line there is not five fields'."""
    _, row = np.unique(np.rint(places / _STEP_MM), return_inverse=True)
    together = np.asarray(np.bincount(row, lengths_mm), np.float64)
    return np.bincount(row, lengths_mm * places) / together, together


def _profile(lines: Ink, axis: int, px_per_mm: float) -> Floats:
    """Pixels on lines per row (axis 1) or column (axis 0), the most within the tolerance."""
    count = cv2.reduce(lines.view(np.uint8), axis, cv2.REDUCE_SUM, dtype=cv2.CV_32F)
    wide = 2 * round(_TOLERANCE_MM * px_per_mm) + 1
    return np.asarray(cv2.dilate(count.reshape(-1, 1), np.ones((wide, 1))).ravel(), np.float64)


def _peaks(scores: Floats, apart: int) -> list[tuple[int, int]]:
    """Places of the highest scores that are the highest near them in their row."""
    single = scores.astype(np.float32)
    near = np.asarray(cv2.dilate(single, np.ones((1, 2 * apart + 1))))
    rows, columns = np.nonzero((single >= near) & (single > 0))
    order = np.argsort(-single[rows, columns], kind="stable")[:_CANDIDATES]
    return [(int(rows[k]), int(columns[k])) for k in order]


def _covered(ruled: Ruled, poses: list[Pose], edges: Edges) -> NDArray[np.float64]:
    """Share of the edges' points that lie near a line, for each pose; none has any slope."""
    if not poses:
        return np.zeros(0)
    wide = 2 * round(_TOLERANCE_MM * poses[0].px_per_mm) + 1
    matrices = np.stack([pose.matrix for pose in poses])
    scales, shifts = matrices[:, (0, 1), (0, 1)].T, matrices[:, :, 2].T  # (x and y, poses)
    shares = np.zeros(len(poses))
    for axis, lines, kernel in ((0, ruled.down, (1, wide)), (1, ruled.across, (wide, 1))):
        near = np.asarray(cv2.dilate(lines.view(np.uint8), np.ones(kernel))).view(bool)
        mine = edges.axis == axis
        weights = edges.length_mm[mine] / edges.length_mm.sum()
        points = edges.points[mine].transpose(2, 0, 1)  # (x and y, edges, samples)
        x, y = points[:, :, None] * scales[:, None, :, None] + shifts[:, None, :, None]
        shares += weights @ looked_up(near, x, y).mean(axis=2)
    return shares
