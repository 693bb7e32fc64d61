"""The formats that digit collections come in, each read as a stream of labelled strokes."""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from model.dataset import SUFFIXES
from model.fonts import read_fonts
from model.images import decode_strokes, isolate
from ocr.arrays import Strokes
from ocr.errors import DataError


class Format(StrEnum):
    """How a source stores its digits."""

    IDX = "idx"  # MNIST's binary files, also gzipped
    USPS = "usps"  # text: label, then 256 gray levels in [-1, 1]
    FOLDERS = "folders"  # <class>/<image>
    CSV = "csv"  # label, then the pixels of a square image, 0..255
    FONTS = "fonts"  # fonts of any folder depth; each is a writer


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One labelled sign of a source."""

    strokes: Strokes
    label: str
    writer: str  # "" if unknown


def read_samples(
    source: Path, layout: Format, split: str, writers: Path | None = None
) -> Iterator[Sample]:
    """Stream the samples of a source.

    Args:
        source: A file of the format, or the folder that holds the files of both splits.
        layout: The format of the source.
        split: `train` or `test`: which files of a folder to take.
        writers: Text file with a header and one writer per sample, in the samples' order.

    Raises:
        DataError: Nothing found, broken files, or a writers file of another length.
    """
    if not source.exists():
        raise DataError(f"no source at {source}; give the file or folder of the collection")
    if layout is Format.FONTS:
        yield from (Sample(*sign) for sign in read_fonts(source))
        return
    pairs = _READERS[layout](source, split)
    if writers is None:
        yield from (Sample(strokes, label, "") for strokes, label in pairs)
        return
    names = writers.read_text(encoding="utf-8").split()[1:]
    count = 0
    for count, (strokes, label) in enumerate(pairs, start=1):
        if count <= len(names):
            yield Sample(strokes, label, names[count - 1])
    if count != len(names):
        raise DataError(
            f"{writers} names {len(names)} writers for {count} samples; "
            "give the file that belongs to this split"
        )


def _read_idx(source: Path, split: str) -> Iterator[tuple[Strokes, str]]:
    names = {"train": ("train-images*", "images*"), "test": ("t10k-images*", "test-images*")}
    images_path = _pick(source, names[split])
    name = images_path.name.replace("images-idx3", "labels-idx1")
    labels_path = images_path.with_name(name)
    if labels_path == images_path or not labels_path.exists():
        raise DataError(f"no labels beside {images_path}; put {name} there")
    images, labels = _idx_array(images_path), _idx_array(labels_path)
    if images.ndim != 3 or labels.ndim != 1 or len(images) != len(labels):
        raise DataError(
            f"{images_path} has shape {images.shape} and its labels {labels.shape}; "
            "they must be (N, H, W) and (N,)"
        )
    yield from ((image, str(label)) for image, label in zip(images, labels, strict=True))


def _idx_array(path: Path) -> np.ndarray:
    """Read an idx file: 2 zero bytes, type 8 (unsigned byte), rank, big-endian sizes, data."""
    content = _unzipped(path)
    rank = content[3] if len(content) > 3 else 0
    shape = tuple(np.frombuffer(content[4 : 4 + 4 * rank], ">u4").tolist())
    body = np.frombuffer(content[4 + 4 * rank :], np.uint8)
    if content[:3] != b"\x00\x00\x08" or body.size != np.prod(shape, dtype=np.int64):
        raise DataError(f"{path} is no complete idx file of unsigned bytes; fetch it again")
    return body.reshape(shape)


def _read_usps(source: Path, split: str) -> Iterator[tuple[Strokes, str]]:
    path = _pick(source, (f"zip.{split}*", f"*{split}*"))
    for number, line in enumerate(_unzipped(path).decode("ascii", "replace").splitlines(), 1):
        label, levels = _numbers(line.split(), path, number)
        yield _square((levels + 1.0) * 127.5, path, number), str(int(label))


def _read_csv(source: Path, split: str) -> Iterator[tuple[Strokes, str]]:
    path = _pick(source, (f"*{split}*.csv", f"*{split}*.csv.gz"))
    rows = csv.reader(_unzipped(path).decode("utf-8", "replace").splitlines())
    for number, row in enumerate(rows, 1):
        if number == 1 and not row[-1].strip().lstrip("-").replace(".", "").isdigit():
            continue  # a header
        _, levels = _numbers(["0", *row[1:]], path, number)
        yield _square(levels, path, number), row[0].strip()


def _read_folders(source: Path, split: str) -> Iterator[tuple[Strokes, str]]:
    root = source / split if (source / split).is_dir() else source
    paths = [p for p in sorted(root.glob("*/*")) if p.suffix.lower() in SUFFIXES]
    if not paths:
        raise DataError(f"no images in class folders below {root}; expected <class>/<image>")
    for path in paths:
        strokes = decode_strokes(path.read_bytes())
        if strokes is None:
            raise DataError(f"{path} is no readable image; remove or repair it")
        yield isolate(strokes), path.parent.name


_READERS = {
    Format.IDX: _read_idx,
    Format.USPS: _read_usps,
    Format.FOLDERS: _read_folders,
    Format.CSV: _read_csv,
}


def _pick(source: Path, patterns: tuple[str, ...]) -> Path:
    """The source itself if it is a file, else the first file in it that matches a pattern."""
    if source.is_file():
        return source
    for pattern in patterns:
        for path in sorted(source.glob(pattern)):
            return path
    raise DataError(f"no file like {' or '.join(patterns)} in {source}; give the file itself")


def _unzipped(path: Path) -> bytes:
    content = path.read_bytes()
    try:
        return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    except (OSError, EOFError) as cause:
        raise DataError(f"{path} breaks off or is no gzip file; fetch it again") from cause


def _numbers(words: list[str], path: Path, number: int) -> tuple[float, np.ndarray]:
    try:
        values = np.array(words, np.float64)
    except ValueError as cause:
        raise DataError(f"{path}, line {number}: a value is no number; repair the line") from cause
    if values.size < 2:
        raise DataError(f"{path}, line {number}: a label and pixels expected; repair the line")
    return float(values[0]), values[1:]


def _square(levels: np.ndarray, path: Path, number: int) -> Strokes:
    side = round(levels.size**0.5)
    if side * side != levels.size:
        raise DataError(f"{path}, line {number}: {levels.size} pixels make no square image")
    image = np.clip(np.rint(levels), 0, 255).astype(np.uint8)
    return np.asarray(image.reshape(side, side), np.uint8)
