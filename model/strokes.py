"""Signs as tight crops, and the few ways in which training puts them together.

A crop is `Strokes` cut to its ink; `SIDE_PX` is the longer side at which training works, twice that
of the network's 20 pixels, so that pen width and warps are finer than the network's pixels.
"""

import cv2
import numpy as np

from ocr.arrays import Strokes
from ocr.digits.normalize import ink_box

SIDE_PX = 40


def tight(strokes: Strokes, side_px: int = SIDE_PX) -> Strokes:
    """Cut to the ink and scale the longer side; a single 0 pixel for an image without ink."""
    box = ink_box(strokes)
    if not box.width:
        return np.zeros((1, 1), np.uint8)
    cut = strokes[box.slices]
    return scaled(cut, side_px / max(cut.shape))


def scaled(strokes: Strokes, factor: float) -> Strokes:
    """Resize by a factor, smoothly; sides keep at least one pixel."""
    height, width = (max(1, round(side * factor)) for side in strokes.shape)
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(strokes, (width, height), interpolation=method), np.uint8)


def beside(left: Strokes, right: Strokes, gap_px: int) -> Strokes:
    """Put two crops side by side, bottoms within reach of each other; a negative gap overlaps."""
    gap = max(gap_px, -min(left.shape[1], right.shape[1]))
    height = max(left.shape[0], right.shape[0])
    field = np.zeros((height, left.shape[1] + gap + right.shape[1]), np.uint8)
    for part, x in ((left, 0), (right, left.shape[1] + gap)):
        y = (height - part.shape[0]) // 2
        place = field[y : y + part.shape[0], x : x + part.shape[1]]
        np.maximum(place, part, out=place)
    return field


def drawn(lines: list[np.ndarray], pen_px: float, margin_px: int = 4) -> Strokes:
    """Draw polylines, each (N, 2) in pixels as (x, y), with a round antialiased pen."""
    points = np.vstack(lines)
    corner = points.min(axis=0) - margin_px - pen_px
    width, height = np.ceil(points.max(axis=0) - corner + margin_px + pen_px).astype(int)
    field = np.zeros((max(1, height), max(1, width)), np.uint8)
    shifted = [np.rint((line - corner) * 16).astype(np.int32) for line in lines]
    cv2.polylines(field, shifted, False, 255, max(1, round(pen_px)), cv2.LINE_AA, shift=4)
    return field


def smooth(points: np.ndarray, steps: int = 8) -> np.ndarray:
    """A Catmull-Rom curve through points (N, 2); (1 + (N - 1) * steps, 2)."""
    ends = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    a, b, c, d = ends[:-3], ends[1:-2], ends[2:-1], ends[3:]
    t = (np.arange(steps) / steps)[:, None, None]
    curve = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * (b - c) + d - a) * t**3
    )
    return np.vstack([curve.transpose(1, 0, 2).reshape(-1, 2), points[-1:]])
