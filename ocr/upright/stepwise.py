"""Rotating a picture slightly by moving its rows and columns, a quarter of a pixel at a time.

A rotation is two shears but for the square of its angle (Paeth 1986). Blocks of rows and columns
that move as far are mixed of two copies at once: a quarter of the time of a warp.
"""

from itertools import pairwise

import cv2
import numpy as np

from ocr.arrays import Gray

SLIGHT_SKEW_DEG = 1.0  # its square is a third of a pixel on the largest reduced pages
_STEPS = 4  # to a pixel


def rotated_by_steps(gray: Gray, skew_deg: float, paper: int = 255, steps: int = _STEPS) -> Gray:
    """A picture without its skew about its middle.

    Args:
        gray: (H, W).
        skew_deg: `SLIGHT_SKEW_DEG` at most, counter-clockwise positive.
        paper: What comes in at the sides.
        steps: To a pixel; 1 mixes no levels.
    """
    if skew_deg == 0.0:
        return gray
    tangent = float(np.tan(np.deg2rad(skew_deg)))
    turned = np.asarray(cv2.transpose(_sheared(gray, tangent, paper, steps)), np.uint8)
    return np.asarray(cv2.transpose(_sheared(turned, -tangent, paper, steps)), np.uint8)


def _sheared(gray: Gray, tangent: float, paper: int, steps: int) -> Gray:
    """Rows moved to the left by so much for each that lies between them and the middle."""
    height, width = gray.shape
    away = (np.arange(height) - (height - 1) / 2) * tangent
    moves = np.rint(away * steps).astype(np.intp)
    sheared = np.full_like(gray, paper)
    ends = [0, *(np.flatnonzero(np.diff(moves)) + 1).tolist(), height]
    for first, last in pairwise(ends):
        move, part = divmod(int(moves[first]), steps)
        start, end = max(0, -move), max(0, min(width, width - move - 1))
        if start < end:
            near = gray[first:last, start + move : end + move]
            far = gray[first:last, start + move + 1 : end + move + 1]
            share = part / steps
            cv2.addWeighted(near, 1 - share, far, share, 0.0, sheared[first:last, start:end])
    return sheared
