"""Bring a collection of labelled signs into a folder data set."""

import hashlib
import re
from pathlib import Path

import cv2

from model.dataset import MANIFEST, SPLITS, Entry, read_manifest, write_manifest
from model.formats import Format, Sample, read_samples
from ocr.errors import DataError

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def import_source(
    source: Path,
    data: Path,
    *,
    layout: Format,
    name: str,
    split: str = "train",
    writers: Path | None = None,
) -> int:
    """Write the samples of a source as PNG files and list them in the manifest.

    Importing the same source again replaces its images: the result is the same as importing once.

    Returns:
        How many images were written.

    Raises:
        DataError: A source that cannot be read, or a name or split that cannot be used.
    """
    if split not in SPLITS:
        raise DataError(f"no split {split!r}; use train or test")
    if not _PLAIN_NAME.fullmatch(name):
        raise DataError(f"source name {name!r} must be letters, digits, '-', '_' or '.'")
    samples = read_samples(source, layout, split, writers)
    entries = [
        write_sign(data, split, f"{name}-{i:06d}.png", sample, name)
        for i, sample in enumerate(samples)
    ]
    old = read_manifest(data) if (data / MANIFEST).exists() else []
    paths = {entry.path for entry in entries}
    stale = [e for e in old if e.source == name and e.split == split and e.path not in paths]
    for entry in stale:
        (data / entry.path).unlink(missing_ok=True)
    kept = [e for e in old if e.source != name or e.split != split]
    write_manifest(data, [*kept, *entries])
    return len(entries)


def write_sign(data: Path, split: str, file_name: str, sample: Sample, source: str) -> Entry:
    """Write one sign into its class folder and give its row of the manifest.

    Raises:
        DataError: The class cannot name a folder.
    """
    if not _PLAIN_NAME.fullmatch(sample.label):
        raise DataError(f"class {sample.label!r} cannot name a folder; rename it in the source")
    # a black border keeps a sign that fills its image from being taken for dark writing on paper
    framed = cv2.copyMakeBorder(sample.strokes, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    content = cv2.imencode(".png", framed)[1].tobytes()
    folder = data / split / sample.label
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file_name).write_bytes(content)
    path = f"{split}/{sample.label}/{file_name}"
    return Entry(path, sample.label, source, sample.writer, hashlib.sha256(content).hexdigest())
