"""The error budget: the acceptance threshold of a field, from what labelled fields show.

Learn then Test (Angelopoulos, Bates, Candès, Jordan and Lei 2021, arXiv 2110.01052): fixed-sequence
tests over a preset grid of thresholds, each by the exact bound of Clopper and Pearson (1934).
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

# From strict to lenient. Preset, so that the data say where to stop and not what to try; coarse,
# since every further threshold is a further chance to stop early. Below even odds nothing is
# accepted, whatever the budget.
GRID = (0.999, 0.998, 0.995, 0.99, 0.98, 0.97, 0.95, 0.93, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5)
# Of the labelled fields: what the first threshold tried must accept. A stricter one accepts so few
# that one or two errors end the choice. With 2,000 fields resampled from 1,600 clinic log-book
# cells, 150 times, a target of 2 % was proven in 73 % of the calibrations with a start at a
# quarter, in 30 % at a third, and in 33 % at the fewest fields that can prove anything.
_FIRST_SHARE = 0.25
_HALVINGS = 40  # of 0..1: to 1e-12


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one labelled field.

    Attributes:
        confidence: Of its reading; None if nothing was read, so that nothing can be accepted.
        right: Whether the value is the labelled one.
    """

    confidence: float | None
    right: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What the labelled fields show of one threshold.

    Attributes:
        threshold: Confidence from which on a field is accepted.
        accepted: Labelled fields that it accepts.
        errors: Those of them that are wrong.
        bound: Upper confidence bound of the error rate among accepted fields.
    """

    threshold: float
    accepted: int
    errors: int
    bound: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The outcome of a choice.

    Attributes:
        trial: Of the chosen threshold; if none is proven, of the one that failed first, or of the
            most lenient one if there are too few fields to try any.
        proven: Whether its threshold keeps the target.
        lacking: Accepted fields without an error that a proof lacks at least; 0 if proven.
    """

    trial: Trial
    proven: bool
    lacking: int


def choose_threshold(
    outcomes: Sequence[Outcome], target_error: float, confidence: float = 0.95
) -> Choice:
    """Choose the most lenient threshold that is proven to keep the target.

    The thresholds of `GRID` are tested one after the other, strict ones first. Each passes if its
    Clopper-Pearson bound at the full `confidence` is at most the target; the first that fails ends
    the test. A threshold beyond the target can only be chosen if the first one beyond it passes,
    which has a probability of at most 1 - `confidence`. So the fields that select also prove,
    without a split and without a correction for the number of thresholds.

    The guarantee: in at least `confidence` of all calibrations that choose a threshold or none,
    the error rate among the fields it accepts is at most the target. It speaks of fields from where
    the labelled ones are a random sample of, read by the same model version; of each field of a
    form by itself; and of one calibration: whoever repeats it until the result pleases loses it.

    Strict thresholds that accept too few fields to prove much are passed over, by the number of
    fields and never by their errors. That keeps the level if the first threshold beyond the target
    accepts enough fields to be tried; where it does not, the level rests on less confident readings
    being no more often right than more confident ones.

    Args:
        outcomes: The labelled fields, independent of each other.
        target_error: Largest share of wrong fields among the accepted ones, above 0 and below 1.
        confidence: Probability with which the target is to be kept.
    """
    trials = [_trial(outcomes, threshold, confidence) for threshold in GRID]
    fewest = fields_needed(target_error, 0, confidence)
    start = max(fewest, math.ceil(_FIRST_SHARE * len(outcomes)))
    needed = start if start <= trials[-1].accepted else fewest
    tried = [trial for trial in trials if trial.accepted >= needed]
    passed = list(takewhile(lambda trial: trial.bound <= target_error, tried))
    if passed:
        return Choice(passed[-1], proven=True, lacking=0)
    if not tried:
        return Choice(trials[-1], proven=False, lacking=fewest - trials[-1].accepted)
    needed = fields_needed(target_error, tried[0].errors, confidence)
    return Choice(tried[0], proven=False, lacking=needed - tried[0].accepted)


def _trial(outcomes: Sequence[Outcome], threshold: float, confidence: float) -> Trial:
    accepted = [
        outcome
        for outcome in outcomes
        if outcome.confidence is not None and outcome.confidence >= threshold
    ]
    errors = sum(not outcome.right for outcome in accepted)
    return Trial(threshold, len(accepted), errors, upper_bound(errors, len(accepted), confidence))


@cache
def fields_needed(target_error: float, errors: int = 0, confidence: float = 0.95) -> int:
    """The fewest accepted fields, so many of them wrong, that prove the target.

    Example: 299 without an error for 1 %, at 95 % confidence.
    """
    enough = errors + 1
    while at_most(errors, enough, target_error) > 1.0 - confidence:
        enough *= 2
    return bisect_left(
        range(enough),
        True,
        lo=errors + 1,
        key=lambda n: at_most(errors, n, target_error) <= 1.0 - confidence,
    )


@cache
def upper_bound(errors: int, n: int, confidence: float = 0.95) -> float:
    """One-sided upper bound of an error rate (Clopper and Pearson 1934).

    It is the rate at which so few errors would be as improbable as 1 - `confidence`.

    Args:
        errors: Wrong fields.
        n: All fields; 1.0 is the bound if there are none.
        confidence: Probability with which the bound is above the true rate.
    """
    if errors >= n:
        return 1.0
    low, high = errors / n, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if at_most(errors, n, middle) > 1.0 - confidence:
            low = middle
        else:
            high = middle
    return high


def at_most(errors: int, n: int, rate: float) -> float:
    """Probability of at most so many errors among `n` fields, each wrong with probability `rate`.

    Args:
        errors: Wrong fields.
        n: All fields.
        rate: Above 0 and, but for the result 0, below 1.
    """
    if rate >= 1.0:
        return float(errors >= n)
    log_ways = math.lgamma(n + 1)
    return sum(
        math.exp(
            log_ways
            - math.lgamma(k + 1)
            - math.lgamma(n - k + 1)
            + k * math.log(rate)
            + (n - k) * math.log1p(-rate)
        )
        for k in range(errors + 1)
    )
