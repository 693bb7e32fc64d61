"""Train, calibrate and export one network into a version's folder."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from model.card import Card
from model.config import TrainingConfig
from model.export import check_export, export_float, fit_temperature
from model.material import Material
from model.training import fit, make_validation, predict_logits
from ocr.digits.versions import NETWORK_FILE

WEIGHTS_FILE = "digits.keras"  # for training on; the reader never opens it
_COMPARED = 500  # real digits on which the export must agree with the network


def learn(
    signs: Material,
    held: Material,
    classes: Sequence[str],
    config: TrainingConfig,
    *,
    run: Path,
    folder: Path,
) -> Card:
    """Train in `run` and write network and weights into `folder`.

    Returns:
        What the card says about it: temperature, size, epochs, validation.

    Raises:
        ModelError: If the target is missed or the export differs from the network.
    """
    validation = make_validation(held, classes, config)
    network, progress = fit(signs, validation, classes, config, run)
    network.save(folder / WEIGHTS_FILE, include_optimizer=False)
    export_float(network, folder / NETWORK_FILE)
    difference = check_export(network, folder / NETWORK_FILE, validation.clean.digits[:_COMPARED])
    # Clean and augmented examples together: real crops lie between the two.
    halves = (validation.clean, validation.hard)
    logits = np.concatenate([predict_logits(network, half.digits) for half in halves])
    numbers = np.concatenate([half.numbers for half in halves])
    return {
        "temperature": fit_temperature(logits, numbers),
        "parameters": int(network.count_params()),
        "training": {"signs": len(signs.crops), **asdict(progress)},
        "validation": {"signs": len(held.crops), "largest_logit_difference": difference},
    }
