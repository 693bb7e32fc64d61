"""The labelled sets beside the project: which images, which form, what is true."""

import csv
import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ocr.arrays import Gray

DATA = Path(__file__).parents[2] / "shared" / "data"
SEED = 7
_DISPUTED = Path(__file__).parent / "disputed"

LabelRow = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Target:
    """A field of a set that is scored.

    Attributes:
        field: The export's field name.
        truth: The expected value, from a row of the set's ``labels.csv``.
        compare: How `score.py` compares values.
        peer_truth: The digits that a plain text recognizer should find; all are compared as digits.
        crop: Left, top, right, bottom of the field, for the peer; the whole image if None.
    """

    field: str
    truth: Callable[[LabelRow], str]
    compare: str
    peer_truth: Callable[[LabelRow], str]
    crop: Callable[[LabelRow], tuple[float, ...]] | None = None


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """Images of one source, read with one form."""

    name: str
    folder: str
    form: str
    targets: tuple[Target, ...]


def _column(name: str) -> Callable[[LabelRow], str]:
    return lambda row: row[name]


def _iso_date(row: LabelRow) -> str:
    digits = row["date_ddmmyyyy"]
    return f"{digits[4:]}-{digits[2:4]}-{digits[:2]}" if digits else ""


def _box(field: str) -> Callable[[LabelRow], tuple[float, ...]]:
    sides = [f"{field}_{side}" for side in ("x1", "y1", "x2", "y2")]
    return lambda row: tuple(float(row[side]) for side in sides)


SETS = (
    EvaluationSet(
        "orand-car-a",
        "strings/orand-car-a",
        "amount",
        (Target("amount", _column("digits"), "digits", _column("digits")),),
    ),
    EvaluationSet(
        "clinic-cells",
        "strings/clinic-cells",
        "digits",
        (Target("digits", _column("value"), "digits", _column("value")),),
    ),
    EvaluationSet(
        "checks",
        "checks",
        "check",
        (
            Target(
                "amount",
                _column("amount_digits"),
                "digits",
                _column("amount_digits"),
                _box("amount"),
            ),
            Target("date", _iso_date, "text", _column("date_ddmmyyyy"), _box("date")),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Selection:
    """The part of a set that one measurement reads.

    Attributes:
        images: Folder with exactly the images to read.
        rows: Their rows of ``labels.csv``.
    """

    images: Path
    rows: tuple[LabelRow, ...]


def select(chosen: EvaluationSet, limit: int | None, scratch: Path) -> Selection:
    """Take a whole set, or a seeded sample of it copied into a scratch folder."""
    folder = DATA / chosen.folder
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if limit is None or limit >= len(rows):
        return Selection(folder / "images", tuple(rows))
    rows = sorted(random.Random(SEED).sample(rows, limit), key=lambda row: row["file"])
    sample = scratch / f"{chosen.name}-images"
    sample.mkdir()
    for row in rows:
        shutil.copy(folder / "images" / row["file"], sample)
    return Selection(sample, tuple(rows))


def without_disputed(rows: tuple[LabelRow, ...], name: str) -> tuple[LabelRow, ...]:
    """The rows but those whose label is plainly not what stands in the image.

    ``bench/disputed/<set>.csv`` names them, with what stands there and why; it was made by looking
    at misread fields, so a wrong label that was read as labelled is not on it.
    """
    path = _DISPUTED / f"{name}.csv"
    if not path.is_file():
        return rows
    with path.open(newline="", encoding="utf-8") as file:
        disputed = {row["file"] for row in csv.DictReader(file)}
    return tuple(row for row in rows if row["file"] not in disputed)


def write_labels(path: Path, rows: tuple[LabelRow, ...], truth: Callable[[LabelRow], str]) -> None:
    """Write what `score.py` reads: the file and its value."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerows([("file", "value"), *((row["file"], truth(row)) for row in rows)])


def crops(selection: Selection, target: Target) -> Iterator[tuple[str, Gray]]:
    """File and crop of every field that has a truth, as the peer gets it: in colour, box given."""
    for row in selection.rows:
        if not target.peer_truth(row):
            continue
        image = cv2.imread(str(selection.images / row["file"]), cv2.IMREAD_COLOR)
        if image is None:
            raise SystemExit(f"{row['file']} of {selection.images} does not decode")
        page = np.asarray(image, np.uint8)
        if target.crop is not None:
            left, top, right, bottom = (max(0, round(side)) for side in target.crop(row))
            page = page[top:bottom, left:right]
        yield row["file"], page
