"""The picture of a line that the line network sees; training and reading make it by this code.

Cut tightly to the ink: of all that was tried before this product, that was worth most (a loose crop
wastes the network's few rows). Rules and security print stay in it: cleaning them away would make
the line reader fail where the segmenting reader fails.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray, Strokes
from ocr.geometry import Box

HEIGHT_PX = 32
STRIDE_PX = 4  # columns of the picture per time step of the network
_INK_PX = 24  # height of the ink in it
_STRETCH = 1.25  # columns are finer than rows: time steps are what separates narrow digits
_SIDE_PX = 6  # paper left and right of the ink
_WIDEST_PX = 768
_PAPER_PX = (23, 19)  # wider than any stroke: a closing of this size leaves the paper
_PAPER_PERCENTILE, _INK_PERCENTILE = 40, 97
_FAINTEST_INK = 8.0  # gray levels
_FULL = 212.0  # usual full ink; the darkest strokes reach 255


def line_view(gray: Gray, ink: Box) -> Strokes:
    """Cut a line out of a scan and bring it to the network's height and polarity.

    Args:
        gray: (H, W) scan of the field.
        ink: The ink's bounding box in it; may reach over the edge. A box outside stands for all.

    Returns:
        (32, W) strokes on black, W a multiple of 4, at most 768.
    """
    height, width = gray.shape
    seen = ink.clipped(width, height)
    if not seen.width or not seen.height:
        ink = Box(0, 0, width, height)
    scale = _scale(ink)
    up, aside = (HEIGHT_PX / scale - ink.height) / 2, _SIDE_PX / scale / _STRETCH
    crop = _cut(gray, ink.x - aside, ink.y - up, ink.right + aside, ink.bottom + up)
    steps = max(2, round(crop.shape[1] * scale * _STRETCH / STRIDE_PX))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(crop, (steps * STRIDE_PX, HEIGHT_PX), interpolation=method)
    return _flattened(np.asarray(small, np.uint8))


def step_columns(ink: Box, steps: int) -> NDArray[np.float64]:
    """(steps,) columns of the scan that the first time steps of an ink's view show."""
    scale = _scale(ink) * _STRETCH
    middles = (np.arange(steps) + 0.5) * STRIDE_PX
    return np.asarray(ink.x + (middles - _SIDE_PX) / scale, np.float64)


def _scale(ink: Box) -> float:
    """Rows of the view to one of the scan."""
    return min(_INK_PX / ink.height, (_WIDEST_PX - 2 * _SIDE_PX) / (ink.width * _STRETCH))


def _cut(gray: Gray, left: float, top: float, right: float, bottom: float) -> Gray:
    """A piece of the scan; beyond its edges the edge goes on."""
    x, y, end_x, end_y = (round(v) for v in (left, top, right, bottom))
    height, width = gray.shape
    inside = gray[max(0, y) : max(1, end_y), max(0, x) : max(1, end_x)]
    out = max(0, -y), max(0, end_y - height), max(0, -x), max(0, end_x - width)
    if not any(out):
        return inside
    return np.asarray(cv2.copyMakeBorder(inside, *out, cv2.BORDER_REPLICATE), np.uint8)


def _flattened(gray: Gray) -> Strokes:
    """Darkness against the paper around, from the paper's usual level to full ink."""
    kernel = np.ones(_PAPER_PX[::-1], np.uint8)
    paper = cv2.morphologyEx(gray, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_REPLICATE)
    paper = cv2.blur(paper, _PAPER_PX)
    dark = cv2.subtract(paper, gray).astype(np.float32)
    low, full = np.percentile(dark, (_PAPER_PERCENTILE, _INK_PERCENTILE))
    gain = _FULL / max(full - low, _FAINTEST_INK)
    return np.asarray(np.clip((dark - low) * gain, 0, 255), np.uint8)
