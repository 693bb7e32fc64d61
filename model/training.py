"""Training: batches in, the best network by validation out; a killed run continues."""

import json
import logging
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import keras

from model.config import Schedule
from ocr.digits.versions import find_version
from ocr.errors import ModelError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands; written after each epoch, so that a killed run continues there."""

    epoch: int  # epochs done
    best_loss: float
    best_accuracy: float
    best_epoch: int
    seconds: float = 0.0  # of wall clock, without the time between a kill and the restart


class Task(Protocol):
    """What is trained: a network, what it learns from and how it is measured."""

    @property
    def weights_file(self) -> str:
        """Name of the weights to train on in a version's folder; the reader never opens it."""

    def identity(self) -> dict[str, Any]:
        """What tells this training from others, as JSON."""

    def network(self) -> keras.Model:
        """A new network, compiled."""

    def batches(self, first: int, past: int) -> AbstractContextManager[Iterable[Any]]:
        """The batches (inputs, targets) of those steps, or a dataset of them."""

    def measure(self, network: keras.Model) -> tuple[float, float]:
        """Loss and accuracy on validation; the smallest loss is kept."""


def fit(task: Task, schedule: Schedule, run: Path) -> tuple[keras.Model, Progress]:
    """Train in the folder `run`, or continue there, and give the best averaged weights.

    Of a training that has ended, this needs only `config.json`, `progress.json` and the weights:
    it may have run on another machine and another backend of Keras.

    Raises:
        ModelError: If the best validation accuracy misses the target, or the folder holds a run
            of another configuration.
    """
    keras.utils.set_random_seed(schedule.seed)
    run.mkdir(parents=True, exist_ok=True)
    _claim(run, task)
    with _computing_in(schedule.precision):
        progress = _train(task, schedule, run)
    if progress.best_accuracy < schedule.target_accuracy:
        raise ModelError(
            f"training reached {progress.best_accuracy:.4f} on validation, below the target "
            f"{schedule.target_accuracy:.4f}; train longer, check the data or lower the target"
        )
    network = task.network()  # in full precision, whatever it was trained in
    without_optimizer(network).load_weights(run / _BEST)
    return network, progress


def without_optimizer(network: keras.Model) -> keras.Model:
    """The same network with the same weights, to be saved in a third of the space."""
    return keras.Model(network.inputs, network.outputs, name=network.name)


@contextmanager
def _computing_in(precision: str) -> Iterator[None]:
    """Networks made meanwhile compute in that precision; their weights are float32 all the same.

    Raises:
        ModelError: No such precision.
    """
    if precision not in _POLICIES:
        raise ModelError(f"no precision {precision!r}; use {' or '.join(_POLICIES)}")
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(_POLICIES[precision])
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


_POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16"}


def _train(task: Task, schedule: Schedule, run: Path) -> Progress:
    """Train to the end of the schedule; the run's folder holds the best averaged weights."""
    progress = _progress(run)
    if progress.epoch >= schedule.epochs:
        return progress
    network = _start(run, task, schedule, progress)
    averaged = task.network()
    started = time.monotonic()

    def end_epoch(epoch: int, _logs: object) -> None:
        nonlocal progress, started
        network.save(_checkpoint(run, epoch + 1))
        _average(network, averaged)
        progress = _end_epoch(averaged, task, run, progress, epoch, started)
        started = time.monotonic()

    with task.batches(progress.epoch * schedule.steps_per_epoch, schedule.steps) as batches:
        network.fit(
            batches,
            initial_epoch=progress.epoch,
            epochs=schedule.epochs,
            steps_per_epoch=schedule.steps_per_epoch,
            callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=end_epoch)],
            shuffle=False,  # the batches are drawn at random already
            verbose=1 if sys.stdout.isatty() else 2,
        )
    return progress


_PROGRESS = "progress.json"
_CONFIG = "config.json"
_BEST = "best.weights.h5"


def _claim(run: Path, task: Task) -> None:
    """Write what the run trains; refuse a folder in which something else was trained."""
    wanted = task.identity()
    path = run / _CONFIG
    if path.exists() and json.loads(path.read_text()) != wanted:
        raise ModelError(
            f"{run} holds a run of other settings or data; give another --run or delete it"
        )
    path.write_text(json.dumps(wanted, indent=1))


def _progress(run: Path) -> Progress:
    """Where the run stands."""
    path = run / _PROGRESS
    if not path.exists():
        return Progress(0, float("inf"), 0.0, 0)
    return Progress(**json.loads(path.read_text()))


def _start(run: Path, task: Task, schedule: Schedule, progress: Progress) -> keras.Model:
    """A new network, or the one that the run had reached."""
    if progress.epoch:
        log.info("continuing %s after epoch %d", run, progress.epoch)
        return keras.saving.load_model(_checkpoint(run, progress.epoch))
    network = task.network()
    if schedule.start_from:
        _adopt_weights(network, schedule.start_from, task.weights_file)
    return network


def _adopt_weights(network: keras.Model, version: str, weights_file: str) -> None:
    """Begin where another version ended.

    Raises:
        ModelError: The version has no weights to train on, or those of another network.
    """
    path = find_version(version).path / weights_file
    if not path.is_file():
        raise ModelError(f"version {version} has no {weights_file} to train on; choose another")
    try:
        network.set_weights(keras.saving.load_model(path, compile=False).get_weights())
    except ValueError as error:
        raise ModelError(
            f"{path} holds another network ({error}); train without start_from"
        ) from error


def _average(network: keras.Model, averaged: keras.Model) -> None:
    """Give the second network the first one's averaged weights.

    A network of its own is measured: JAX frees the weights that it was given to compute with.
    """
    raw = network.get_weights()
    network.optimizer.finalize_variable_values(network.trainable_variables)
    averaged.set_weights(network.get_weights())
    network.set_weights(raw)


def _end_epoch(
    averaged: keras.Model, task: Task, run: Path, progress: Progress, epoch: int, started: float
) -> Progress:
    """Validate the averaged weights, keep them if best, and write where the run stands."""
    done = epoch + 1
    loss, accuracy = task.measure(averaged)
    log.info("epoch %d: validation loss %.4f, accuracy %.4f", done, loss, accuracy)
    if loss < progress.best_loss:
        partial = run / f"partial.{_BEST}"
        without_optimizer(averaged).save_weights(partial)
        partial.replace(run / _BEST)
        progress = replace(progress, best_loss=loss, best_accuracy=accuracy, best_epoch=done)
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
