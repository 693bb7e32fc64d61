"""What is usual of gray levels and of measures."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray


def percentiles_of(levels: NDArray[np.uint8], percentiles: Sequence[float]) -> list[float]:
    """`np.percentile` by the histogram: a tenth of the time that sorting takes."""
    counts = cv2.calcHist([levels], [0], None, [256], [0, 256])
    places = np.array(percentiles) / 100.0 * (levels.size - 1)
    ends = np.cumsum(counts.astype(np.int64))
    low, high = (np.searchsorted(ends, f(places), "right") for f in (np.floor, np.ceil))
    return [float(level) for level in low + (high - low) * (places % 1.0)]


def median_of(values: NDArray[Any]) -> float:
    """`np.median` of some values, at least one: of few it takes three times as long."""
    ordered = np.sort(values, axis=None)
    half = len(ordered) // 2
    return float(ordered[half]) / 2 + float(ordered[~half]) / 2
