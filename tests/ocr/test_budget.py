"""The choice of thresholds: exact bounds, and a level that holds over many calibrations."""

import math

import numpy as np
import pytest

from ocr.budget import GRID, Outcome, choose_threshold, fields_needed, upper_bound


def outcomes(*groups):
    """Outcomes of (number, confidence, errors) groups."""
    return [
        Outcome(confidence, place >= errors)
        for number, confidence, errors in groups
        for place in range(number)
    ]


# --- the bound ------------------------------------------------------------------------------------


def test_without_an_error_the_bound_has_a_closed_form():
    for n in (1, 59, 299, 5000):
        assert upper_bound(0, n) == pytest.approx(1 - 0.05 ** (1 / n), abs=1e-9)
    assert upper_bound(0, 299) == pytest.approx(0.0100, abs=5e-5)


@pytest.mark.parametrize(
    ("errors", "n", "bound"),
    # one-sided 95 % bounds as tables of the binomial distribution give them
    [(1, 10, 0.3942), (2, 50, 0.1206), (5, 10, 0.7776), (3, 100, 0.0757)],
)
def test_known_bounds(errors, n, bound):
    assert upper_bound(errors, n) == pytest.approx(bound, abs=1e-4)


def test_bounds_are_those_of_the_beta_distribution():
    stats = pytest.importorskip("scipy.stats")
    for errors, n in ((0, 7), (1, 473), (17, 900), (250, 1000), (6717, 6718)):
        for confidence in (0.5, 0.95, 0.999):
            exact = stats.beta.ppf(confidence, errors + 1, n - errors)
            assert upper_bound(errors, n, confidence) == pytest.approx(exact, abs=1e-9)


def test_nothing_and_nothing_right_prove_nothing():
    assert upper_bound(0, 0) == 1.0
    assert upper_bound(4, 4) == 1.0


@pytest.mark.parametrize(("target", "errors"), [(0.01, 0), (0.02, 3), (0.5, 0), (0.0001, 20)])
def test_the_needed_number_is_the_first_that_proves(target, errors):
    n = fields_needed(target, errors)
    assert upper_bound(errors, n) <= target < upper_bound(errors, n - 1)


def test_299_without_an_error_prove_one_per_cent():
    assert fields_needed(0.01) == 299
    assert fields_needed(0.001) == 2995


# --- the choice -----------------------------------------------------------------------------------


def test_without_errors_the_most_lenient_threshold_is_chosen():
    choice = choose_threshold(outcomes((299, 0.96, 0)), 0.01)
    assert choice.proven
    assert (choice.trial.threshold, choice.trial.accepted, choice.lacking) == (GRID[-1], 299, 0)


def test_one_field_fewer_lacks_one():
    choice = choose_threshold(outcomes((298, 0.96, 0)), 0.01)
    assert (choice.proven, choice.lacking) == (False, 1)


def test_too_few_to_try_lack_the_fewest_that_can_prove():
    choice = choose_threshold(outcomes((200, 0.6, 15)), 0.01)
    assert (choice.trial.errors, choice.lacking) == (15, 99)


def test_the_choice_stops_before_the_errors():
    choice = choose_threshold(outcomes((400, 0.96, 0), (400, 0.82, 80)), 0.01)
    assert choice.proven
    assert choice.trial.threshold == 0.85  # the next, 0.8, accepts the 80 errors
    assert (choice.trial.accepted, choice.trial.errors) == (400, 0)


def test_what_comes_after_a_failure_is_not_chosen():
    # 0.9 and stricter: 10 wrong of 400, bound 4.2 %; from 0.5 on the same 10 of 4000, bound 0.4 %.
    choice = choose_threshold(outcomes((400, 0.96, 10), (400, 0.6, 0)), 0.02, 0.95)
    assert not choice.proven
    assert (choice.trial.threshold, choice.trial.errors) == (0.95, 10)
    assert choice.lacking == fields_needed(0.02, 10) - 400


def test_a_field_without_a_reading_is_never_accepted():
    choice = choose_threshold([Outcome(None, right=False)] * 500, 0.01)
    assert (choice.proven, choice.trial.accepted, choice.lacking) == (False, 0, 299)


def test_a_threshold_includes_readings_of_just_its_confidence():
    choice = choose_threshold(outcomes((299, GRID[-1], 0)), 0.01)
    assert choice.proven


# --- the guarantee --------------------------------------------------------------------------------

CALIBRATIONS = 200
LABELLED = 600
POPULATION = 50_000


def readers():
    """Readers as functions from confidence to P(wrong): honest, boastful and at the very edge."""
    return {
        "honest": lambda c: 1 - c,
        "boastful": lambda c: np.minimum(3 * (1 - c), 1),
        "edge": lambda c: np.where(c >= 0.9, 0.019, 0.05),  # beyond 2 % from just below 0.9 on
        "always beyond": lambda c: np.full_like(c, 0.0205),
    }


def exceeding(wrong, choose, labelled=LABELLED, target=0.02):
    """Share of simulated calibrations whose threshold has a true error above the target."""
    rng = np.random.default_rng(5)
    population = rng.beta(6, 0.4, POPULATION)
    p_wrong = wrong(population)
    beyond = 0
    for _ in range(CALIBRATIONS):
        places = rng.integers(0, len(population), labelled)
        right = rng.random(labelled) >= p_wrong[places]
        drawn = zip(population[places].tolist(), right.tolist(), strict=True)
        threshold = choose([Outcome(c, r) for c, r in drawn], target)
        beyond += threshold is not None and p_wrong[population >= threshold].mean() > target
    return beyond / CALIBRATIONS


def chosen(sample, target):
    choice = choose_threshold(sample, target)
    return choice.trial.threshold if choice.proven else None


def best_looking(sample, target):
    """What must not be done: any threshold whose own bound happens to keep the target."""
    errors = 0
    for n, outcome in enumerate(sorted(sample, key=lambda o: -o.confidence), 1):
        errors += not outcome.right
        if n >= fields_needed(target, errors):
            return outcome.confidence
    return None


# 5 % of 200 calibrations are 10 with a standard deviation of 3.1; three of them above is 9.6 %.
MOST = 0.05 + 3 * math.sqrt(0.05 * 0.95 / CALIBRATIONS)


@pytest.mark.parametrize("name", readers())
def test_the_target_is_exceeded_in_at_most_one_of_twenty_calibrations(name):
    assert exceeding(readers()[name], chosen) <= MOST


def test_the_simulation_tells_a_choice_that_ignores_its_own_luck():
    assert exceeding(readers()["always beyond"], best_looking, 3000) > MOST


def test_an_honest_reader_gets_a_threshold_most_times():
    rng = np.random.default_rng(3)
    found = 0
    for _ in range(50):
        confidence = rng.beta(6, 0.2, LABELLED)
        right = rng.random(LABELLED) < confidence
        drawn = zip(confidence.tolist(), right.tolist(), strict=True)
        found += choose_threshold([Outcome(c, r) for c, r in drawn], 0.02).proven
    assert found >= 40
