"""Export of a trained network to LiteRT, and the temperature that calibrates it."""

import contextlib
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np

from model.digit_task import cross_entropy, predict_logits
from model.training import without_optimizer
from ocr.arrays import Digits
from ocr.errors import ModelError
from ocr.network import Network

_TOLERANCE = 1e-2  # logits, Keras against LiteRT; 1e-4 is usual, a class flips far above 1e-2
_BATCH = 64


def save_weights(network: keras.Model, path: Path) -> None:
    """Write the network for training on, without the optimizer's state (three times its size)."""
    without_optimizer(network).save(path)


def export_float(network: keras.Model, path: Path) -> None:
    """Write the network as a float `.tflite`, its batch normalization folded.

    Raises:
        ModelError: If the written file does not give the network's own logits.
    """
    _convert(network, path, quantize=False)


def export_int8(network: keras.Model, path: Path) -> None:
    """Write the network with weights in 8 bits (dynamic range): 3 times faster, a little off."""
    _convert(network, path, quantize=True)


def check_export(network: keras.Model, path: Path, digits: Digits) -> float:
    """Compare the exported network with the original on real digits (N, 28, 28).

    Returns:
        The largest difference of a logit.

    Raises:
        ModelError: If it is above 0.01.
    """
    difference = float(np.abs(run_network(path, digits) - predict_logits(network, digits)).max())
    if difference > _TOLERANCE:
        raise ModelError(
            f"{path} differs from the trained network by {difference:.3g} in a logit; "
            "train with another TensorFlow version"
        )
    return difference


def run_network(path: Path, digits: Digits) -> np.ndarray:
    """Logits (N, classes) of an exported network, on one thread."""
    network = Network(path)
    pictures = digits[..., None].astype(np.float32)
    starts = range(0, len(digits), _BATCH)
    return np.concatenate([network(pictures[start : start + _BATCH]) for start in starts])


def fit_temperature(logits: np.ndarray, numbers: np.ndarray) -> float:
    """Find the temperature that minimizes the validation loss (Guo et al. 2017).

    Args:
        logits: (N, classes) of validation examples.
        numbers: (N,) their classes.
    """
    grid = np.geomspace(0.3, 3.0, 116)  # steps of 2 %
    losses = [cross_entropy(logits / t, numbers) for t in grid]
    return float(round(grid[int(np.argmin(losses))], 3))


def _convert(network: keras.Model, path: Path, *, quantize: bool) -> None:
    try:
        import tensorflow as tf  # noqa: PLC0415  four seconds, only for export
    except ImportError as cause:
        raise ModelError(
            "the training is done, but its export needs TensorFlow; copy the run's folder to where "
            "that is installed and repeat the command there"
        ) from cause
    if keras.backend.backend() != "tensorflow":
        raise ModelError(
            "export needs TensorFlow; repeat the command with KERAS_BACKEND=tensorflow"
        )
    with tempfile.TemporaryDirectory() as folder, _quiet():
        network.export(folder, format="tf_saved_model", verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        if quantize:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        path.write_bytes(converter.convert())


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the converter's chatter from the terminal."""
    with contextlib.redirect_stdout(io.StringIO()):
        yield
