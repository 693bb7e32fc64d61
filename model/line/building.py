"""From a folder data set to a version with a line network: train, export, calibrate."""

import os
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np

from model.building import calibrate_lattice, describe_origin, new_name, split_writers
from model.calibrating import WrittenField, calibrate
from model.card import Card, read_card, write_card
from model.checks import check, require_sound
from model.config import LineConfig, TrainingConfig
from model.dataset import load
from model.line.text import compose
from model.line.writing import write
from model.material import Material
from model.registry import models_folder
from model.variants import DIGITS
from ocr.digits.versions import LINE_FILE, ModelVersion, find_version
from ocr.errors import DataError
from ocr.readers import load_readers
from ocr.values import only_digits

_OWN = ("version", "created", "forced", "lines", "line_calibration")  # not taken from the base


def train_line_version(
    data: Path, config: LineConfig, run: Path, base: ModelVersion, version: str | None = None
) -> ModelVersion:
    """Train the line network and add it, with the base's digit network, to the versions.

    A run that was killed continues where its folder `run` stands.

    Raises:
        DataError: If the data set would spoil the training or has other classes than the digits.
        ModelError: If the version exists, the target is missed, or `run` holds something else.
    """
    name = new_name(version)
    require_sound(check(data).findings)
    train = load(data, "train")
    if set(train.classes) != set(DIGITS):
        raise DataError(f"{data} holds {', '.join(train.classes)}; lines are written in 0 to 9")
    signs, held = split_writers(train, DIGITS, config)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # its start-up chatter hides our lines
    from model.line.learning import learn_lines  # noqa: PLC0415  loads TensorFlow

    with tempfile.TemporaryDirectory(prefix=".partial-", dir=models_folder()) as partial:
        folder = Path(partial)
        shutil.copytree(base.path, folder, dirs_exist_ok=True)
        (folder / LINE_FILE).unlink(missing_ok=True)
        origin = describe_origin(data, {"train": train}, config)
        lines = {**origin, **learn_lines(signs, held, config, run, folder)}
        kept = {key: value for key, value in read_card(base.path).items() if key not in _OWN}
        card: Card = {**kept, "version": name, "created": origin["created"], "lines": lines}
        write_card(folder, {**card, "digits_from": base.version})
        made = ModelVersion(folder, name)
        # the lattice's too: the base's were fitted on what the reader made of fields then
        strings = min(TrainingConfig().calibration_strings, config.calibration_lines)
        lattice = TrainingConfig(seed=config.seed, calibration_strings=strings)
        trust = calibrate_lattice(made, held, DIGITS, lattice)
        trust |= calibrate_lines(made, held, config)
        write_card(folder, {**read_card(folder), **trust})
        folder.replace(models_folder() / name)
    return find_version(name)


def calibrate_lines(version: ModelVersion, held: Material, config: LineConfig) -> Card:
    """How far fields can be trusted that both readers read, on lines of held-out writers."""

    def draw(rng: np.random.Generator) -> WrittenField:
        line = write(compose(held, rng), rng)
        return WrittenField(line.gray, only_digits(line.text))

    readers = load_readers(version)
    calibration, measured = calibrate(readers, draw, config.calibration_lines, config.seed)
    return {"line_calibration": asdict(calibration), "line_strings": measured}
