"""The paired test: what is a loss, and what is chance."""

from itertools import pairwise

import numpy as np
import pytest

from model.paired import Count, chance_of_loss, count, holm, judge


def test_only_what_one_of_both_reads_right_is_counted():
    ours, theirs = np.array([1, 1, 0, 0, 0], bool), np.array([1, 0, 1, 1, 0], bool)
    assert count(ours, theirs) == Count(n=5, lost=2, won=1)


def test_mcnemar_is_exact_and_one_sided():
    assert chance_of_loss(0, 0) == 1.0
    assert chance_of_loss(5, 0) == pytest.approx(1 / 32)
    assert chance_of_loss(0, 5) == 1.0
    assert chance_of_loss(2, 1) == pytest.approx(4 / 8)
    assert chance_of_loss(9, 1) == pytest.approx(11 / 1024)


def test_holm_by_hand():
    # 0.01 * 4; 0.02 * 3; 0.03 * 2 is below the one before; 0.5
    assert holm([0.03, 0.01, 0.5, 0.02]) == pytest.approx([0.06, 0.04, 0.5, 0.06])
    assert holm([0.9, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def test_a_loss_in_one_class_is_found_where_all_signs_show_none():
    classes = {f"class {k}": Count(1000, 2, 2) for k in range(9)}
    classes["class 9"] = Count(1000, 14, 1)
    everything = {"all": Count(10_000, 32, 29)}
    worse = [part.of for part in judge([everything, classes]) if part.worse]
    assert worse == ["class 9"]


def test_an_equal_challenger_is_called_worse_less_than_once_in_twenty():
    rng = np.random.default_rng(5)
    alarms = 0
    for _ in range(300):
        lost, won = rng.binomial(1000, 0.01, (2, 10))
        classes = {str(k): Count(1000, int(lost[k]), int(won[k])) for k in range(10)}
        everything = {"all": Count(10_000, int(lost.sum()), int(won.sum()))}
        fields = {"fields": Count(400, *map(int, rng.binomial(400, 0.06, 2)))}
        alarms += any(part.worse for part in judge([everything, classes, fields]))
    assert alarms <= 21  # 15 would be 5 %; 1.6 standard deviations more


def test_a_larger_loss_is_never_less_certain():
    chances = [judge([{"all": Count(500, lost, 3)}])[0].p_worse for lost in range(30)]
    assert all(later <= earlier for earlier, later in pairwise(chances))
    assert chances[3] > 0.5
    assert chances[-1] < 1e-4
