"""Training: material in, the best network by validation out; a killed run continues."""

import hashlib
import json
import logging
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import keras
import numpy as np

from model.batches import Batch, BatchMakers
from model.config import TrainingConfig, config_table
from model.dataset import NOT
from model.material import Material, make_debris, make_example
from model.network import compile_network, make_network
from ocr.arrays import Digits
from ocr.digits.normalize import normalize
from ocr.digits.versions import find_version
from ocr.errors import ModelError

log = logging.getLogger(__name__)
_DEBRIS_PER_SIGN = 0.5  # in validation
_VALIDATION_BATCH = 256
WEIGHTS_FILE = "digits.keras"  # a version's weights for training on; the reader never opens it


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Fixed examples with their class numbers."""

    digits: Digits  # (N, 28, 28)
    numbers: np.ndarray  # (N,)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands; written after each epoch, so that a killed run continues there."""

    epoch: int  # epochs done
    best_loss: float
    best_accuracy: float
    best_epoch: int
    seconds: float = 0.0  # of wall clock, without the time between a kill and the restart


def fit(
    material: Material,
    validation: "Validation",
    classes: Sequence[str],
    config: TrainingConfig,
    run: Path,
) -> tuple[keras.Model, Progress]:
    """Train in the folder `run`, or continue there, and give the best averaged weights.

    Raises:
        ModelError: If the best validation accuracy misses the target, or the folder holds a run
            of another configuration.
    """
    keras.utils.set_random_seed(config.seed)
    run.mkdir(parents=True, exist_ok=True)
    _claim(run, classes, config, material)
    network, progress = _start(run, len(classes), config)
    started = time.monotonic()

    def end_epoch(epoch: int, _logs: object) -> None:
        nonlocal progress, started
        progress = _end_epoch(network, validation, run, progress, epoch, started)
        started = time.monotonic()

    if progress.epoch < config.epochs:
        with BatchMakers(material, classes, config) as makers:
            first = progress.epoch * config.steps_per_epoch
            network.fit(
                _one_hot(makers.batches(first, config.steps), len(classes)),
                initial_epoch=progress.epoch,
                epochs=config.epochs,
                steps_per_epoch=config.steps_per_epoch,
                callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=end_epoch)],
                shuffle=False,  # the batches are drawn at random already
                verbose=1 if sys.stdout.isatty() else 2,
            )
    if progress.best_accuracy < config.target_accuracy:
        raise ModelError(
            f"training reached {progress.best_accuracy:.4f} on validation, below the target "
            f"{config.target_accuracy:.4f}; train longer, check the data or lower the target"
        )
    network.load_weights(run / _BEST)
    return network, progress


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


_PROGRESS = "progress.json"
_CONFIG = "config.json"
_BEST = "best.weights.h5"


def _claim(run: Path, classes: Sequence[str], config: TrainingConfig, material: Material) -> None:
    """Write what the run trains; refuse a folder in which something else was trained."""
    digest = hashlib.sha256("\n".join(material.labels).encode()).hexdigest()
    wanted = {"classes": list(classes), "config": config_table(config), "labels_sha256": digest}
    path = run / _CONFIG
    if path.exists() and json.loads(path.read_text()) != wanted:
        raise ModelError(
            f"{run} holds a run of other settings or data; give another --run or delete it"
        )
    path.write_text(json.dumps(wanted, indent=1))


def _start(run: Path, classes: int, config: TrainingConfig) -> tuple[keras.Model, Progress]:
    """A new network, or the one that the run had reached."""
    path = run / _PROGRESS
    if path.exists():
        progress = Progress(**json.loads(path.read_text()))
        log.info("continuing %s after epoch %d", run, progress.epoch)
        return keras.saving.load_model(_checkpoint(run, progress.epoch)), progress
    network = make_network(classes, config.dropout)
    if config.start_from:
        _adopt_weights(network, config.start_from)
    compile_network(network, config)
    return network, Progress(0, float("inf"), 0.0, 0)


def _adopt_weights(network: keras.Model, version: str) -> None:
    """Begin where another version ended.

    Raises:
        ModelError: The version has no weights to train on, or those of another network.
    """
    path = find_version(version).path / WEIGHTS_FILE
    if not path.is_file():
        raise ModelError(f"version {version} has no {WEIGHTS_FILE} to train on; choose another")
    try:
        network.set_weights(keras.saving.load_model(path, compile=False).get_weights())
    except ValueError as error:
        raise ModelError(
            f"{path} holds another network ({error}); train without start_from"
        ) from error


def _end_epoch(
    network: keras.Model,
    validation: Validation,
    run: Path,
    progress: Progress,
    epoch: int,
    started: float,
) -> Progress:
    """Save where the run stands, validate the averaged weights and keep them if best."""
    done = epoch + 1
    network.save(_checkpoint(run, done))
    raw = network.get_weights()
    network.optimizer.finalize_variable_values(network.trainable_variables)
    loss, accuracy = validation.measure(network)
    log.info("epoch %d: validation loss %.4f, accuracy %.4f", done, loss, accuracy)
    if loss < progress.best_loss:
        partial = run / f"partial.{_BEST}"
        network.save_weights(partial)
        partial.replace(run / _BEST)
        progress = replace(progress, best_loss=loss, best_accuracy=accuracy, best_epoch=done)
    network.set_weights(raw)
    seconds = round(progress.seconds + time.monotonic() - started, 1)
    progress = replace(progress, epoch=done, seconds=seconds)
    _write_progress(run, progress)
    _checkpoint(run, epoch).unlink(missing_ok=True)
    return progress


def _checkpoint(run: Path, epochs: int) -> Path:
    return run / f"epoch-{epochs:03d}.keras"


def _write_progress(run: Path, progress: Progress) -> None:
    """Last of an epoch's files, in one step: it decides where a killed run continues."""
    partial = run / f"{_PROGRESS}.partial"
    partial.write_text(json.dumps(asdict(progress)))
    partial.replace(run / _PROGRESS)


def _one_hot(batches: Iterator[Batch], classes: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    rows = np.eye(classes, dtype=np.float32)
    for digits, numbers in batches:
        yield digits[..., None].astype(np.float32), rows[numbers]
