"""How good a classifier is: figures with their intervals."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from model.intervals import Estimate, Rate, percentile_interval, rate, resampled_counts
from model.reliability import Reliability
from model.zip_codes import ZipCodes

_SAMPLES = 2000  # of the bootstrap
REJECTED = (0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2)


@dataclass(frozen=True, slots=True)
class ClassScore:
    """How one class is recognized; `n` signs are of it."""

    label: str
    precision: Rate  # of the signs read as this class, those that are
    recall: Rate  # of the signs of this class, those read as it
    f1: Estimate
    n: int


@dataclass(frozen=True, slots=True)
class RejectPoint:
    """The error among the readings that remain when the least confident are left to a person."""

    rejected: float  # share of all readings
    threshold: float  # the lowest confidence that remains
    error: Rate


@dataclass(frozen=True, slots=True)
class FalseAccepts:
    """Debris taken for signs, where `kept` of the signs are accepted.

    A sign or a piece is accepted if the probability of `not` is at most `threshold`.
    """

    kept: float
    threshold: float
    rate: Rate


@dataclass(frozen=True, slots=True)
class Misread:
    """An image that was read as another class than it is given."""

    path: str  # relative to the data set
    given: str
    read: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures of one model version on one labelled set.

    Attributes:
        labels: Class names in the order of `confusion`.
        accuracy: Share of signs read right; `not` counts as a reading.
        by_source: Accuracy per source of the data set.
        as_signs: The same where every image is known to be a sign: `not` is no answer.
        classes: Precision, recall, F1 per class.
        confusion: Rows are true classes, columns readings, counts.
        reliability: Expected calibration error.
        rejects: Error where `not` is no answer and a share of the signs is rejected, from none up.
        false_accepts: None if the model knows no `not`.
        zip_codes: None if the set has no digits of known writers.
        misreads: The wrong readings of highest confidence, worst first.
    """

    version: str
    labels: tuple[str, ...]
    accuracy: Rate
    by_source: dict[str, Rate]
    as_signs: dict[str, Rate]
    classes: tuple[ClassScore, ...]
    confusion: tuple[tuple[int, ...], ...]
    reliability: Reliability
    rejects: tuple[RejectPoint, ...]
    false_accepts: FalseAccepts | None
    zip_codes: ZipCodes | None
    misreads: tuple[Misread, ...]

    def as_table(self) -> dict[str, Any]:
        """The figures as JSON knows them."""
        return asdict(self)


def confusion_matrix(truth: np.ndarray, read: np.ndarray, classes: int) -> np.ndarray:
    """Counts (classes, classes): rows are true classes, columns readings."""
    matrix = np.zeros((classes, classes), np.int64)
    np.add.at(matrix, (truth, read), 1)
    return matrix


def class_scores(confusion: np.ndarray, labels: Sequence[str]) -> tuple[ClassScore, ...]:
    """Precision, recall and F1 of each class; 0 where undefined.

    The interval of F1, which is no share of a count, is a bootstrap over images.
    """
    hits, counts, read = np.diag(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
    f1, sampled = _f1(confusion), _f1(resampled_counts(confusion, _SAMPLES))
    return tuple(
        ClassScore(
            label=label,
            precision=rate(int(hits[k]), int(read[k])),
            recall=rate(int(hits[k]), int(counts[k])),
            f1=percentile_interval(float(f1[k]), sampled[:, k]),
            n=int(counts[k]),
        )
        for k, label in enumerate(labels)
    )


def _f1(confusion: np.ndarray) -> np.ndarray:
    """F1 of each class, (..., classes), of confusion matrices (..., classes, classes)."""
    hits = np.diagonal(confusion, axis1=-2, axis2=-1)
    signs = confusion.sum(axis=-1) + confusion.sum(axis=-2)
    return np.asarray(2 * hits / np.maximum(signs, 1))


def reject_curve(
    confidence: np.ndarray, right: np.ndarray, shares: Sequence[float] = REJECTED
) -> tuple[RejectPoint, ...]:
    """The error at fixed shares of rejected readings.

    Args:
        confidence: (N,) of each reading.
        right: (N,) bool.
        shares: Ascending, from 0.
    """
    order = np.argsort(confidence, kind="stable")
    ranked, wrong, n = confidence[order], ~right[order], len(order)
    return tuple(
        RejectPoint(
            rejected=share,
            threshold=float(ranked[start]),
            error=rate(int(wrong[start:].sum()), n - start),
        )
        for share in shares
        if (start := round(share * n)) < n
    )


def false_accepts(
    sign_chances: np.ndarray, debris_chances: np.ndarray, kept: float = 0.995
) -> FalseAccepts:
    """How much debris passes at the threshold that keeps a share of the signs.

    Args:
        sign_chances: (N,) probability of `not` for real signs.
        debris_chances: (M,) the same for debris.
        kept: Share of signs that must be accepted.
    """
    threshold = float(np.quantile(sign_chances, kept, method="higher"))
    passed = int((debris_chances <= threshold).sum())
    return FalseAccepts(kept, threshold, rate(passed, len(debris_chances)))
