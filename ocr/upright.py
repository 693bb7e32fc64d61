"""Upright pages: the skew of a scan is estimated and taken out."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray, Ink
from ocr.find.lines import line_ink
from ocr.geometry import Box
from ocr.scaling import scaled

_WORK_WIDTH = 800  # pixels: 0.1 degrees moves a line's end by 1.4 rows
_COARSE_DEG, _FINE_DEG = 0.5, 0.1
_LEAST_SKEW_DEG = 0.15  # less moves no field by more than 1 mm on A4: not worth an interpolation
_LEAST_INK = 200  # pixels; fewer say nothing about an angle


@dataclass(frozen=True, eq=False, slots=True)
class UprightPage:
    """A page without skew.

    Attributes:
        gray: (H, W), of the scan's size; corners that came from outside the scan are paper.
        skew_deg: The skew that was taken out, counter-clockwise positive.
    """

    gray: Gray
    skew_deg: float

    def to_scan(self, box: Box) -> Box:
        """The smallest box on the page as scanned that holds a box of the upright page."""
        height, width = self.gray.shape
        matrix = _rotation(width, height, self.skew_deg)
        corners = np.array(
            [[x, y, 1] for x in (box.x, box.right) for y in (box.y, box.bottom)], np.float64
        )
        xy = corners @ matrix.T
        left, top = np.floor(xy.min(axis=0)).astype(int)
        right, bottom = np.ceil(xy.max(axis=0)).astype(int)
        return Box(int(left), int(top), int(right - left), int(bottom - top)).clipped(width, height)


def make_upright(gray: Gray) -> UprightPage:
    """Take the skew out of a page."""
    height, width = gray.shape
    scale = min(1.0, _WORK_WIDTH / width)
    skew_deg = estimate_skew(line_ink(scaled(gray, scale)))
    if abs(skew_deg) < _LEAST_SKEW_DEG:
        return UprightPage(gray, 0.0)
    turned = cv2.warpAffine(
        gray,
        _rotation(width, height, -skew_deg),
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255.0,),
    )
    return UprightPage(np.asarray(turned, np.uint8), skew_deg)


def estimate_skew(ink: Ink, limit_deg: float = 5.0) -> float:
    """Estimate the skew of a page from its horizontal projection profiles.

    Candidate angles shear the page; the upright one has the sharpest profile (Postl 1986). Half a
    degree is searched first, then a tenth around the best.

    Returns:
        Degrees, counter-clockwise positive; 0.0 for a page with hardly any ink.
    """
    rows, columns = np.nonzero(ink)
    if rows.size < _LEAST_INK:
        return 0.0
    coarse = np.arange(-limit_deg, limit_deg + _COARSE_DEG / 2, _COARSE_DEG)
    best = max(coarse, key=lambda deg: _sharpness(rows, columns, float(deg)))
    fine = best + np.arange(-_COARSE_DEG, _COARSE_DEG + _FINE_DEG / 2, _FINE_DEG)
    return round(float(max(fine, key=lambda deg: _sharpness(rows, columns, float(deg)))), 2)


def _sharpness(rows: NDArray[np.int64], columns: NDArray[np.int64], skew_deg: float) -> float:
    """Sum of squares of the row profile after the page is sheared upright."""
    upright = np.rint(rows + columns * np.tan(np.deg2rad(skew_deg))).astype(np.int64)
    profile = np.bincount(upright - upright.min()).astype(np.float64)
    return float((np.diff(profile) ** 2).sum())


def _rotation(width: int, height: int, degrees: float) -> NDArray[np.float64]:
    """(2, 3) matrix that turns a page counter-clockwise about its middle."""
    return np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0), np.float64)
