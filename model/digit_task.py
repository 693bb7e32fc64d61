"""The digit network's training: what it learns from and how it is validated."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
import numpy as np

from model.batches import BatchMakers
from model.config import TrainingConfig, config_table
from model.dataset import NOT
from model.material import Material, make_batch, make_debris, make_example
from model.network import compile_network, make_network
from model.teaching import Teachers, find_teachers
from ocr.arrays import Digits
from ocr.digits.normalize import normalize

_DEBRIS_PER_SIGN = 0.5  # in validation
_VALIDATION_BATCH = 256
WEIGHTS_FILE = "digits.keras"  # a version's weights for training on; the reader never opens it


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Fixed examples with their class numbers."""

    digits: Digits  # (N, 28, 28)
    numbers: np.ndarray  # (N,)


@dataclass(frozen=True, slots=True, eq=False)
class Validation:
    """Held-out writers: their signs as they are, augmented, and debris made from them."""

    clean: Examples
    hard: Examples

    def measure(self, network: keras.Model) -> tuple[float, float]:
        """Mean loss over both halves, and accuracy on the clean signs."""
        clean = predict_logits(network, self.clean.digits)
        hard = predict_logits(network, self.hard.digits)
        accuracy = float((clean.argmax(axis=1) == self.clean.numbers).mean())
        losses = [cross_entropy(clean, self.clean.numbers), cross_entropy(hard, self.hard.numbers)]
        return float(np.mean(losses)), accuracy


def make_validation(
    material: Material, classes: Sequence[str], config: TrainingConfig
) -> Validation:
    """Make the fixed validation examples from held-out signs."""
    rng = np.random.default_rng(config.seed)
    signs = range(len(material.crops))
    how = config.augmentation
    hard = [make_example(material, sign, how, rng) for sign in signs]
    count = round(_DEBRIS_PER_SIGN * len(signs)) if NOT in classes else 0
    hard += [make_debris(material, how, rng) for _ in range(count)]
    debris_numbers = np.full(count, len(classes) - 1)
    clean = np.stack([normalize(crop) for crop in material.crops])
    return Validation(
        clean=Examples(clean, material.numbers),
        hard=Examples(np.stack(hard), np.concatenate([material.numbers, debris_numbers])),
    )


def predict_logits(network: keras.Model, digits: Digits) -> np.ndarray:
    """Logits (N, classes) of normalized digits (N, 28, 28)."""
    images = digits[..., None].astype(np.float32)
    parts = [
        np.asarray(network.predict_on_batch(images[start : start + _VALIDATION_BATCH]))
        for start in range(0, len(images), _VALIDATION_BATCH)
    ]
    return np.concatenate(parts)


def cross_entropy(logits: np.ndarray, numbers: np.ndarray) -> float:
    """Mean negative log-likelihood of the true classes."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(shifted).sum(axis=1))
    return float((log_sum - shifted[np.arange(len(numbers)), numbers]).mean())


def _make_taught(
    signs: Material, classes: tuple[str, ...], config: TrainingConfig, teachers: Teachers, step: int
) -> tuple[Digits, np.ndarray]:
    """A batch with what to learn of it; in a helper process."""
    digits, numbers = make_batch(signs, classes, config, step)
    return digits, teachers.targets(digits, numbers, classes)


@dataclass(frozen=True, slots=True, eq=False)
class DigitTask:
    """Training the digit network (`model.training.Task`)."""

    signs: Material
    validation: Validation
    classes: Sequence[str]
    config: TrainingConfig
    weights_file: str = WEIGHTS_FILE

    def identity(self) -> dict[str, Any]:
        """Classes, settings and a hash of the labels."""
        return {
            "classes": list(self.classes),
            "config": config_table(self.config),
            "labels_sha256": self.signs.labels_sha256,
        }

    def network(self) -> keras.Model:
        """A new network, compiled."""
        network = make_network(len(self.classes), self.config.dropout)
        compile_network(network, self.config)
        return network

    @contextmanager
    def batches(self, first: int, past: int) -> Iterator[Iterator[tuple[np.ndarray, np.ndarray]]]:
        """Digits (B, 28, 28, 1) and what to learn of them (B, classes)."""
        teachers = find_teachers(
            self.config.teachers, self.config.teachers_share, tuple(self.classes)
        )
        make = partial(_make_taught, self.signs, tuple(self.classes), self.config, teachers)
        with BatchMakers(make) as makers:
            made = makers.batches(first, past)
            yield ((d[..., None].astype(np.float32), targets) for d, targets in made)

    def measure(self, network: keras.Model) -> tuple[float, float]:
        """Loss and accuracy on validation."""
        return self.validation.measure(network)
