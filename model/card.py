"""The card of a model version: what it was made from, with what, and how good it is.

The reader needs `version`, `labels`, `input_px` and `temperature` only; the rest is for people,
for promotion and for making the version again.
"""

import json
import platform
from collections import Counter
from collections.abc import Iterable
from importlib.metadata import version as library_version
from pathlib import Path
from typing import Any

from model.dataset import Entry, manifest_sha256
from ocr.digits.versions import CARD_FILE
from ocr.errors import ModelError

Card = dict[str, Any]  # JSON, as on the disk: later versions add keys that older code must carry
_LIBRARIES = ("tensorflow", "keras", "numpy", "opencv-python-headless", "ai-edge-litert")


def describe_data(data: Path, entries: Iterable[Entry]) -> Card:
    """The data set of a card: its hash, and how many images of each source and split."""
    counts = Counter((entry.split, entry.source) for entry in entries)
    return {
        "manifest_sha256": manifest_sha256(data),
        "images": {f"{split}/{source}": n for (split, source), n in sorted(counts.items())},
    }


def describe_libraries() -> dict[str, str]:
    """Versions of Python and of the libraries that a training depends on."""
    return {
        "python": platform.python_version(),
        **{name: library_version(name) for name in _LIBRARIES},
    }


def read_card(folder: Path) -> Card:
    """Read the card of a version's folder.

    Raises:
        ModelError: If there is none or it is no JSON object.
    """
    try:
        card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as cause:
        raise ModelError(f"{folder} has no readable {CARD_FILE}; train the version again") from (
            cause
        )
    if not isinstance(card, dict):
        raise ModelError(f"{folder / CARD_FILE} is no JSON object; train the version again")
    return card


def write_card(folder: Path, card: Card) -> None:
    """Write a card in one step."""
    partial = folder / f"{CARD_FILE}.partial"
    partial.write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(folder / CARD_FILE)
