"""Classifying digits: the exported network, run by LiteRT on one thread."""

from functools import lru_cache
from typing import Protocol

import numpy as np

from ocr.arrays import Digits, Probabilities
from ocr.digits.versions import ModelCard, ModelVersion, network_file, read_card
from ocr.network import Network

NOT_A_DIGIT = "not"
_BATCH = 64  # throughput is flat from here on, memory is not


class DigitClassifier(Protocol):
    """Anything that gives class probabilities for normalized digits."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Class names in the order of the probabilities' columns."""

    def __call__(self, digits: Digits) -> Probabilities:
        """Probabilities (N, classes) of digits (N, 28, 28)."""


class LiteRTClassifier:
    """The digit network of one model version."""

    def __init__(self, network: Network, card: ModelCard) -> None:
        self._network = network
        self._card = card

    @property
    def labels(self) -> tuple[str, ...]:
        """Class names in the order of the probabilities' columns."""
        return self._card.labels

    def __call__(self, digits: Digits) -> Probabilities:
        """Probabilities (N, classes) of digits (N, 28, 28), batch by batch."""
        pictures = digits[..., None].astype(np.float32)
        batches = [
            self._network(pictures[start : start + _BATCH])
            for start in range(0, len(digits), _BATCH)
        ]
        logits = np.concatenate(batches) if batches else np.zeros((0, len(self.labels)), np.float32)
        return _softmax(logits / self._card.temperature)


def _softmax(logits: Probabilities) -> Probabilities:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), np.float32)


@lru_cache(maxsize=2)  # a worker meets the old version and the new one while a job runs out
def load_classifier(version: ModelVersion) -> DigitClassifier:
    """The classifier of a version; loaded once per process.

    Raises:
        ModelError: If the version cannot be used.
    """
    return LiteRTClassifier(Network(network_file(version.path)), read_card(version.path))
