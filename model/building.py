"""From a folder data set to a version on the disk: check, train, calibrate, export, measure."""

import logging
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from model.card import Card, describe_data, describe_libraries, write_card
from model.checks import check, require_sound
from model.combs import write_comb
from model.config import Schedule, TrainingConfig, config_table
from model.dataset import NOT, SPLITS, DataSet, held_out, load
from model.evaluating import evaluate
from model.material import Material, arrange, make_string
from model.registry import champion_name, models_folder
from model.variants import DIGITS
from ocr.digits.normalize import FIELD_PX
from ocr.digits.versions import ModelVersion, find_version, shipped_folder
from ocr.errors import DataError, ModelError
from ocr.readers import load_readers

log = logging.getLogger(__name__)


def train_version(
    data: Path, config: TrainingConfig, run: Path, version: str | None = None
) -> ModelVersion:
    """Train on a data set and add the result to the versions; the champion stays.

    A run that was killed continues where its folder `run` stands.

    Raises:
        DataError: If the data set would spoil the training.
        ModelError: If the version exists, the target is missed, or `run` holds something else.
    """
    name = new_name(version)
    require_sound(check(data).findings)
    parts = {split: load(data, split) for split in SPLITS if _has(data, split)}
    left_out = config.left_out.split()
    foreign = {source: source_of(parts, source) for source in left_out}
    parts["train"] = without_sources(parts["train"], left_out)
    classes = _classes(parts["train"], config)
    signs, held = split_writers(parts["train"], classes, config)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # its start-up chatter hides our lines
    from model.learning import learn, write_network  # noqa: PLC0415  loads TensorFlow

    trained = learn(signs, held, classes, config, run)
    with tempfile.TemporaryDirectory(prefix=".partial-", dir=models_folder()) as partial:
        folder = Path(partial)
        card = {
            "version": name,
            "labels": list(classes),
            "input_px": FIELD_PX,
            **describe_origin(data, parts, config),
            **write_network(trained, folder),
        }
        write_card(folder, card)
        card |= calibrate_lattice(ModelVersion(folder, name), held, classes, config)
        write_card(folder, card)
        if "test" in parts:
            card |= _measure(ModelVersion(folder, name), parts["test"])
            write_card(folder, card)
        if foreign:
            read = {
                source: evaluate(ModelVersion(folder, name), images).as_table()
                for source, images in foreign.items()
            }
            write_card(folder, {**card, "left_out": read})
        folder.replace(models_folder() / name)
    return find_version(name)


def new_name(version: str | None) -> str:
    """The name of the version to be made: the given one, if it is free, or the time."""
    name = version or datetime.now(UTC).strftime("digits-%Y%m%d-%H%M%S")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", name):
        raise ModelError(f"version {name!r} must be letters, digits, '-', '_' or '.'")
    if (models_folder() / name).exists() or (shipped_folder() / name).exists():
        raise ModelError(f"there is a version {name} already; give another --version")
    return name


def describe_origin(data: Path, parts: dict[str, DataSet], config: Schedule) -> Card:
    """What the version is made from, and how to make it again."""
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": shlex.join(["formdigits", *sys.argv[1:]]),
        "config": config_table(config),
        "data": describe_data(data, [e for part in parts.values() for e in part.entries]),
        "libraries": describe_libraries(),
    }


def _has(data: Path, split: str) -> bool:
    return split == "train" or any((data / split).glob("*/*"))


def source_of(parts: dict[str, DataSet], source: str) -> DataSet:
    """The images of a source: its test images if it has some, else those to train on.

    Raises:
        DataError: There is no such source, or there is no other.
    """
    own = [part.subset(_from(part, [source])) for _, part in sorted(parts.items())]
    found = next((part for part in own if part.entries), None)
    if found is None:
        names = sorted({entry.source for part in parts.values() for entry in part.entries})
        raise DataError(f"no images of {source!r} to leave out; sources are {', '.join(names)}")
    return found


def without_sources(data: DataSet, sources: Collection[str]) -> DataSet:
    """All images but those of some sources."""
    return data.subset(np.setdiff1d(np.arange(len(data.entries)), _from(data, sources)))


def _from(data: DataSet, sources: Collection[str]) -> np.ndarray:
    return np.flatnonzero([entry.source in sources for entry in data.entries])


def _classes(train: DataSet, config: TrainingConfig) -> tuple[str, ...]:
    names = tuple(name for name in train.classes if name != NOT)
    return (*names, NOT) if config.debris_share > 0 or NOT in train.classes else names


def split_writers(
    train: DataSet, classes: tuple[str, ...], config: Schedule
) -> tuple[Material, Material]:
    """Signs to train on, and those of the held-out writers."""
    held = held_out(train.entries, config.validation_share)
    if not held.any() or held.all():
        raise DataError(
            f"{len(train.entries)} images are too few to hold {config.validation_share:.0%} of the "
            "writers out for validation; add images or raise validation_share"
        )
    signs = arrange(train.subset(np.flatnonzero(~held)), classes, config.source_power)
    return signs, arrange(train.subset(np.flatnonzero(held)), classes, source_power=1.0)


def calibrate_lattice(
    version: ModelVersion, held: Material, classes: tuple[str, ...], config: TrainingConfig
) -> Card:
    """How far readings of strings can be trusted; nothing for other signs than digits."""
    if set(classes) - {NOT} != set(DIGITS):
        return {}
    # loads scikit-learn
    from model.calibrating import WrittenField, calibrate  # noqa: PLC0415

    def free(rng: np.random.Generator) -> WrittenField:
        string = make_string(held, config.augmentation, rng)
        return WrittenField(string.gray, "".join(string.labels))

    def comb(rng: np.random.Generator) -> WrittenField:
        written = write_comb(held, config.augmentation.scaled(config.gentle_strength), rng)
        return WrittenField(written.gray, written.digits, written.cells)

    alone = replace(load_readers(version), read_line=None)
    calibration, strings = calibrate(alone, free, config.calibration_strings, config.seed)
    of_combs, combs = calibrate(alone, comb, config.calibration_strings, config.seed)
    return {
        "calibration": asdict(calibration),
        "strings": strings,
        "comb_calibration": asdict(of_combs),
        "combs": combs,
    }


def _measure(version: ModelVersion, test: DataSet) -> Card:
    """The figures on the test part, and whether the champion does better on the same images."""
    from model.comparing import compare  # noqa: PLC0415  loads scikit-learn

    figures: Card = {"test": evaluate(version, test).as_table()}
    champion = champion_name()
    if champion is None:
        return figures
    try:
        comparison = compare(version, find_version(champion), test)
    except DataError as difference:  # another label set: not comparable
        log.warning("champion %s is not compared: %s", champion, difference)
        return figures
    return {**figures, "comparison": comparison.as_table()}
