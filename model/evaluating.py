"""Evaluation of a model version on the test part of a data set, through LiteRT as in reading."""

import numpy as np

from model.augment import Augmentation
from model.dataset import NOT, DataSet
from model.intervals import Rate, rate
from model.material import arrange, make_debris
from model.metrics import (
    Evaluation,
    FalseAccepts,
    Misread,
    RejectPoint,
    class_scores,
    confusion_matrix,
    false_accepts,
    reject_curve,
)
from model.reliability import reliability
from model.variants import DIGITS
from model.zip_codes import ZipCodes, read_zip_codes
from ocr.arrays import Probabilities
from ocr.digits.classify import DigitClassifier, load_classifier
from ocr.digits.normalize import normalize
from ocr.digits.versions import ModelVersion
from ocr.errors import DataError

_DEBRIS = 5000  # pieces; 2 % false accepts are then known to 0.4 %
_MISREADS = 48  # shown; more than a person looks at
_SEED = 7


def evaluate(version: ModelVersion, data: DataSet) -> Evaluation:
    """Measure a version on labelled signs, and on debris made from them.

    Raises:
        DataError: If the data set has a class that the model does not know.
        ModelError: If the version cannot be used.
    """
    classifier = load_classifier(version)
    labels = classifier.labels
    truth = true_classes(version, data)
    chances = classify_signs(classifier, data)
    read = chances.argmax(axis=1)
    signs = sign_chances(chances, labels)
    confusion = confusion_matrix(truth, read, len(labels))
    return Evaluation(
        version=version.version,
        labels=labels,
        accuracy=rate(int((read == truth).sum()), len(truth)),
        by_source=_by_source(data, read == truth),
        as_signs=_by_source(data, signs.argmax(axis=1) == truth),
        classes=class_scores(confusion, labels),
        confusion=tuple(tuple(int(n) for n in row) for row in confusion),
        reliability=reliability(chances.max(axis=1).astype(np.float64), read == truth),
        rejects=_rejects(signs, truth, labels),
        false_accepts=_false_accepts(classifier, data, chances),
        zip_codes=_zip_codes(chances, data, labels),
        misreads=_misreads(chances, data, labels),
    )


def true_classes(version: ModelVersion, data: DataSet) -> np.ndarray:
    """The number of each image's class among a version's labels, (N,).

    Raises:
        DataError: If the data set has a class that the model does not know.
        ModelError: If the version cannot be used.
    """
    labels = load_classifier(version).labels
    unknown = sorted(set(data.labels) - set(labels))
    if unknown:
        raise DataError(
            f"the data set has class {unknown[0]!r}, which model {version.version} does not know "
            f"({', '.join(labels)}); remove the folder or train a model on it"
        )
    return np.array([labels.index(label) for label in data.labels])


def classify_signs(classifier: DigitClassifier, data: DataSet) -> Probabilities:
    """Probabilities (N, classes) of a data set's images, normalized as in reading."""
    return classifier(np.stack([normalize(image) for image in data.images]))


def sign_chances(chances: Probabilities, labels: tuple[str, ...]) -> Probabilities:
    """Probabilities where images are known to be signs: that of `not` is below all others."""
    signs = chances.copy()
    if NOT in labels:
        signs[:, labels.index(NOT)] = -1.0
    return signs


def debris_of(data: DataSet, labels: tuple[str, ...]) -> np.ndarray:
    """Debris made from a data set's signs, lightly augmented, always the same; (5000, 28, 28)."""
    material = arrange(data, labels, source_power=1.0)
    rng = np.random.default_rng(_SEED)
    return np.stack([make_debris(material, _LIGHT, rng) for _ in range(_DEBRIS)])


_LIGHT = Augmentation(pen_chance=0.2, noise_chance=0.0, missing_chance=0.0, elastic_px=0.4)


def _rejects(
    signs: Probabilities, truth: np.ndarray, labels: tuple[str, ...]
) -> tuple[RejectPoint, ...]:
    """The reject curve of the images that are signs; what looks like `not` is unsure."""
    real = np.array([label != NOT for label in labels])[truth]
    right = signs.argmax(axis=1) == truth
    return reject_curve(signs.max(axis=1)[real], right[real])


def _false_accepts(
    classifier: DigitClassifier, data: DataSet, chances: Probabilities
) -> FalseAccepts | None:
    labels = classifier.labels
    real = np.array([label != NOT for label in data.labels])
    if NOT not in labels or not real.any():
        return None
    column = labels.index(NOT)
    debris = classifier(debris_of(data, labels))
    return false_accepts(chances[real, column], debris[:, column])


def _zip_codes(chances: Probabilities, data: DataSet, labels: tuple[str, ...]) -> ZipCodes | None:
    """ZIP codes of the digits."""
    if not set(DIGITS) <= set(labels):
        return None
    digits = np.flatnonzero([label in DIGITS for label in data.labels])
    entries = [data.entries[k] for k in digits]
    ten = chances[digits][:, [labels.index(digit) for digit in DIGITS]]
    truth = np.array([DIGITS.index(entry.label) for entry in entries])
    return read_zip_codes(ten, truth, [entry.group if entry.writer else "" for entry in entries])


def _misreads(
    chances: Probabilities, data: DataSet, labels: tuple[str, ...]
) -> tuple[Misread, ...]:
    """The wrong readings of highest confidence, worst first."""
    read, confidence = chances.argmax(axis=1), chances.max(axis=1)
    worst = [
        Misread(entry.path, entry.label, labels[read[k]], float(confidence[k]))
        for k, entry in enumerate(data.entries)
        if labels[read[k]] != entry.label
    ]
    return tuple(sorted(worst, key=lambda m: (-m.confidence, m.path))[:_MISREADS])


def _by_source(data: DataSet, right: np.ndarray) -> dict[str, Rate]:
    sources = np.array([entry.source for entry in data.entries])
    return {
        str(name): rate(int(right[sources == name].sum()), int((sources == name).sum()))
        for name in np.unique(sources)
    }
