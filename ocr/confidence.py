"""Confidence: a calibrated estimate that a value is entirely right.

A logistic model on what the readers tell. Its weights belong to a model version: they are fitted on
strings of writers that the networks have not seen and kept in the version's card.
"""

from dataclasses import dataclass, fields
from math import exp, log

_CERTAIN = 1e-5  # nothing is surer than this
WORST = -8.0  # log probability below which a weak part is as bad as it gets

# What a fit on well-formed strings cannot tell. Set by hand, not measured, so that such a field
# goes to review unless everything else speaks for it.
_PENALTY_ODD = 1.5
_PENALTY_REPAIRED = 2.0
_PENALTY_INCOMPLETE = 3.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the readers tell about the chosen string.

    Attributes:
        posterior: Its share of the probability of all strings considered.
        worst_part: Log probability of its weakest part.
        mean_part: Mean log probability of its parts, each counted by its height: weak digits
            count, dirt hardly does.
        digits: Their number.
        segmented: Log of its share among the strings of the lattice.
        line: Log of its probability by the line reader; 0 if that was not asked.
        views: Share of the line reader's views that read just this string.
        odd: Whether the value is impossible or unusual for its type.
        repaired: Whether a more probable string was passed over as impossible.
        complete: Whether every cell of a comb holds a digit.
    """

    posterior: float
    worst_part: float
    mean_part: float
    digits: int
    segmented: float = 0.0
    line: float = 0.0
    views: float = 1.0
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
    segmented: float = 0.0  # of the log of the string's share among the lattice's
    line: float = 0.0  # of the log of its probability by the line
    views: float = 0.0  # of the share of views of the line that read just this


WEIGHTS = tuple(field.name for field in fields(Calibration))


def features(evidence: Evidence) -> tuple[float, ...]:
    """The model's inputs, in the order of `WEIGHTS`."""
    p = min(max(evidence.posterior, _CERTAIN), 1 - _CERTAIN)
    return (
        1.0,
        log(p / (1 - p)),
        max(evidence.worst_part, WORST),
        max(evidence.mean_part, WORST),
        log(max(evidence.digits, 1)),
        max(evidence.segmented, WORST),
        max(evidence.line, WORST),
        evidence.views,
    )


def confidence_of(evidence: Evidence, calibration: Calibration) -> float:
    """Estimate P(value is entirely right), 0..1."""
    weights = (getattr(calibration, name) for name in WEIGHTS)
    score = sum(w * x for w, x in zip(weights, features(evidence), strict=True))
    score -= _PENALTY_ODD * evidence.odd
    score -= _PENALTY_REPAIRED * evidence.repaired
    score -= _PENALTY_INCOMPLETE * (not evidence.complete)
    return 1.0 / (1.0 + exp(-min(max(score, -40.0), 40.0)))
