"""Confidence: a calibrated estimate that a value is entirely right."""

from dataclasses import dataclass
from math import exp, log


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the search over a field's lattice tells about the chosen string.

    Attributes:
        posterior: Its share of the probability of all strings kept.
        lead: Log of how many times more probable it is than the next string; at most 20.
        worst_part: Log probability of its weakest part.
        mean_digit: Mean log probability of its digits.
        digits: Their number.
        odd: Whether the value is impossible or unusual for its type.
        repaired: Whether a more probable string was passed over as impossible.
        complete: Whether every cell of a comb holds a digit.
    """

    posterior: float
    lead: float
    worst_part: float
    mean_digit: float
    digits: int
    odd: bool
    repaired: bool
    complete: bool


def confidence_of(evidence: Evidence) -> float:
    """Estimate P(value is entirely right), 0..1."""
    p = min(max(evidence.posterior, 1e-6), 1 - 1e-6)
    score = 0.6 * log(p / (1 - p)) + 0.8 * max(evidence.worst_part, -6.0) - 0.5
    return 1.0 / (1.0 + exp(-score))
