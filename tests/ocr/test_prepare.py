"""What the line reader sees of a field: the writing, and the dash that ends it."""

import numpy as np
import pytest

from ocr.find import Placement
from ocr.geometry import Box
from ocr.prepare import prepare
from tests.ocr.drawn_digits import handwritten


def end_of_writing(gray):
    """Column where the writing ends for the line reader, and the last of ink."""
    height, width = gray.shape
    ink = prepare(gray, Placement(Box(0, 0, width, height)))
    columns = np.flatnonzero((gray < 140).any(axis=0))
    return ink.written.right, columns[-1] + 1


@pytest.mark.parametrize("text", ["480/-", "714-", "80"])
def test_the_writing_ends_behind_its_dash(text):
    written, inked = end_of_writing(handwritten(text))
    assert written == pytest.approx(inked, abs=6)


def test_of_a_long_dash_only_the_beginning_is_seen():
    gray = handwritten("480")
    filled = np.pad(gray, ((0, 0), (0, 300)), mode="edge")
    row = gray.shape[0] // 2
    filled[row : row + 5, gray.shape[1] : gray.shape[1] + 150] = 40
    written, inked = end_of_writing(filled)
    assert gray.shape[1] < written < gray.shape[1] + 80 < inked


def test_what_stands_far_behind_the_writing_is_not_its_dash():
    gray = handwritten("480")
    dirty = np.pad(gray, ((0, 0), (0, 300)), mode="edge")
    row = gray.shape[0] // 2
    dirty[row : row + 5, gray.shape[1] + 120 : gray.shape[1] + 160] = 40
    written, _ = end_of_writing(dirty)
    assert written < gray.shape[1]
