"""Columns of printed numbers among those that people write."""

import numpy as np
import pytest

from ocr.geometry import Box
from ocr.typed import is_typed

ROWS = [Box(100, 60 * row, 200, 60) for row in range(8)]


@pytest.mark.parametrize("ends", ["left", "right"])
def test_numbers_of_one_size_at_one_place_are_type(ends):
    wide = [62, 80, 61, 81, 80, 62, 80, 61]
    x = [12 if ends == "left" else 180 - width for width in wide]
    inked = [
        Box(at + row % 2, 18, width, 22 + row % 2)
        for row, (at, width) in enumerate(zip(x, wide, strict=True))
    ]
    assert is_typed(ROWS, inked)
    assert is_typed(ROWS, [*inked[:-1], Box(12, 10, 90, 44)]), "one may be misread"
    assert not is_typed(ROWS[:3], inked[:3]), "few may be as even by chance"


@pytest.mark.parametrize("varying", ["x", "y", "height"])
def test_numbers_that_vary_in_size_or_place_are_written(varying):
    rng = np.random.default_rng(7)
    off = {
        name: rng.normal(0, 5 if name == varying else 0, 8).astype(int)
        for name in ("x", "y", "height")
    }
    inked = [
        Box(20 + off["x"][row], 15 + off["y"][row], 70 + row % 3 * 9, 30 + off["height"][row])
        for row in range(8)
    ]
    assert not is_typed(ROWS, inked)
