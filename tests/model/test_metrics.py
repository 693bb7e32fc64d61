"""The figures of an evaluation against values worked out by hand or published."""

import numpy as np
import pytest

from model.metrics import (
    calibration_error,
    class_scores,
    confusion_matrix,
    false_accepts,
    rate,
)


def test_wilson_interval_matches_published_values():
    share = rate(0, 10)  # Newcombe 1998, table I: 0 of 10 gives 0 to 0.2775
    assert share.low == 0.0
    assert share.high == pytest.approx(0.2775, abs=1e-4)
    assert rate(81, 263).low == pytest.approx(0.2553, abs=1e-4)  # the same paper
    assert rate(81, 263).high == pytest.approx(0.3662, abs=1e-4)
    assert rate(0, 0).n == 0


def test_precision_recall_and_f1_by_hand():
    truth, read = np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 2])
    confusion = confusion_matrix(truth, read, 3)
    assert confusion.tolist() == [[2, 1, 0], [0, 1, 1], [0, 0, 0]]
    first, second, third = class_scores(confusion, ["a", "b", "c"])
    assert (first.precision, first.recall, first.f1) == (1.0, pytest.approx(2 / 3), 0.8)
    assert (second.precision, second.recall, second.f1) == (0.5, 0.5, 0.5)
    assert (third.precision, third.recall, third.f1, third.n) == (0.0, 0.0, 0.0, 0)


def test_calibration_error_is_the_gap_of_confidence_and_accuracy():
    chances = np.array([[0.8, 0.2]] * 10, np.float32)
    assert calibration_error(chances, np.array([0] * 8 + [1] * 2)) == pytest.approx(0, abs=1e-6)
    assert calibration_error(chances, np.array([0] * 5 + [1] * 5)) == pytest.approx(0.3, abs=1e-6)


def test_false_accepts_count_debris_below_the_threshold_that_keeps_the_signs():
    signs = np.linspace(0, 1, 1000)
    accepts = false_accepts(signs, np.array([0.2, 0.9, 0.999, 1.0]), kept=0.95)
    assert (signs <= accepts.threshold).mean() >= 0.95
    assert accepts.rate.value == 0.5
