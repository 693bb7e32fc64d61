"""The sheet on a picture that grew when it was rotated: programs keep the corners that way.

Such a picture is just so large that a sheet of a known shape fits in askew, and blank around it.
"""

from collections.abc import Sequence

import numpy as np

from ocr.arrays import Ink
from ocr.geometry import Box
from ocr.upright.paper_size import PageMm

_PAPERS_MM = ((210.0, 297.0), (215.9, 279.4))  # A4 and letter; any other by its form
_LEAST_SKEW_DEG = 1.5  # less makes a picture hardly larger than its sheet
_SHAPE = 0.006  # how far the sheet's width over height may be off; a tenth of a degree moves 0.003
_OTHER_SHAPE = 0.012  # a picture as near to a known shape is no larger than its sheet
_OUTSIDE = 0.01  # share of the ink beside the sheet: dirt


def sheet_on_canvas(ink: Ink, skew_deg: float, sizes_mm: Sequence[PageMm]) -> Box | None:
    """Find the sheet about the middle of a picture that was rotated and grew.

    Args:
        ink: (H, W) print of the picture without its skew.
        skew_deg: The skew that was taken out.
        sizes_mm: Widths and heights that the page may have, as far as known.

    Returns:
        The sheet; None if the picture is as large as its sheet, or anything stands beside it.
    """
    if abs(skew_deg) < _LEAST_SKEW_DEG:
        return None
    height, width = ink.shape
    cos, sin = np.cos(np.deg2rad(skew_deg)), np.sin(np.deg2rad(abs(skew_deg)))
    grown = cos**2 - sin**2
    wide, tall = (width * cos - height * sin) / grown, (height * cos - width * sin) / grown
    shapes = [shape for w, h in (*(sizes_mm or _PAPERS_MM),) for shape in (w / h, h / w)]
    if min(wide, tall) <= 0 or not _is_like(wide / tall, shapes, _SHAPE):
        return None
    if _is_like(width / height, shapes, _OTHER_SHAPE):
        return None
    left, top = round((width - wide) / 2), round((height - tall) / 2)
    box = Box(left, top, width - 2 * left, height - 2 * top)
    return box if ink[box.slices].sum() >= (1 - _OUTSIDE) * ink.sum() else None


def _is_like(shape: float, shapes: Sequence[float], most_off: float) -> bool:
    return any(abs(shape / known - 1) <= most_off for known in shapes)
