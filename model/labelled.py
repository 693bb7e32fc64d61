"""Labelled fields: a folder of field images and a CSV file that says what each reads.

So an operator's corrections come: columns `file` and `value`, and `document` if several fields
are of one document, which then stay together.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from model.checks import require_sound
from model.dataset import SUFFIXES
from model.findings import Finding
from ocr.arrays import Gray
from ocr.errors import DataError, DocumentError
from ocr.line.labels import LABELS, OTHER
from ocr.pages import load_page
from ocr.values import only_digits

_SIGNS = frozenset(LABELS) - {OTHER}


@dataclass(frozen=True, slots=True, eq=False)
class LabelledField:
    """One field and what it says.

    Attributes:
        file: Name of its image.
        document: What it is from; the file's own name if the labels do not tell.
        text: Digits and marks as written, without blanks.
        gray: (H, W) scan of the field.
    """

    file: str
    document: str
    text: str
    gray: Gray

    @property
    def digits(self) -> str:
        """The digits alone."""
        return only_digits(self.text)


def read_labelled(images: Path, labels: Path, fewest: int) -> list[LabelledField]:
    """Read labelled fields, sorted by file name.

    Args:
        images: Folder of field images.
        labels: CSV file with the columns `file` and `value`, perhaps `document`.
        fewest: Fields that it must have.

    Raises:
        DataError: Too few fields; a file that cannot be read; labels and images that do not
            belong together; all mistakes of a kind in one message.
    """
    rows = _read_rows(labels)
    if not images.is_dir():
        raise DataError(f"no folder of images at {images}; give it as --images")
    present = {p.name for p in images.iterdir() if p.suffix.lower() in SUFFIXES}
    require_sound(_mistakes(rows, present))
    if len(rows) < fewest:
        raise DataError(
            f"{labels} labels {len(rows)} fields, {fewest} are the fewest to learn from; label more"
        )
    grays = {row["file"]: _load(images / row["file"]) for row in rows}
    unreadable = [file for file, gray in grays.items() if gray is None]
    require_sound(_found("unreadable_image", unreadable, "remove or replace them"))
    return [
        LabelledField(row["file"], row.get("document") or row["file"], _text(row), gray)
        for row in sorted(rows, key=lambda row: row["file"])
        if (gray := grays[row["file"]]) is not None
    ]


def _read_rows(labels: Path) -> list[dict[str, str]]:
    try:
        with labels.open(newline="", encoding="utf-8-sig") as stream:
            table = csv.DictReader(stream, restval="")
            rows = list(table)
    except (OSError, UnicodeDecodeError, csv.Error) as cause:
        raise DataError(
            f"{labels} cannot be read ({cause}); give a CSV file in UTF-8 as --labels"
        ) from cause
    columns = table.fieldnames or []
    if not {"file", "value"} <= set(columns):
        raise DataError(
            f"{labels} has the columns {', '.join(columns) or 'of an empty file'}; "
            "file and value are needed, document is possible"
        )
    return rows


def _mistakes(rows: list[dict[str, str]], present: set[str]) -> Iterator[Finding]:
    counts = Counter(row["file"] for row in rows)
    twice = [file for file, count in counts.items() if count > 1]
    yield from _found("labelled_twice", twice, "keep one row of each")
    gone = [file for file in counts if file not in present]
    yield from _found("label_without_image", gone, "add the images or remove the rows")
    unlabelled = sorted(present - set(counts))
    yield from _found("image_without_label", unlabelled, "label them or move them away")
    empty = [row["file"] for row in rows if not any(sign.isdigit() for sign in row["value"])]
    yield from _found("empty_label", empty, "say what they read or remove the rows")
    strange = [row["file"] for row in rows if set(_text(row)) - _SIGNS]
    signs = " ".join(sorted(_SIGNS - set("0123456789")))
    yield from _found("unknown_sign", strange, f"label only digits and the marks {signs}")


def _found(code: str, files: list[str], remedy: str) -> Iterator[Finding]:
    if files:
        yield Finding(code, f"{len(files)} files, first {files[0]}; {remedy}", fatal=True)


def _text(row: dict[str, str]) -> str:
    return "".join(row["value"].split())


def _load(path: Path) -> Gray | None:
    try:
        return load_page(path, 1).gray
    except DocumentError:
        return None
