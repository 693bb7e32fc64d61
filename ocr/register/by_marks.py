"""Registration by printed marks: each is looked for near its place, the pairs that agree win."""

from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.forms import Form, Mark
from ocr.register.pose import Floats, Points, Pose, Sights
from ocr.register.sheet import Sheet

_REACH_MM = 22.0  # how far from its place a mark is looked for
_CANDIDATES = 3  # places kept of each mark: other print may look like one
_ALIKE = 0.65  # correlation of a mark that is there, blurred and photocopied
_MARGIN = 0.35  # of a mark's size: the white around it is part of what is looked for
_AGREE_MM = 1.2  # how far marks may be from a pose that two of them propose
_STRETCH = 0.06
_STEEPEST = 0.03  # sine of the largest rotation
_APART_MM = 40.0  # two marks nearer to one another tell the scale badly


def start(sheet: Sheet, form: Form) -> tuple[Pose, Sights] | None:
    """The pose on which most marks agree, two at least, and how far off it each was seen."""
    width_mm, height_mm = form.page_mm or (1.0, 1.0)
    height, width = sheet.gray.shape
    scale = max(width / width_mm, height / height_mm)
    seen = [(mark.at_mm, place) for mark in form.marks for place in _places(sheet, mark, scale)]
    if len(seen) < 2:
        return None
    mm, px = (np.array(points, np.float64) for points in zip(*seen, strict=True))
    best: Pose | None = None
    agreed: NDArray[np.bool_] = np.zeros(len(mm), bool)
    for pair in combinations(range(len(mm)), 2):
        pose = _through(mm[list(pair)], px[list(pair)], scale)
        if pose is not None and (agrees := _agrees(pose, mm, px)).sum() > agreed.sum():
            best, agreed = pose, agrees
    if best is None:
        return None
    off_mm = (px[agreed] - best.to_px(mm[agreed])) / best.px_per_mm
    axis = np.tile(np.array([0, 1], np.intp), len(off_mm))
    return best, Sights(np.repeat(mm[agreed], 2, axis=0), axis, off_mm.ravel())


def _places(sheet: Sheet, mark: Mark, scale: float) -> list[tuple[float, float]]:
    """Where the page looks like the mark, near its place."""
    drawn = _drawn(mark, scale)
    half = drawn.shape[0] // 2
    reach = half + round(_REACH_MM * scale)
    x, y = (round(v * scale) for v in mark.at_mm)
    top, left = max(0, y - reach), max(0, x - reach)
    near = sheet.gray[top : y + reach, left : x + reach]
    if min(near.shape) < drawn.shape[0]:
        return []
    alike = np.asarray(cv2.matchTemplate(near, drawn, cv2.TM_CCOEFF_NORMED))
    places = []
    for _ in range(_CANDIDATES):
        _, best, _, (column, row) = cv2.minMaxLoc(alike)
        if best < _ALIKE:
            break
        middle = (drawn.shape[0] - 1) / 2
        places.append((left + column + middle, top + row + middle))
        alike[max(0, row - half) : row + half, max(0, column - half) : column + half] = -1
    return places


def _drawn(mark: Mark, scale: float) -> NDArray[np.uint8]:
    """The mark, black on white, with a margin."""
    half = max(2, round(mark.size_mm * scale / 2))
    middle = half + max(1, round(_MARGIN * mark.size_mm * scale))
    picture = np.full((2 * middle + 1, 2 * middle + 1), 255, np.uint8)
    line = max(1, round(mark.size_mm * scale / 10))
    if mark.shape == "square":
        cv2.rectangle(picture, (middle - half,) * 2, (middle + half,) * 2, (0,), cv2.FILLED)
    elif mark.shape == "circle":
        cv2.circle(picture, (middle, middle), half, (0,), cv2.FILLED)
    else:
        cv2.line(picture, (middle - half, middle), (middle + half, middle), (0,), line)
        cv2.line(picture, (middle, middle - half), (middle, middle + half), (0,), line)
    return picture


def _through(mm: Points, px: Points, scale: float) -> Pose | None:
    """The shift, scale and rotation through two marks, if an upright page can have them."""
    apart, seen = mm[1] - mm[0], px[1] - px[0]
    square = float(apart @ apart)
    if square < _APART_MM**2:
        return None
    along = float(apart @ seen) / square
    across = float(apart[0] * seen[1] - apart[1] * seen[0]) / square
    stretched = abs(along / scale - 1) > _STRETCH
    if stretched or abs(across) > _STEEPEST * scale:
        return None
    turn = np.array([[along, -across], [across, along]])
    return Pose(np.column_stack([turn, px[0] - turn @ mm[0]]))


def _agrees(pose: Pose, mm: Points, px: Points) -> NDArray[np.bool_]:
    """Which of the marks lie where the pose has them."""
    off_mm: Floats = np.linalg.norm(px - pose.to_px(mm), axis=1) / pose.px_per_mm
    return np.asarray(off_mm <= _AGREE_MM)
