"""Columns of numbers in type: printed item numbers and codes beside what people write.

Type has one size and stands at one place in each row; no hand is as even.
"""

from collections.abc import Sequence

import numpy as np

from ocr.geometry import Box

_LEAST = 4  # rows; fewer written numbers may be as even by chance
# Standard deviations, in shares of the height of the writing; type in scans at 150 dpi stays below:
_TALL = 0.05
_ASIDE = 0.06  # of the left or the right ends
_ABOVE = 0.06  # of the tops from row to row


def is_typed(cells: Sequence[Box], inked: Sequence[Box]) -> bool:
    """Whether the numbers in a column are printed.

    Args:
        cells: Those cells of a column that hold numbers.
        inked: Where in each, from its top left corner, the number stands.
    """
    if len(inked) < _LEAST:
        return False
    heights = np.array([box.height for box in inked], np.float64)
    tall = float(np.median(heights))
    most = np.maximum(1.0, np.array((_TALL, _ASIDE, _ABOVE)) * tall)  # a pixel may always be off
    lefts = np.array([cell.x + box.x for cell, box in zip(cells, inked, strict=True)])
    rights = lefts + np.array([box.width for box in inked])
    tops = np.array([box.y for box in inked])
    aside = min(_spread(lefts), _spread(rights))
    return bool((np.array((_spread(heights), aside, _spread(tops))) <= most).all())


def _spread(values: np.typing.ArrayLike) -> float:
    """Standard deviation of all but the most remote value: one may be misread."""
    values = np.asarray(values, np.float64)
    off = np.abs(values - np.median(values))
    return float(np.std(np.delete(values, off.argmax())))
