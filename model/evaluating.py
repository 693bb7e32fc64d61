"""Evaluation of a model version on the test part of a data set, through LiteRT as in reading."""

import numpy as np

from model.augment import Augmentation
from model.dataset import NOT, DataSet
from model.material import arrange, make_debris
from model.metrics import (
    Evaluation,
    Rate,
    calibration_error,
    class_scores,
    confusion_matrix,
    false_accepts,
    rate,
)
from ocr.arrays import Probabilities
from ocr.digits.classify import load_classifier
from ocr.digits.normalize import normalize
from ocr.digits.versions import ModelVersion
from ocr.errors import DataError

_DEBRIS = 5000  # pieces; 2 % false accepts are then known to 0.4 %
_SEED = 7


def evaluate(version: ModelVersion, data: DataSet) -> Evaluation:
    """Measure a version on labelled signs, and on debris made from them.

    Raises:
        DataError: If the data set has a class that the model does not know.
        ModelError: If the version cannot be used.
    """
    classifier = load_classifier(version)
    labels = classifier.labels
    unknown = sorted(set(data.labels) - set(labels))
    if unknown:
        raise DataError(
            f"the data set has class {unknown[0]!r}, which model {version.version} does not know "
            f"({', '.join(labels)}); remove the folder or train a model on it"
        )
    truth = np.array([labels.index(label) for label in data.labels])
    chances = classifier(np.stack([normalize(image) for image in data.images]))
    read = chances.argmax(axis=1)
    confusion = confusion_matrix(truth, read, len(labels))
    accepts = None
    if NOT in labels:
        debris = classifier(debris_of(data, labels))
        column = labels.index(NOT)
        accepts = false_accepts(chances[truth != column, column], debris[:, column])
    return Evaluation(
        version=version.version,
        labels=labels,
        accuracy=rate(int((read == truth).sum()), len(truth)),
        by_source=_by_source(data, read == truth),
        as_signs=_by_source(data, _sign_of(chances, labels) == truth),
        classes=class_scores(confusion, labels),
        confusion=tuple(tuple(int(n) for n in row) for row in confusion),
        calibration_error=calibration_error(chances, truth),
        false_accepts=accepts,
    )


def _sign_of(chances: Probabilities, labels: tuple[str, ...]) -> np.ndarray:
    """The most probable class of signs that are known to be one: `not` is no answer; (N,)."""
    signs = chances.copy()
    if NOT in labels:
        signs[:, labels.index(NOT)] = -1.0
    return np.asarray(signs.argmax(axis=1))


def debris_of(data: DataSet, labels: tuple[str, ...]) -> np.ndarray:
    """Debris made from a data set's signs, lightly augmented, always the same; (5000, 28, 28)."""
    material = arrange(data, labels, source_power=1.0)
    rng = np.random.default_rng(_SEED)
    return np.stack([make_debris(material, _LIGHT, rng) for _ in range(_DEBRIS)])


_LIGHT = Augmentation(pen_chance=0.2, noise_chance=0.0, missing_chance=0.0, elastic_px=0.4)


def _by_source(data: DataSet, right: np.ndarray) -> dict[str, Rate]:
    sources = np.array([entry.source for entry in data.entries])
    return {
        str(name): rate(int(right[sources == name].sum()), int((sources == name).sum()))
        for name in np.unique(sources)
    }
