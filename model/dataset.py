"""A folder data set: `DATA/train/<class>/*.png`, `DATA/test/<class>/…` and its manifest.

The folders are the truth about classes; the manifest adds what a folder cannot say: source, writer
and content hash of every image. A data set without a manifest is read as it lies on the disk.
"""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path, PurePosixPath

import numpy as np

from model.images import decode_strokes
from ocr.arrays import Strokes
from ocr.errors import DataError

MANIFEST = "manifest.csv"
SPLITS = ("train", "test")
NOT = "not"  # the class of what is no digit: always the last label
SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the manifest; `path` is relative to the data set, with forward slashes."""

    path: str
    label: str
    source: str
    writer: str  # "" if unknown
    sha256: str  # of the file's bytes; "" in a data set without a manifest

    @property
    def split(self) -> str:
        """`train` or `test`."""
        return PurePosixPath(self.path).parts[0]

    @property
    def group(self) -> str:
        """What must stay on one side of a split: the writer if known, else the image itself."""
        return f"{self.source}/{self.writer}" if self.writer else self.path


@dataclass(frozen=True, slots=True, eq=False)
class DataSet:
    """The images of one split, with what the manifest knows about each."""

    images: list[Strokes]
    entries: list[Entry]

    @property
    def labels(self) -> list[str]:
        """Class name of every image."""
        return [entry.label for entry in self.entries]

    @property
    def classes(self) -> tuple[str, ...]:
        """The class names, sorted, `not` last."""
        names = sorted({entry.label for entry in self.entries} - {NOT})
        return (*names, NOT) if NOT in self.labels else tuple(names)

    def subset(self, chosen: Iterable[int]) -> "DataSet":
        """The images with those numbers."""
        numbers = list(chosen)
        return DataSet([self.images[i] for i in numbers], [self.entries[i] for i in numbers])


def list_entries(data: Path) -> list[Entry]:
    """All images of a data set, by its manifest or, without one, by its folders.

    Raises:
        DataError: No such folder, no images, or a manifest that disagrees with the disk.
    """
    on_disk = list(_walk(data))
    if not on_disk:
        raise DataError(
            f'no images below {data / "train"} or {data / "test"}; "formdigits model import" '
            "brings some in"
        )
    if not (data / MANIFEST).exists():
        return [Entry(path, PurePosixPath(path).parts[1], "folder", "", "") for path in on_disk]
    entries = read_manifest(data)
    _refuse_difference(data, {entry.path for entry in entries}, set(on_disk))
    _refuse_wrong_rows(data, entries)
    return entries


def load(data: Path, split: str) -> DataSet:
    """Read the images of one split (`train` or `test`).

    Raises:
        DataError: As `list_entries`; also no images in the split, or files that are no images.
    """
    entries = [entry for entry in list_entries(data) if entry.split == split]
    if not entries:
        raise DataError(f"no images below {data / split}; import some with --split {split}")
    images, unreadable = [], []
    for entry in entries:
        strokes = decode_strokes((data / entry.path).read_bytes())
        if strokes is None:
            unreadable.append(entry.path)
        else:
            images.append(strokes)
    if unreadable:
        raise DataError(
            f"{len(unreadable)} files of {data} are no readable images, first {unreadable[0]}; "
            'list them with "formdigits model check" and remove them'
        )
    return DataSet(images, entries)


def held_out(entries: Iterable[Entry], share: float) -> np.ndarray:
    """Which images are kept from training for validation, by writer where known.

    A stable hash decides, so that an image never changes sides when others are added.

    Returns:
        (N,) bool, True = validation; about `share` of the groups.
    """
    return np.array([is_held_out(entry.group, share) for entry in entries], bool)


def is_held_out(name: str, share: float) -> bool:
    """Whether what has that name is among the `share` that a stable hash holds out."""
    return _draw(name) < int(share * 2**32)


def fold_of(entries: Iterable[Entry], folds: int) -> np.ndarray:
    """Deal the images into folds, by writer where known; as stable as `held_out`.

    Returns:
        (N,) int, 0 .. folds - 1.
    """
    return np.array([_draw(entry.group) % folds for entry in entries], np.int64)


def _draw(name: str) -> int:
    """A number of 32 bits that only the name decides."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])


def read_manifest(data: Path) -> list[Entry]:
    """Read a data set's manifest.

    Raises:
        DataError: Columns missing or rows that break off.
    """
    with (data / MANIFEST).open(newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    if not rows or rows[0] != _HEADER or any(len(row) != len(_HEADER) for row in rows):
        raise DataError(
            f"{data / MANIFEST} must have the columns {', '.join(_HEADER)} in every row; "
            "delete it to use the folders as they are"
        )
    return [Entry(*row) for row in rows[1:]]


def write_manifest(data: Path, entries: Iterable[Entry]) -> None:
    """Write the manifest, sorted by path, in one step."""
    partial = data / (MANIFEST + ".partial")
    with partial.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(_HEADER)
        writer.writerows(astuple(entry) for entry in sorted(entries, key=lambda e: e.path))
    partial.replace(data / MANIFEST)


def manifest_sha256(data: Path) -> str:
    """Hash that names the state of a data set; of the sorted paths if there is no manifest."""
    if (data / MANIFEST).exists():
        return hashlib.sha256((data / MANIFEST).read_bytes()).hexdigest()
    return hashlib.sha256("\n".join(_walk(data)).encode()).hexdigest()


_HEADER = ["class" if field.name == "label" else field.name for field in fields(Entry)]


def _walk(data: Path) -> Iterator[str]:
    """Relative paths of the image files of both splits, sorted."""
    for split in SPLITS:
        for path in sorted((data / split).glob("*/*")):
            if path.suffix.lower() in SUFFIXES and not path.name.startswith("."):
                yield path.relative_to(data).as_posix()


def _refuse_difference(data: Path, listed: set[str], on_disk: set[str]) -> None:
    gone, unlisted = sorted(listed - on_disk), sorted(on_disk - listed)
    if not gone and not unlisted:
        return
    first = gone[0] if gone else unlisted[0]
    raise DataError(
        f"{data / MANIFEST} disagrees with the disk: {len(gone)} files are gone, {len(unlisted)} "
        f"are not listed (first: {first}); delete it to use the folders as they are"
    )


def _refuse_wrong_rows(data: Path, entries: list[Entry]) -> None:
    """Every image is listed once, under the class whose folder it lies in."""
    moved = [entry for entry in entries if PurePosixPath(entry.path).parts[1] != entry.label]
    if moved:
        raise DataError(
            f"{data / MANIFEST} disagrees with the disk: it gives {moved[0].path} the class "
            f"{moved[0].label!r}; move the image or correct the row"
        )
    if len({entry.path for entry in entries}) < len(entries):
        twice = Counter(entry.path for entry in entries).most_common(1)[0][0]
        raise DataError(f"{data / MANIFEST} lists {twice} more than once; keep one row")
