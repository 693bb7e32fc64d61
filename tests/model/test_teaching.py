"""What a network learns from its teachers, by the shipped network on drawn digits."""

import numpy as np
import pytest

from model.strokes import tight
from model.teaching import Teachers, find_teachers
from model.variants import DIGITS, variant
from ocr.digits.classify import load_classifier
from ocr.digits.normalize import normalize
from ocr.digits.versions import champion
from ocr.errors import ModelError

CLASSES = (*DIGITS, "not")


@pytest.fixture(scope="module")
def digits():
    """Five of each digit, in order."""
    drawn = (variant(d, np.random.default_rng(n)) for d in DIGITS for n in range(5))
    return np.stack([normalize(tight(strokes)) for strokes in drawn])


def test_of_what_the_teachers_read_rightly_their_doubt_is_learned_too(digits):
    said = load_classifier(champion())(digits)
    numbers = np.repeat(np.arange(10), 5)
    right = said.argmax(axis=1) == numbers
    assert right.sum() > 40
    targets = find_teachers(champion().version, 0.25, CLASSES).targets(digits, numbers, CLASSES)
    known = np.eye(11)[numbers]
    np.testing.assert_allclose(targets[right], (0.75 * known + 0.25 * said)[right], atol=1e-6)
    np.testing.assert_array_equal(targets[~right], known[~right])


def test_where_the_teachers_are_wrong_or_it_is_no_digit_the_class_alone_is_learned(digits):
    teachers = find_teachers(champion().version, 0.5, CLASSES)
    others = (np.repeat(np.arange(10), 5) + 1) % 10
    wrong = load_classifier(champion())(digits).argmax(axis=1) != others
    targets = teachers.targets(digits, others, CLASSES)
    np.testing.assert_array_equal(targets[wrong], np.eye(11)[others][wrong])
    noise = np.zeros((3, 28, 28), np.uint8)
    targets = teachers.targets(noise, np.full(3, 10), CLASSES)
    np.testing.assert_array_equal(targets, np.eye(11)[[10, 10, 10]])


def test_without_teachers_the_class_alone_is_learned(digits):
    targets = Teachers((), 0.5).targets(digits[:2], np.array([0, 0]), CLASSES)
    np.testing.assert_array_equal(targets, np.eye(11)[[0, 0]])


def test_a_teacher_that_is_not_there_or_knows_other_classes_is_refused():
    with pytest.raises(ModelError, match='no digit model "nobody"'):
        find_teachers("nobody", 0.5, CLASSES)
    with pytest.raises(ModelError, match="cannot teach a, b"):
        find_teachers(champion().version, 0.5, ("a", "b"))
