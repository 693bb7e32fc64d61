"""Normalization: MNIST's own digits come out nearly as they are, whatever the scan's size."""

import gzip
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ocr.digits.normalize import normalize

MNIST = Path(__file__).parents[2].parent / "shared/data/digits/mnist/t10k-images-idx3-ubyte.gz"


def seven(height, width, pen):
    strokes = np.zeros((height, width), np.uint8)
    margin = pen
    path = [(margin, margin), (width - margin, margin), (width // 3, height - margin)]
    cv2.polylines(strokes, [np.array(path, np.int32)], False, 255, pen, cv2.LINE_AA)
    return strokes


def box_of(strokes):
    rows = np.flatnonzero((strokes >= 32).any(axis=1))
    columns = np.flatnonzero((strokes >= 32).any(axis=0))
    return int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1


def centre_of_mass(strokes):
    rows, columns = np.indices(strokes.shape)
    mass = strokes.astype(float)
    return (rows * mass).sum() / mass.sum(), (columns * mass).sum() / mass.sum()


def difference(one, other):
    """Mean, as a share of full ink."""
    return np.abs(one.astype(int) - other).mean() / 255


@pytest.mark.parametrize(("height", "width"), [(20, 14), (80, 50), (300, 240), (40, 90)])
def test_the_longer_side_is_20_and_the_aspect_is_kept(height, width):
    strokes = seven(height, width, max(2, height // 12))
    tall, wide = box_of(strokes)
    digit = box_of(normalize(strokes))
    assert max(digit) == pytest.approx(20, abs=1)  # soft edges may fall under the ink level
    assert digit[0] / digit[1] == pytest.approx(tall / wide, rel=0.12)  # a pixel in 14, rounded


def test_the_centre_of_mass_is_in_the_middle():
    rows, columns = centre_of_mass(normalize(seven(200, 150, 14)))
    # Whole pixels: off by half at most, beside the half between counting from pixels and edges.
    assert (rows, columns) == pytest.approx((14, 14), abs=1.0)


def test_where_the_digit_lies_in_its_crop_does_not_matter():
    digit = seven(60, 40, 5)
    moved = np.pad(digit, ((30, 5), (0, 70)))
    assert np.array_equal(normalize(digit), normalize(moved))


@pytest.mark.parametrize(("height", "width", "pen"), [(120, 80, 8), (60, 100, 6), (28, 20, 2)])
def test_a_normalized_digit_is_normalized_nearly_to_itself(height, width, pen):
    once = normalize(seven(height, width, pen))
    assert difference(normalize(once), once) < 0.015


@pytest.mark.skipif(not MNIST.exists(), reason="the shared data set MNIST is not here")
def test_mnist_is_normalized_nearly_to_itself():
    with gzip.open(MNIST) as file:
        digits = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28)[:300]
    differences = np.array([difference(normalize(digit), digit) for digit in digits])
    # The few others have a box that is not 20, or are rounded to the pixel beside.
    assert np.mean(differences < 0.015) > 0.95


def test_faint_strokes_are_stretched_and_darkest_ink_is_full():
    faint = seven(100, 70, 8) // 3
    assert normalize(faint).max() == 255


def test_paper_and_faint_noise_give_an_empty_field():
    for strokes in (np.zeros((40, 30), np.uint8), np.full((40, 30), 31, np.uint8)):
        assert not normalize(strokes).any()
        assert normalize(strokes).shape == (28, 28)


def test_a_dot_and_a_hairline_survive():
    dot = np.zeros((50, 50), np.uint8)
    dot[20, 20] = 200
    hairline = np.zeros((300, 9), np.uint8)
    hairline[:, 4] = 255
    assert box_of(normalize(dot)) == (20, 20)
    assert box_of(normalize(hairline)) == (20, 1)


def test_another_field_size_keeps_the_proportions():
    digit = normalize(seven(200, 150, 14), field_px=56)
    assert digit.shape == (56, 56)
    assert max(box_of(digit)) == pytest.approx(40, abs=1)


@given(
    arrays.arrays(
        np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40)), elements=st.integers(0, 255)
    )
)
def test_any_strokes_fit_the_field(strokes):
    field = normalize(strokes)
    assert field.shape == (28, 28)
    assert field.dtype == np.uint8
    assert field.any() == (strokes >= 32).any()
