"""Suspected wrong labels: what a classifier that never saw an image says against its label.

Out-of-fold confident disagreement (Northcutt et al. 2021, confident learning): the data are split
into folds by writer; each fold is judged by a small network trained on the others.
"""

import warnings
from collections import Counter
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from model.dataset import Entry, fold_of
from ocr.arrays import Digits, Probabilities, Strokes

LEAST_PER_CLASS = 20  # images; of fewer, a fold's training learns too little to speak against any

_FOLDS = 3
_SEED = 7
_HIDDEN = 128  # units; 256 found hardly more of the labels changed on purpose, in twice the time
_BATCH = 256
_EPOCHS = 10  # for a large set: more would learn wrong labels by heart
_MOST_EPOCHS = 60
_ENOUGH_STEPS = 2000  # small sets are gone through more often, until so many steps are done
_DIRECTIONS = 8
_CELLS = 7  # by 7


@dataclass(frozen=True, slots=True)
class Suspect:
    """An image whose label is probably wrong.

    Attributes:
        path: The image, relative to the data set.
        given: Its label.
        suggested: The label that the classifier gives it.
        margin: Logarithm of how many times likelier the suggestion is.
    """

    path: str
    given: str
    suggested: str
    margin: float


def find_suspects(digits: Digits, entries: list[Entry]) -> list[Suspect]:
    """List the images that are confidently taken for another class, worst first.

    Confident means: at least as probable as that class is on the average of its own images.

    Args:
        digits: (N, 28, 28), normalized.
        entries: Their labels and groups; every class must have `LEAST_PER_CLASS` images.
    """
    classes = sorted({entry.label for entry in entries})
    if len(classes) < 2:
        return []
    truth = np.array([classes.index(entry.label) for entry in entries])
    features = np.stack([_gradients(digit) for digit in digits])
    chances = _out_of_fold(features, truth, fold_of(entries, _FOLDS), len(classes))
    usual = np.array([chances[truth == c, c].mean() for c in range(len(classes))])
    read, highest = chances.argmax(axis=1), chances.max(axis=1)
    own = chances[np.arange(len(truth)), truth]
    margins = np.log(np.maximum(highest, 1e-12)) - np.log(np.maximum(own, 1e-12))
    doubtful = np.flatnonzero((read != truth) & (highest >= usual[read]))
    return [
        Suspect(entries[i].path, classes[truth[i]], classes[read[i]], round(float(margins[i]), 2))
        for i in doubtful[np.argsort(-margins[doubtful], kind="stable")]
    ]


def too_few(entries: list[Entry]) -> list[str]:
    """The classes with too few images for their labels to be judged, sorted."""
    counts = Counter(entry.label for entry in entries)
    return sorted(label for label, n in counts.items() if n < LEAST_PER_CLASS)


def _gradients(digit: Strokes) -> NDArray[np.float32]:
    """Strength of edges per direction in 7 by 7 cells, (392,), of unit length.

    Gradient features separate handwritten digits better than pixels do (Liu et al. 2003).
    """
    smooth = cv2.GaussianBlur(digit.astype(np.float32), (0, 0), 0.7)
    across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    edges = np.maximum(across[..., None] * _COSINES + down[..., None] * _SINES, 0)
    cells = cv2.resize(
        cv2.GaussianBlur(edges, (0, 0), 1.5), (_CELLS, _CELLS), interpolation=cv2.INTER_AREA
    )
    strengths = np.sqrt(cells).ravel()
    return np.asarray(strengths / max(float(np.linalg.norm(strengths)), 1e-6), np.float32)


_ANGLES = np.arange(_DIRECTIONS) * (2 * np.pi / _DIRECTIONS)
_COSINES, _SINES = np.cos(_ANGLES).astype(np.float32), np.sin(_ANGLES).astype(np.float32)


def _out_of_fold(
    features: NDArray[np.float32], truth: NDArray[np.int64], folds: NDArray[np.int64], classes: int
) -> Probabilities:
    """Probabilities (N, classes) of every image by a network that did not see its fold."""
    chances = np.zeros((len(truth), classes), np.float32)
    for fold in range(_FOLDS):
        held = folds == fold
        if held.any() and len(set(truth[~held])) > 1:
            judge = _trained(features[~held], truth[~held])
            chances[np.ix_(held, judge.classes_)] = judge.predict_proba(features[held])
        else:  # too little to train on: nothing is said against any label
            chances[held, truth[held]] = 1.0
    return chances


def _trained(features: NDArray[np.float32], truth: NDArray[np.int64]) -> Pipeline:
    batch = min(_BATCH, max(16, len(truth) // 20))
    epochs = min(_MOST_EPOCHS, max(_EPOCHS, _ENOUGH_STEPS * batch // len(truth)))
    network = MLPClassifier(
        (_HIDDEN,),
        max_iter=epochs,
        batch_size=min(batch, len(truth)),
        alpha=0.1,
        random_state=_SEED,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # stopping early is the intention
        return make_pipeline(StandardScaler(), network).fit(features, truth)
