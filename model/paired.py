"""The paired test behind a promotion: did one of two readers lose more than chance explains?

Of what both read, only that tells them apart which one reads right and the other wrong (McNemar
1947): of that, a challenger that is not worse loses at most one half. The test is exact and
one-sided. Holm's correction (1979) judges the classes together, Bonferroni's the questions: the
chance that any test calls an equal challenger worse is below 5 % in total.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

LEVEL = 0.05  # chance to call a challenger worse that is as good as the champion


@dataclass(frozen=True, slots=True)
class Count:
    """Of `n` that both read: right by the champion only, and by the challenger only."""

    n: int
    lost: int
    won: int


@dataclass(frozen=True, slots=True)
class Paired:
    """A count, judged.

    Attributes:
        of: What was read: `all signs`, `class '7'` or `field strings`.
        count: What only one of both reads right.
        p_worse: Chance of such a loss, or a larger one, if the challenger were as good; corrected
            for the number of tests.
        worse: Whether that is too small to be chance.
    """

    of: str
    count: Count
    p_worse: float
    worse: bool


def count(ours: np.ndarray, theirs: np.ndarray) -> Count:
    """Compare what challenger and champion read right, both (N,) bool."""
    return Count(len(ours), lost=int((theirs & ~ours).sum()), won=int((ours & ~theirs).sum()))


def judge(questions: Sequence[Mapping[str, Count]]) -> tuple[Paired, ...]:
    """Test several counts together.

    Args:
        questions: Counts by name. Every question (all signs, the classes, the strings) has the same
            share of the chance of a false alarm, however many counts it has.
    """
    return tuple(
        _judged(of, c, min(1.0, len(questions) * p))
        for question in questions
        for (of, c), p in zip(question.items(), _chances(question), strict=True)
    )


def _judged(of: str, counted: Count, p_worse: float) -> Paired:
    return Paired(of, counted, p_worse, worse=p_worse < LEVEL)


def _chances(question: Mapping[str, Count]) -> list[float]:
    return holm([chance_of_loss(c.lost, c.won) for c in question.values()])


def chance_of_loss(lost: int, won: int) -> float:
    """McNemar's exact one-sided p-value; 1 if nothing tells the two apart."""
    if lost + won == 0:
        return 1.0
    return float(binomtest(lost, lost + won, 0.5, alternative="greater").pvalue)


def holm(chances: Sequence[float]) -> list[float]:
    """Correct p-values for their number (Holm 1979), in the given order."""
    order = np.argsort(chances, kind="stable")
    stepped = np.asarray(chances)[order] * np.arange(len(chances), 0, -1)
    corrected = np.empty(len(chances))
    corrected[order] = np.minimum(1.0, np.maximum.accumulate(stepped))
    return [float(p) for p in corrected]
