"""Percentiles of gray levels: as numpy tells them, of few levels and of many."""

import numpy as np
import pytest

from ocr.levels import percentiles_of


@pytest.mark.parametrize("side", [1, 7, 90])
def test_percentiles_are_those_of_numpy(side):
    levels = np.random.default_rng(side).integers(0, 256, (side, side), np.uint8)
    asked = [0.0, 12.5, 50.0, 99.0, 100.0]
    assert np.allclose(percentiles_of(levels, asked), np.percentile(levels, asked))


def test_no_levels_have_percentiles_of_nothing():
    assert percentiles_of(np.zeros((0, 4), np.uint8), [50.0, 90.0]) == [0.0, 0.0]
