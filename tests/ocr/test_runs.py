"""Horizontal runs are the long ones of every row, at their place, with paper around."""

import numpy as np
import pytest

from ocr.find.ruling import find_ruling
from ocr.runs import closed, inked_rows, long_runs_of, opened, runs_across, runs_of
from ocr.upright import as_scanned


@pytest.mark.parametrize("shortest_px", [1, 2, 6, 14, 15, 22, 23, 24, 40])
def test_runs_stay_where_they_are_if_they_are_long_enough(shortest_px: int) -> None:
    rng = np.random.default_rng(shortest_px)
    for _ in range(20):
        height, width = (int(side) for side in rng.integers(1, 120, 2))
        ink = np.zeros((height, width), np.uint8)
        for row in ink:  # runs that begin anywhere, about as long as looked for
            start = int(rng.integers(width))
            row[start : start + shortest_px + int(rng.integers(-2, 3))] = 1
        expected = np.zeros_like(ink)
        for row, kept in zip(ink, expected, strict=True):
            for start, end in runs_of(row > 0):
                kept[start:end] = end - start >= shortest_px
        assert np.array_equal(runs_across(ink, shortest_px), expected)


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


@pytest.mark.parametrize("height_px", [1170, 1400, 1754, 2339])
def test_a_ruled_line_is_where_it_is_printed(height_px: int) -> None:
    page = np.full((height_px, round(height_px / 1.414)), 244, np.uint8)
    page[300:303, 100:400] = 60
    page[500:700, 200:203] = 60
    ruling = find_ruling(as_scanned(page))
    assert runs_of(ruling.across.any(axis=0)) == [(100, 400)]
    assert runs_of(ruling.down.any(axis=1)) == [(500, 700)]


@pytest.mark.parametrize("size", [(1, 4), (1, 5), (4, 1), (6, 3)])
def test_opening_and_closing_move_nothing(size: tuple[int, int]) -> None:
    ink = np.zeros((40, 60), np.uint8)
    ink[10:30, 15:45] = 1
    assert np.array_equal(opened(ink, size), ink)
    assert np.array_equal(closed(ink, size), ink)
    touching = np.zeros((12, 30), np.uint8)
    touching[:, :10] = 1
    assert np.array_equal(opened(touching, size), touching)  # at the picture's sides, too


def test_rows_with_ink_keep_a_blank_one_before_each_stretch():
    ink = np.zeros((9, 5), np.uint8)
    ink[[2, 3, 8], [0, 4, 2]] = 1
    assert inked_rows(ink).tolist() == [1, 2, 3, 7, 8]
    assert not inked_rows(np.zeros((3, 4), np.uint8)).size
