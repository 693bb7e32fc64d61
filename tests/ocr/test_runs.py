"""Horizontal runs agree with those of an opening of every row, with paper around."""

import cv2
import numpy as np
import pytest

from ocr.runs import long_runs_of, runs_across, runs_of


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


@pytest.mark.parametrize(("shortest_px", "shortest_cut_px"), [(1, 1), (9, 5), (30, 15), (60, 60)])
def test_long_runs_are_whole_and_those_cut_off_may_be_shorter(
    shortest_px: int, shortest_cut_px: int
) -> None:
    rng = np.random.default_rng(shortest_px)
    for _ in range(20):
        height, width = (int(side) for side in rng.integers(1, 120, 2))
        ink = (rng.random((height, width)) < 0.97).astype(np.uint8)
        expected = np.zeros_like(ink)
        for row, kept in zip(ink, expected, strict=True):
            for start, end in runs_of(row > 0):
                cut = start == 0 or end == width
                kept[start:end] = end - start >= (shortest_cut_px if cut else shortest_px)
        assert np.array_equal(long_runs_of(ink, shortest_px, shortest_cut_px), expected)
