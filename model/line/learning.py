"""Train one line network, from the beginning or on, and export it into a version's folder."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import keras
import numpy as np

from model.card import Card
from model.config import AdaptConfig, LineConfig
from model.export import export_float, export_int8, save_weights
from model.line.adapt_task import AdaptTask, plain_batches
from model.line.batches import LineBatch, make_line_validation
from model.line.real import RealLine
from model.line.task import LINE_WEIGHTS_FILE, LineTask, greedy_numbers
from model.material import Material
from model.training import fit
from ocr.digits.versions import LINE_FILE
from ocr.network import Network

_INT8_LOSS = 0.005  # of validation lines read right; more is not worth the speed


def learn_lines(
    signs: Material, held: Material, config: LineConfig, run: Path, folder: Path
) -> Card:
    """Train in the folder `run`, or continue there, and write network and weights to `folder`.

    Returns:
        What the card says about it: size, epochs, validation.

    Raises:
        ModelError: If the target is missed or `run` holds something else.
    """
    validation = make_line_validation(held, config)
    network, progress = fit(LineTask(signs, validation, config), config, run)
    return {"training": asdict(progress), **write_line_network(network, validation, folder)}


def learn_real_lines(
    signs: Material,
    held: Material,
    lines: Sequence[RealLine],
    checked: Sequence[RealLine],
    config: AdaptConfig,
    run: Path,
    folder: Path,
) -> Card:
    """Train on in the folder `run`, or continue there, and write network and weights to `folder`.

    Args:
        signs: What lines are written with.
        held: Signs of held-out writers.
        lines: Real lines to learn.
        checked: Real lines to choose the best epoch by.
        config: Settings; `start_from` is the version to begin with.
        run: Folder of checkpoints.
        folder: Folder of the new version.

    Returns:
        What the card says about it: size, epochs, validation.

    Raises:
        ModelError: If the base has other weights or `run` holds something else.
    """
    written = make_line_validation(held, config)
    task = AdaptTask(signs, lines, (plain_batches(checked, config.batch_size), written), config)
    network, progress = fit(task, config, run)
    return {"training": asdict(progress), **write_line_network(network, written, folder)}


def write_line_network(network: keras.Model, validation: list[LineBatch], folder: Path) -> Card:
    """Write network and weights into a version's folder, in 8 bits if that loses nothing.

    Returns:
        What the card says about it: size, validation.
    """
    save_weights(network, folder / LINE_WEIGHTS_FILE)
    path = folder / LINE_FILE
    export_float(network, path)
    right = lines_right(path, validation)
    small = folder / f"int8-{LINE_FILE}"
    export_int8(network, small)
    small_right = lines_right(small, validation)
    kept = right - small_right <= _INT8_LOSS
    if kept:
        small.replace(path)
    else:
        small.unlink()
    return {
        "parameters": int(network.count_params()),
        "validation": {"n": sum(len(texts) for _, texts in validation), "lines_right": right},
        "int8": {"kept": kept, "lines_right": small_right},
    }


def lines_right(path: Path, batches: list[LineBatch]) -> float:
    """Share of lines that an exported network reads right, signs and digits alike."""
    network = Network(path)
    right: list[bool] = []
    for pictures, texts in batches:
        read = greedy_numbers(network(pictures.astype(np.float32)))
        said = [[n for n in text if n >= 0] for text in texts.tolist()]
        right += [a == b for a, b in zip(read, said, strict=True)]
    return float(np.mean(right))
