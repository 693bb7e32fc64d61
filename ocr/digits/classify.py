"""Classifying digits: the exported network, run by LiteRT on one thread."""

from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ocr.arrays import Digits, Probabilities
from ocr.confidence import Calibration
from ocr.digits.versions import ModelCard, ModelVersion, network_file, read_card
from ocr.errors import ModelError

NOT_A_DIGIT = "not"
_BATCH = 64  # throughput is flat from here on, memory is not


class DigitClassifier(Protocol):
    """Anything that gives class probabilities for normalized digits."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Class names in the order of the probabilities' columns."""

    @property
    def calibration(self) -> Calibration:
        """Turns the evidence of its readings into confidence."""

    def __call__(self, digits: Digits) -> Probabilities:
        """Probabilities (N, classes) of digits (N, 28, 28)."""


class LiteRTClassifier:
    """The network of one model version."""

    def __init__(self, network: Path, card: ModelCard) -> None:
        from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415  loads in 40 ms, late

        try:
            self._interpreter: Any = Interpreter(model_path=str(network), num_threads=1)
            self._output = self._interpreter.get_output_details()[0]["index"]
            self._input = self._interpreter.get_input_details()[0]["index"]
        except (ValueError, RuntimeError, OSError) as error:
            raise ModelError(
                f"{network} is no LiteRT network ({error}); promote another version"
            ) from error
        self._card = card

    @property
    def labels(self) -> tuple[str, ...]:
        """Class names in the order of the probabilities' columns."""
        return self._card.labels

    @property
    def calibration(self) -> Calibration:
        """The version's own weights of confidence."""
        return self._card.calibration

    def __call__(self, digits: Digits) -> Probabilities:
        """Probabilities (N, classes) of digits (N, 28, 28), batch by batch."""
        batches = [
            self._logits(digits[start : start + _BATCH]) for start in range(0, len(digits), _BATCH)
        ]
        logits = np.concatenate(batches) if batches else np.zeros((0, len(self.labels)), np.float32)
        return _softmax(logits / self._card.temperature)

    def _logits(self, digits: Digits) -> Probabilities:
        batch = digits[..., None].astype(np.float32)
        self._interpreter.resize_tensor_input(self._input, batch.shape)
        self._interpreter.allocate_tensors()
        self._interpreter.set_tensor(self._input, batch)
        self._interpreter.invoke()
        return np.asarray(self._interpreter.get_tensor(self._output), np.float32)


def _softmax(logits: Probabilities) -> Probabilities:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), np.float32)


@lru_cache(maxsize=2)  # a worker meets the old version and the new one while a job runs out
def load_classifier(version: ModelVersion) -> DigitClassifier:
    """The classifier of a version; loaded once per process.

    Raises:
        ModelError: If the version cannot be used.
    """
    return LiteRTClassifier(network_file(version.path), read_card(version.path))
