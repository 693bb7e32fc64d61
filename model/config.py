"""The settings of a training: a frozen value, read from TOML, kept in the model's card."""

import tomllib
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from model.augment import Augmentation
from ocr.errors import DataError


@dataclass(frozen=True, slots=True)
class Schedule:
    """What every training has: how long, how fast, on what share of the data."""

    seed: int = 20261122
    epochs: int = 28
    start_from: str = ""  # version whose weights to begin with; empty: random ones
    steps_per_epoch: int = 500
    batch_size: int = 128
    learning_rate: float = 2e-3  # peak, after the warm-up
    warmup_share: float = 0.04  # of all steps
    weight_decay: float = 1e-2
    weight_average: float = 0.999  # momentum of the moving average that is validated and kept
    dropout: float = 0.25
    validation_share: float = 0.05  # of the writers
    source_power: float = 0.7  # a source of n images is drawn as n**0.7: small ones more often
    target_accuracy: float = 0.985  # on validation; below it the training fails
    precision: str = "float32"  # or "bfloat16", 1.4 times as fast on processors that know it

    @property
    def steps(self) -> int:
        """All steps of the training."""
        return self.epochs * self.steps_per_epoch


@dataclass(frozen=True, slots=True)
class TrainingConfig(Schedule):
    """All that decides a training of the digit network besides the data; shipped defaults."""

    label_smoothing: float = 0.02  # the public sets have 0.2 (MNIST) to 4 % (DIDA) doubtful labels
    debris_share: float = 0.15  # of the rest of a batch: made examples of `not`
    string_share: float = 0.4  # of a batch: cut from strings, where the classes are the digits
    drawn_share: float = 0.06  # of a batch: drawn shapes, where the classes are the digits
    rejected_share: float = 0.0  # of held-out digits, at most read as `not`; 0: as it was learned
    teachers: str = ""  # versions, separated by blanks, whose readings are learned too
    teachers_share: float = 0.5  # of what is learned of a digit that they read rightly
    left_out: str = ""  # sources that are not learned, for the card to tell how they are read
    calibration_strings: int = 4000  # half fits the confidence, half measures it
    augmentation: Augmentation = field(default_factory=Augmentation)
    gentle_share: float = 0.2  # of all steps, the last ones: signs as they will be read
    gentle_strength: float = 0.4  # of the augmentation then

    def augmentation_at(self, step: int) -> Augmentation:
        """How signs are changed in that step."""
        gentle = step >= (1.0 - self.gentle_share) * self.steps
        return self.augmentation.scaled(self.gentle_strength) if gentle else self.augmentation


@dataclass(frozen=True, slots=True)
class LineConfig(Schedule):
    """All that decides a training of the line network besides the data; shipped defaults."""

    epochs: int = 30
    batch_size: int = 64
    learning_rate: float = 1.5e-3
    dropout: float = 0.2
    validation_lines: int = 2000
    calibration_lines: int = 6000  # half fits the confidence, half measures it
    target_accuracy: float = 0.6  # of whole lines, many of them hardly legible


@dataclass(frozen=True, slots=True)
class AdaptConfig(LineConfig):
    """All that decides an adaptation besides base, data and labelled fields; defaults."""

    epochs: int = 10
    steps_per_epoch: int = 250
    learning_rate: float = 6e-4  # less than half of the training's: what is known shall stay
    warmup_share: float = 0.1
    weight_average: float = 0.99  # of a training of 2,500 steps
    validation_lines: int = 600
    calibration_lines: int = 1200  # half fits the confidence, half measures it
    target_accuracy: float = 0.0  # what is reached is told, not demanded: it depends on the fields
    standing_lines: int = 2000  # written ones on which forgetting is measured
    source: str = "adapted"  # name of the new fields in the data set's manifest
    fewest_fields: int = 50  # fewer teach a network their own strings
    held_out_share: float = 0.2  # of the new documents, never trained on
    checked_share: float = 0.1  # of the others, not trained on: choose the epoch and calibrate
    real_share: float = 0.5  # of a batch; the rest is written, so that nothing is forgotten


_Settings = TypeVar("_Settings", TrainingConfig, LineConfig, AdaptConfig, Augmentation)


def load_config(path: Path | None, **overrides: object) -> TrainingConfig:
    """Read settings for the digit network from TOML (none: defaults); None overrides nothing.

    Raises:
        DataError: No such file, no TOML, an unknown key or a value of the wrong type.
    """
    table = _read(path) if path else {}
    augmentation = _filled(Augmentation(), table.pop("augmentation", {}), path)
    config = replace(_filled(TrainingConfig(), table, path), augmentation=augmentation)
    return _filled(config, _given(overrides), path)


def load_line_config(path: Path | None, **overrides: object) -> LineConfig:
    """Read settings for the line network from TOML (none: defaults); None overrides nothing.

    Raises:
        DataError: No such file, no TOML, an unknown key or a value of the wrong type.
    """
    config = _filled(LineConfig(), _read(path) if path else {}, path)
    return _filled(config, _given(overrides), path)


def load_adapt_config(path: Path | None, **overrides: object) -> AdaptConfig:
    """Read settings for an adaptation from TOML (none: defaults); None overrides nothing.

    Raises:
        DataError: No such file, no TOML, an unknown key or a value of the wrong type.
    """
    config = _filled(AdaptConfig(), _read(path) if path else {}, path)
    return _filled(config, _given(overrides), path)


def _given(overrides: dict[str, object]) -> dict[str, Any]:
    return {key: value for key, value in overrides.items() if value is not None}


def config_table(config: Schedule) -> dict[str, Any]:
    """The settings as JSON and TOML know them."""
    return asdict(config)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as cause:
        raise DataError(f"no training settings at {path}; leave --config out for defaults") from (
            cause
        )
    except tomllib.TOMLDecodeError as cause:
        raise DataError(f"{path} is no TOML ({cause}); repair it") from cause


def _filled(base: _Settings, table: dict[str, Any], path: Path | None) -> _Settings:
    known = {f.name: type(getattr(base, f.name)) for f in fields(base)}
    for key, value in table.items():
        if key not in known:
            raise DataError(f"{path}: unknown key {key!r}; known are {', '.join(known)}")
        number = known[key] is float and type(value) is int
        if not number and type(value) is not known[key]:
            raise DataError(f"{path}: {key} must be a {known[key].__name__}, not {value!r}")
    return replace(base, **table)
