"""Figures with their 95 % intervals: a figure without one says nothing about the next sample."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

_Z = 1.96  # 95 % intervals
_ENDS = (0.025, 0.975)
_SEED = 7  # the same figures give the same interval


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of n with its 95 % interval, Wilson's unless said otherwise."""

    value: float
    n: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure that is no share of a count, with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


def rate(hits: int, n: int) -> Rate:
    """A share with its Wilson interval; (0, 0..1) for none of none."""
    if n == 0:
        return Rate(0.0, 0, 0.0, 1.0)
    share, z2 = hits / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = _Z * float(np.sqrt(share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    return Rate(share, n, max(0.0, middle - reach), min(1.0, middle + reach))


def resampled_counts(counts: np.ndarray, times: int) -> np.ndarray:
    """Bootstrap counts: as many cases again, drawn from those counted; (times, *counts.shape)."""
    rng = np.random.default_rng(_SEED)
    shares = counts.ravel() / max(1, counts.sum())
    return rng.multinomial(int(counts.sum()), shares, times).reshape(times, *counts.shape)


def resample(cases: int, figure: Callable[[np.ndarray], float], times: int) -> np.ndarray:
    """Bootstrap a figure.

    Args:
        cases: How many cases there are.
        figure: Gives the figure of the cases with those numbers, (cases,), some of them repeated.
        times: Number of samples.

    Returns:
        (times,) figures.
    """
    rng = np.random.default_rng(_SEED)
    return np.array([figure(rng.integers(0, cases, cases)) for _ in range(times)])


def percentile_interval(value: float, sampled: np.ndarray) -> Estimate:
    """The figure between the ends of the middle 95 % of its samples."""
    low, high = np.quantile(sampled, _ENDS)
    return Estimate(value, float(low), float(high))


def basic_interval(value: float, sampled: np.ndarray) -> Estimate:
    """The samples' interval mirrored at the figure, and cut off at 0.

    For a figure that resampling pushes to one side, as it does a mean of absolute gaps (Davison
    and Hinkley 1997, 5.2.1).
    """
    low, high = np.quantile(sampled, _ENDS)
    return Estimate(value, max(0.0, 2 * value - float(high)), max(0.0, 2 * value - float(low)))
