"""Confidence: a calibrated estimate that a value is entirely right.

A logistic model on what the search over the lattice tells. Its weights belong to a model version:
they are fitted on strings of writers that the network has not seen and kept in the version's card.
"""

from dataclasses import dataclass, fields
from math import exp, log

_CERTAIN = 1e-5  # nothing is surer than this
_WORST = -8.0  # log probability below which a weak part is as bad as it gets

# What a fit on well-formed strings cannot tell. Set by hand, not measured, so that such a field
# goes to review unless everything else speaks for it.
_PENALTY_ODD = 1.5
_PENALTY_REPAIRED = 2.0
_PENALTY_INCOMPLETE = 3.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the search over a field's lattice tells about the chosen string.

    Attributes:
        posterior: Its share of the probability of all strings kept.
        worst_part: Log probability of its weakest part.
        mean_part: Mean log probability of its parts, each counted by its height: weak digits
            count, dirt hardly does.
        digits: Their number.
        odd: Whether the value is impossible or unusual for its type.
        repaired: Whether a more probable string was passed over as impossible.
        complete: Whether every cell of a comb holds a digit.
    """

    posterior: float
    worst_part: float
    mean_part: float
    digits: int
    odd: bool = False
    repaired: bool = False
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the logistic model; the defaults, set by hand, serve cards without."""

    intercept: float = 0.5
    posterior: float = 0.6  # of the posterior's log odds
    worst_part: float = 0.4
    mean_part: float = 1.0
    length: float = -0.5  # of the logarithm of the number of digits


WEIGHTS = tuple(field.name for field in fields(Calibration))


def features(evidence: Evidence) -> tuple[float, ...]:
    """The model's inputs, in the order of `WEIGHTS`."""
    p = min(max(evidence.posterior, _CERTAIN), 1 - _CERTAIN)
    return (
        1.0,
        log(p / (1 - p)),
        max(evidence.worst_part, _WORST),
        max(evidence.mean_part, _WORST),
        log(max(evidence.digits, 1)),
    )


def confidence_of(evidence: Evidence, calibration: Calibration) -> float:
    """Estimate P(value is entirely right), 0..1."""
    weights = (getattr(calibration, name) for name in WEIGHTS)
    score = sum(w * x for w, x in zip(weights, features(evidence), strict=True))
    score -= _PENALTY_ODD * evidence.odd
    score -= _PENALTY_REPAIRED * evidence.repaired
    score -= _PENALTY_INCOMPLETE * (not evidence.complete)
    return 1.0 / (1.0 + exp(-min(max(score, -40.0), 40.0)))
