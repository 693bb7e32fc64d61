"""The figures of an evaluation against values worked out by hand or published."""

import numpy as np
import pytest

from model.intervals import basic_interval, percentile_interval, rate, resample, resampled_counts
from model.metrics import class_scores, confusion_matrix, false_accepts, reject_curve
from model.reliability import calibration_error, reliability
from model.zip_codes import read_zip_codes


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
    assert (first.precision, first.recall, first.f1.value) == (rate(2, 2), rate(2, 3), 0.8)
    assert (second.precision, second.recall, second.f1.value) == (rate(1, 2), rate(1, 2), 0.5)
    assert (third.precision.value, third.f1.value, third.n) == (0.0, 0.0, 0)
    assert third.recall == rate(0, 0)


def test_the_interval_of_f1_holds_the_truth_in_about_95_of_100_samples():
    rng = np.random.default_rng(3)
    shares = np.array([[0.45, 0.05], [0.10, 0.40]])
    truth = 2 * 0.45 / (2 * 0.45 + 0.05 + 0.10)
    held = 0
    for _ in range(200):
        sample = rng.multinomial(300, shares.ravel()).reshape(2, 2)
        f1 = class_scores(sample, ["a", "b"])[0].f1
        held += f1.low <= truth <= f1.high
    assert 180 <= held <= 199  # 190 expected, standard deviation 3


def test_resampling_is_seeded_and_of_the_same_size():
    counts = np.array([[5, 0], [1, 4]])
    sampled = resampled_counts(counts, 50)
    assert sampled.shape == (50, 2, 2)
    assert (sampled.sum(axis=(1, 2)) == 10).all()
    assert (sampled[:, 0, 1] == 0).all()
    assert (resampled_counts(counts, 50) == sampled).all()
    assert (resampled_counts(0 * counts, 3) == 0).all()
    values = np.arange(100.0)
    means = resample(100, lambda drawn: float(values[drawn].mean()), 400)
    spread = percentile_interval(49.5, means)
    assert 49.5 - spread.low == pytest.approx(1.96 * 2.887, rel=0.15)  # the mean's standard error


def test_a_mirrored_interval_lies_on_the_other_side_and_not_below_0():
    pushed = basic_interval(0.3, np.linspace(0.3, 0.7, 101))
    assert (pushed.value, pushed.low) == (0.3, 0.0)
    assert pushed.high == pytest.approx(0.29)


def test_calibration_error_is_the_gap_of_confidence_and_accuracy():
    told = np.full(10, 0.8)
    assert calibration_error(told, np.arange(10) < 8) == pytest.approx(0, abs=1e-6)
    assert calibration_error(told, np.arange(10) < 5) == pytest.approx(0.3, abs=1e-6)


def test_reliability_tells_the_bins_behind_the_error():
    confidence = np.repeat([0.8, 0.7], 100)
    right = np.concatenate([np.arange(100) < 50, np.arange(100) < 70])
    found = reliability(confidence, right)
    assert found.error.value == pytest.approx(0.15, abs=1e-6)
    assert found.error.low < 0.15 < found.error.high
    sure, surer = found.bins
    assert (sure.right, surer.right) == (rate(70, 100), rate(50, 100))
    assert surer.confidence == pytest.approx(0.8)


def test_rejecting_takes_the_least_confident_first():
    confidence = np.linspace(0, 1, 1000)
    curve = reject_curve(confidence, np.arange(1000) >= 50)  # the 50 least confident are wrong
    errors = {point.rejected: (point.error.value, point.error.n) for point in curve}
    assert errors[0.0] == (0.05, 1000)
    assert errors[0.02] == (pytest.approx(30 / 980), 980)
    assert errors[0.05] == (0.0, 950)
    assert reject_curve(np.empty(0), np.empty(0, bool)) == ()


def as_read(truth, right):
    """Chances that are all for one digit: the true one, or the next."""
    return np.eye(10, dtype=np.float32)[np.where(right, truth, (truth + 1) % 10)]


def test_zip_codes_are_of_one_writer():
    right = np.array([True] * 50 + [False] * 50 + [True] * 4)
    truth = np.arange(104) % 10
    writers = ["a"] * 50 + ["b"] * 50 + ["few"] * 4
    codes = read_zip_codes(as_read(truth, right), truth, writers)
    assert (codes.writers, codes.digits, codes.wrong.n) == (2, 100, 10_000)
    # mixed writers would make 31 of 32 codes wrong; the standard deviation of the share is 0.005
    assert codes.wrong.value == pytest.approx(0.5, abs=0.02)
    assert codes.wrong_with_list.value == pytest.approx(0.5, abs=0.02)
    assert (codes.wrong.low, codes.wrong.high) == (0.0, 1.0)  # two writers show nothing
    assert read_zip_codes(as_read(truth, right), truth, writers) == codes
    assert read_zip_codes(as_read(truth, right), truth, [""] * 104) is None


def test_errors_of_zip_codes_are_those_of_five_digits():
    rng = np.random.default_rng(1)
    right, truth = rng.random(20_000) > 0.01, rng.integers(10, size=20_000)
    codes = read_zip_codes(as_read(truth, right), truth, [f"w{k % 200}" for k in range(20_000)])
    expected = 1 - right.mean() ** 5
    # the standard error of 10,000 codes is 0.002
    assert codes.wrong.value == pytest.approx(expected, abs=0.008)
    assert codes.wrong.low < codes.wrong.value < codes.wrong.high
    assert codes.wrong.high - codes.wrong.low > 2 * 1.96 * (0.049 * 0.951 / 4000) ** 0.5 * 0.9


def test_the_list_of_zip_codes_decides_between_digits_that_are_as_likely():
    truth = np.array([0, 1, 2, 3, 0] * 40)
    chances = as_read(truth, np.ones(200, bool))
    chances[truth == 3, 4] = 1.1  # each 3 is read as a 4, but nearly as probable
    unsure = read_zip_codes(chances, truth, ["a"] * 200)
    assert unsure.wrong_with_list.value < 0.9 * unsure.wrong.value  # some with a 4 are not in use


def test_digits_that_make_no_code_in_use_say_nothing_of_the_list():
    zeros = np.zeros(20, int)
    codes = read_zip_codes(as_read(zeros, np.ones(20, bool)), zeros, ["a"] * 20)
    assert (codes.wrong.value, codes.wrong_with_list) == (0.0, None)


def test_false_accepts_count_debris_below_the_threshold_that_keeps_the_signs():
    signs = np.linspace(0, 1, 1000)
    accepts = false_accepts(signs, np.array([0.2, 0.9, 0.999, 1.0]), kept=0.95)
    assert (signs <= accepts.threshold).mean() >= 0.95
    assert accepts.rate.value == 0.5
