"""One pass over the images of a data set: each file is read once and what checks need is kept."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.dataset import Entry
from model.duplicates import portrait
from model.images import decode_strokes, is_oversized
from ocr.arrays import Strokes
from ocr.digits.normalize import normalize


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What one sound image shows.

    Attributes:
        entry: Its row of the manifest.
        content: Hash of the strokes: equal for equal pictures in different files.
        longer_px: Longer side of the stored image.
        digit: (28, 28), normalized as for the network.
        portrait: (784,), see `model.duplicates`.
    """

    entry: Entry
    content: str
    longer_px: int
    digit: Strokes
    portrait: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fault:
    """A file of no use: `unreadable`, `oversized` or `blank`; or `changed` since its import."""

    entry: Entry
    kind: str


def look_through(data: Path, entries: Iterable[Entry]) -> Iterator[Look | Fault]:
    """Look at every image once; only sound ones give a `Look`."""
    for entry in entries:
        try:
            content = (data / entry.path).read_bytes()
        except OSError:  # no permission, or a link that leads nowhere
            yield Fault(entry, "unreadable")
        else:
            yield _look(entry, content)


def _look(entry: Entry, content: bytes) -> Look | Fault:
    strokes = decode_strokes(content)
    if strokes is None:
        return Fault(entry, "oversized" if is_oversized(content) else "unreadable")
    if entry.sha256 and hashlib.sha256(content).hexdigest() != entry.sha256:
        return Fault(entry, "changed")
    digit = normalize(strokes)
    if not digit.any():
        return Fault(entry, "blank")
    return Look(
        entry=entry,
        content=hashlib.sha256(f"{strokes.shape}".encode() + strokes.tobytes()).hexdigest(),
        longer_px=max(strokes.shape),
        digit=digit,
        portrait=portrait(strokes),
    )
