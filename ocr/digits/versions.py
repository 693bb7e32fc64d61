"""Where the digit model is: the champion among the versions on disk.

A version is a folder with `digits.tflite` and `card.json`. Versions trained here live in
`<state>/models`, the shipped one in the installed `model/shipped`; in both a text file `champion`
names the version in use. This module knows the folders' layout only: `ocr` never imports `model`.
"""

import importlib.util
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ocr.confidence import Calibration
from ocr.errors import ModelError
from ocr.settings import state_folder

NETWORK_FILE = "digits.tflite"
LINE_FILE = "lines.tflite"
INT8_FILE = "digits-int8.tflite"  # four times as fast; there only if it passed the accuracy gate
CARD_FILE = "card.json"
CHAMPION_FILE = "champion"


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One version of the digit model on disk."""

    path: Path
    version: str


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What the reader needs of a version's card.

    Attributes:
        labels: Class names in the order of the network's outputs.
        temperature: Divides the logits, so that probabilities are calibrated.
        calibration: Turns the evidence of a field into its confidence.
        comb_calibration: The same for combs.
        line_calibration: The same where the line reader has spoken too.
    """

    version: str
    labels: tuple[str, ...]
    temperature: float
    calibration: Calibration
    comb_calibration: Calibration
    line_calibration: Calibration


def champion() -> ModelVersion:
    """The version that new jobs use: the promoted one, else the shipped one.

    Raises:
        ModelError: If there is none, or what `champion` names is not there.
    """
    for folder in (state_folder() / "models", shipped_folder()):
        pointer = folder / CHAMPION_FILE
        if pointer.is_file():
            return _version(folder, pointer.read_text("utf-8").strip())
    raise ModelError(
        'no digit model: neither trained here nor shipped; run "formdigits model train" first'
    )


def find_version(version: str) -> ModelVersion:
    """The version of that name, trained here or shipped.

    Raises:
        ModelError: If there is no such version.
    """
    for folder in (state_folder() / "models", shipped_folder()):
        if (folder / version).is_dir():
            return _version(folder, version)
    raise ModelError(f'no digit model "{version}"; "formdigits model list" names those there are')


def shipped_folder() -> Path:
    """The folder of shipped versions, beside the installed `ocr`."""
    spec = importlib.util.find_spec("model")
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0] if places else "model") / "shipped"


def _version(folder: Path, version: str) -> ModelVersion:
    path = folder / version
    if not version or Path(version).name != version or not (path / NETWORK_FILE).is_file():
        raise ModelError(
            f'the champion "{version}" of {folder} has no {NETWORK_FILE};'
            ' run "formdigits model promote" with a version of "formdigits model list"'
        )
    return ModelVersion(path, version)


def network_file(path: Path) -> Path:
    """The network that serves of the version in the folder `path`."""
    int8 = path / INT8_FILE
    return int8 if int8.is_file() else path / NETWORK_FILE


def line_network_file(path: Path) -> Path | None:
    """The line network of the version in the folder `path`; None if it has none."""
    line = path / LINE_FILE
    return line if line.is_file() else None


@cache
def read_card(path: Path) -> ModelCard:
    """Read the card of the version in the folder `path`.

    Raises:
        ModelError: If the card is missing or lacks what the reader needs.
    """
    try:
        card = json.loads((path / CARD_FILE).read_text("utf-8"))
        return ModelCard(
            str(card["version"]),
            tuple(map(str, card["labels"])),
            float(card["temperature"]),
            Calibration(**card.get("calibration", {})),
            Calibration(**card.get("comb_calibration", card.get("calibration", {}))),
            Calibration(**card.get("line_calibration", {})),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"the card {path / CARD_FILE} cannot be used ({error!r});"
            " promote another version or train again"
        ) from error
