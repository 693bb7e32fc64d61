"""Train one network; calibrate and export it into a version's folder."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import numpy as np

from model.card import Card
from model.config import TrainingConfig
from model.dataset import NOT
from model.digit_task import (
    WEIGHTS_FILE,
    DigitTask,
    Examples,
    Validation,
    make_validation,
    predict_logits,
)
from model.export import (
    check_export,
    export_float,
    export_int8,
    fit_temperature,
    run_network,
    save_weights,
)
from model.material import Material
from model.network import LOGITS
from model.training import Progress, fit
from ocr.digits.versions import INT8_FILE, NETWORK_FILE

_COMPARED = 500  # real digits on which the export must agree with the network
_INT8_LOSS = 0.0005  # of accuracy on validation; more is not worth the speed


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """A trained network with the examples that it was validated on."""

    network: keras.Model
    validation: Validation
    progress: Progress
    lowered: float  # what was taken off the bias of `not`


def learn(
    signs: Material, held: Material, classes: Sequence[str], config: TrainingConfig, run: Path
) -> Trained:
    """Train in the folder `run`, or continue there.

    Raises:
        ModelError: If the target is missed or `run` holds something else.
    """
    validation = make_validation(held, classes, config)
    network, progress = fit(DigitTask(signs, validation, classes, config), config, run)
    lowered = 0.0
    if config.rejected_share > 0 and NOT in classes:
        other = classes.index(NOT)
        lowered = reject_fewer(network, validation.clean, other, config.rejected_share)
    return Trained(network, validation, progress, lowered)


def reject_fewer(network: keras.Model, held: Examples, other: int, share: float) -> float:
    """Lower the bias of `not` until at most that share of the signs is read as it.

    A training sees `not` far more often than a reader that meets mostly digits: by Bayes' rule that
    is a constant on its logit.

    Args:
        network: The network, changed in place.
        held: Held-out signs; those of `not` do not count.
        other: The number of the class `not`.
        share: The largest share of the signs to be read as `not`.

    Returns:
        What the bias was lowered by; 0 if no more were rejected.
    """
    logits = predict_logits(network, held.digits[held.numbers != other])
    ahead = logits[:, other] - np.delete(logits, other, axis=1).max(axis=1)
    lowered = max(0.0, float(np.quantile(ahead, 1.0 - share)))
    weights, bias = network.get_layer(LOGITS).get_weights()
    bias[other] -= lowered
    network.get_layer(LOGITS).set_weights([weights, bias])
    return lowered


def write_network(trained: Trained, folder: Path) -> Card:
    """Calibrate, and write network and weights into a version's folder.

    Returns:
        What the card says about it: temperature, size, epochs, validation.

    Raises:
        ModelError: If the export differs from the network.
    """
    network, validation = trained.network, trained.validation
    save_weights(network, folder / WEIGHTS_FILE)
    export_float(network, folder / NETWORK_FILE)
    clean, hard = validation.clean, validation.hard
    difference = check_export(network, folder / NETWORK_FILE, clean.digits[:_COMPARED])
    # Clean and augmented examples together: real crops lie between the two.
    digits = np.concatenate([clean.digits, hard.digits])
    numbers = np.concatenate([clean.numbers, hard.numbers])
    logits = predict_logits(network, digits)
    return {
        "temperature": fit_temperature(logits, numbers),
        "parameters": int(network.count_params()),
        "training": asdict(trained.progress),
        "not_lowered": round(trained.lowered, 3),
        "validation": {"signs": len(clean.numbers), "largest_logit_difference": difference},
        "int8": _write_int8(network, folder, Examples(digits, numbers), logits),
    }


def _write_int8(network: keras.Model, folder: Path, examples: Examples, logits: np.ndarray) -> Card:
    """Write the 8-bit network too, if it is as accurate on the validation examples."""
    path = folder / INT8_FILE
    export_int8(network, path)
    quantized = run_network(path, examples.digits)
    right, still_right = (
        float((scores.argmax(axis=1) == examples.numbers).mean()) for scores in (logits, quantized)
    )
    kept = right - still_right <= _INT8_LOSS
    if not kept:
        path.unlink()
    return {"kept": kept, "accuracy_lost": right - still_right}
