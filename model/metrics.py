"""How good a classifier is: figures with their intervals."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ocr.arrays import Probabilities

_Z = 1.96  # 95 % intervals


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of n with its 95 % Wilson interval."""

    value: float
    n: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ClassScore:
    """How one class is recognized."""

    label: str
    precision: float
    recall: float
    f1: float
    n: int


@dataclass(frozen=True, slots=True)
class FalseAccepts:
    """Debris taken for signs, where `kept` of the signs are accepted.

    A sign or a piece is accepted if the probability of `not` is at most `threshold`.
    """

    kept: float
    threshold: float
    rate: Rate


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
        calibration_error: Expected calibration error in 15 equal bins of confidence.
        false_accepts: None if the model knows no `not`.
    """

    version: str
    labels: tuple[str, ...]
    accuracy: Rate
    by_source: dict[str, Rate]
    as_signs: dict[str, Rate]
    classes: tuple[ClassScore, ...]
    confusion: tuple[tuple[int, ...], ...]
    calibration_error: float
    false_accepts: FalseAccepts | None

    def as_table(self) -> dict[str, Any]:
        """The figures as JSON knows them."""
        return asdict(self)


def rate(hits: int, n: int) -> Rate:
    """A share with its Wilson interval; (0, 0..1) for none of none."""
    if n == 0:
        return Rate(0.0, 0, 0.0, 1.0)
    share, z2 = hits / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = _Z * float(np.sqrt(share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    return Rate(share, n, max(0.0, middle - reach), min(1.0, middle + reach))


def confusion_matrix(truth: np.ndarray, read: np.ndarray, classes: int) -> np.ndarray:
    """Counts (classes, classes): rows are true classes, columns readings."""
    matrix = np.zeros((classes, classes), np.int64)
    np.add.at(matrix, (truth, read), 1)
    return matrix


def class_scores(confusion: np.ndarray, labels: Sequence[str]) -> tuple[ClassScore, ...]:
    """Precision, recall and F1 of each class; 0 where undefined."""
    hits = np.diag(confusion).astype(np.float64)
    counts, read = confusion.sum(axis=1), confusion.sum(axis=0)
    precision, recall = hits / np.maximum(read, 1), hits / np.maximum(counts, 1)
    f1 = 2 * hits / np.maximum(counts + read, 1)
    return tuple(
        ClassScore(label, float(p), float(r), float(f), int(n))
        for label, p, r, f, n in zip(labels, precision, recall, f1, counts, strict=True)
    )


def calibration_error(chances: Probabilities, truth: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error (Naeini et al. 2015): mean gap of confidence and accuracy."""
    confidence, right = chances.max(axis=1), chances.argmax(axis=1) == truth
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(float(right[places == b].mean()) - float(confidence[places == b].mean()))
        * float((places == b).mean())
        for b in range(bins)
        if (places == b).any()
    ]
    return float(sum(gaps))


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
