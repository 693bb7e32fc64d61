"""Horizontal runs agree with those of an opening of every row, with paper around."""

import cv2
import numpy as np
import pytest

from ocr.runs import runs_across


@pytest.mark.parametrize("shortest_px", [1, 2, 6, 14, 15, 22, 23, 24, 40])
def test_runs_are_those_that_an_opening_leaves(shortest_px: int) -> None:
    rng = np.random.default_rng(shortest_px)
    for _ in range(20):
        height, width = (int(side) for side in rng.integers(1, 120, 2))
        ink = np.zeros((height, width), np.uint8)
        for row in ink:  # runs that begin anywhere, about as long as looked for
            start = int(rng.integers(width))
            row[start : start + shortest_px + int(rng.integers(-2, 3))] = 1
        padded = np.pad(ink, ((0, 0), (shortest_px, shortest_px)))
        opened = cv2.morphologyEx(padded, cv2.MORPH_OPEN, np.ones((1, shortest_px), np.uint8))
        inside = opened[:, shortest_px : shortest_px + width]
        assert np.array_equal(runs_across(ink, shortest_px), inside)
