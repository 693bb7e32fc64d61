"""Adapting a version to labelled fields: align, add, train on, calibrate, compare."""

import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from model.aligning import AlignedField
from model.building import describe_origin, new_name, split_writers
from model.calibrating import WrittenField, calibrate
from model.card import Card, read_card, write_card
from model.checks import check, require_sound
from model.config import AdaptConfig
from model.dataset import DataSet, list_entries, load
from model.fields import SET_ASIDE_FILE, NewFields, add_new_fields, list_set_aside, read_new_fields
from model.line.real import RealLine, learnable
from model.line.text import compose
from model.line.writing import write
from model.material import Material
from model.registry import models_folder
from model.variants import DIGITS
from ocr.digits.versions import LINE_FILE, ModelVersion, find_version
from ocr.errors import DataError, ModelError
from ocr.readers import load_readers
from ocr.values import only_digits

log = logging.getLogger(__name__)

_WEIGHTS_FILE = "lines.keras"
_OWN = ("version", "created", "forced", "adapted", "line_calibration", "line_strings")


@dataclass(frozen=True, slots=True, eq=False)
class _Material:
    """What an adaptation works with besides the new fields."""

    signs: Material
    held: Material  # of held-out writers
    test: DataSet | None  # the standing test part


def adapt(
    images: Path,
    labels: Path,
    data: Path,
    base: ModelVersion,
    config: AdaptConfig,
    run: Path,
    version: str | None = None,
) -> ModelVersion:
    """Teach a version the writing of labelled fields; the result is a new version.

    Args:
        images: Folder of field images.
        labels: CSV file with the columns `file` and `value`, perhaps `document`.
        data: Data set that gets the fields' digits.
        base: Version to begin with; it stays as it is.
        config: Settings.
        run: Folder of checkpoints; a run that was killed continues there.
        version: Name of the new version.

    Raises:
        DataError: Fields or data set cannot be used.
        ModelError: The base has no weights to train on, the version exists, or `run` holds
            something else.
    """
    name = new_name(version)
    _require_trainable(base)
    require_sound(check(data).findings)
    _require_digits(data)
    fields = read_new_fields(images, labels, load_readers(base), config)
    run.mkdir(parents=True, exist_ok=True)
    list_set_aside(run / SET_ASIDE_FILE, fields)
    counts = add_new_fields(data, config.source, fields)
    log.info("fields: %s", counts)
    material = _material(data, config)
    config = replace(config, start_from=base.version)
    with tempfile.TemporaryDirectory(prefix=".partial-", dir=models_folder()) as partial:
        folder = Path(partial)
        shutil.copytree(base.path, folder, dirs_exist_ok=True)
        kept = {key: value for key, value in read_card(base.path).items() if key not in _OWN}
        origin = describe_origin(data, {}, config)
        adapted = {
            **origin,
            "base": base.version,
            "labels_sha256": hashlib.sha256(labels.read_bytes()).hexdigest(),
            "fields": counts,
            **_learn(fields, material, config, run, folder),
        }
        card = {**kept, "version": name, "created": origin["created"], "adapted": adapted}
        write_card(folder, card)
        made = ModelVersion(folder, name)
        card |= _calibrate(made, fields.checked, material.held, config)
        write_card(folder, card)
        adapted |= _compare(base, ModelVersion(folder, name), fields, material, config)
        write_card(folder, {**card, "adapted": adapted})
        folder.replace(models_folder() / name)
    return find_version(name)


def _require_trainable(base: ModelVersion) -> None:
    """Refuse a base without a line network and its weights."""
    missing = [name for name in (LINE_FILE, _WEIGHTS_FILE) if not (base.path / name).is_file()]
    if missing:
        raise ModelError(
            f"model version {base.version} has no {' and no '.join(missing)} to train on; "
            'choose another --base or make one by "formdigits model train-lines"'
        )


def _require_digits(data: Path) -> None:
    """Refuse a data set of other classes before anything is added to it."""
    classes = sorted({entry.label for entry in list_entries(data) if entry.split == "train"})
    if classes != sorted(DIGITS):
        raise DataError(f"{data} holds {', '.join(classes)}; lines are written in 0 to 9")


def _material(data: Path, config: AdaptConfig) -> _Material:
    train = load(data, "train")
    signs, held = split_writers(train, DIGITS, config)
    test = load(data, "test") if any((data / "test").glob("*/*")) else None
    return _Material(signs, held, test)


def _learn(
    fields: NewFields, material: _Material, config: AdaptConfig, run: Path, folder: Path
) -> Card:
    """Train the line network on, and write it into the version's folder."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # its start-up chatter hides our lines
    from model.line.learning import learn_real_lines  # noqa: PLC0415  loads TensorFlow

    learned, checked = _real_lines(fields.learned), _real_lines(fields.checked)
    if not learned or not checked:
        raise DataError("no new field has writing that is long enough for its label; check both")
    signs, held = material.signs, material.held
    lines = learn_real_lines(signs, held, learned, checked, config, run, folder)
    return {"lines_learned": len(learned), "lines": lines}


def _real_lines(fields: Sequence[AlignedField]) -> list[RealLine]:
    """Fields as lines; doubtful ones too, for CTC needs no alignment; none without ink."""
    lines = [RealLine(f.field.gray, f.written, f.field.text) for f in fields if f.written]
    return [line for line in lines if learnable(line)]


def _calibrate(
    version: ModelVersion, checked: Sequence[AlignedField], held: Material, config: AdaptConfig
) -> Card:
    """How far fields can be trusted, on new fields not trained on, and written lines besides."""
    rng = np.random.default_rng(config.seed)
    count = max(config.calibration_lines, 2 * len(checked))
    order = iter(rng.permutation(count).tolist())

    def draw(rng: np.random.Generator) -> WrittenField:
        number = next(order)
        if number < len(checked):
            return WrittenField(checked[number].field.gray, checked[number].field.digits)
        line = write(compose(held, rng), rng)
        return WrittenField(line.gray, only_digits(line.text))

    calibration, measured = calibrate(load_readers(version), draw, count, config.seed)
    return {"line_calibration": asdict(calibration), "line_strings": measured}


def _compare(
    base: ModelVersion,
    made: ModelVersion,
    fields: NewFields,
    material: _Material,
    config: AdaptConfig,
) -> Card:
    """What both versions read: of the new held-out fields, and of what the base was good at."""
    from model.before_after import measure, standing_lines  # noqa: PLC0415  loads TensorFlow

    lines = standing_lines(material.held, config)
    measured = (measure(each, fields.held_out, lines, material.test) for each in (base, made))
    before, after = (asdict(figures) for figures in measured)
    return {"before": before, "after": after}
