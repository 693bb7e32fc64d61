"""Empty fields with dirt in them: ``python -m bench.blanks [--n N] [--seed N] [--pictures DIR]``.

Combs, boxes, rows of boxes, cells and lines of the forms of `bench.pages`, left empty, with dust,
lint, smudges, a fold and the ghost of the other side on them; scanned, faxed and copied. Of 500 at
most 2 may be read as anything. Fields are read on their pages, and single ones as crops too.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from bench.pages.degrade import DEGRADATIONS, Picture
from bench.pages.draw import DPI, fill
from bench.pages.layout import Blank, Layout, layouts
from bench.pages.measure import form_of
from ocr.arrays import Gray
from ocr.digits.versions import champion
from ocr.forms import load_form
from ocr.read import read_fields
from ocr.readers import Readers, load_readers
from ocr.reading import FieldReading
from samples.drawing.forms import MM_PER_INCH

SEED = 11
_SEEN_BY = ("clean", "scan", "fax", "photocopy")
_SINGLE = frozenset({"box", "cell", "rule", "dotted", "free"})  # what is read as a crop too
_MARGIN_MM = 1.0  # around a field's box in a crop


@dataclass(frozen=True, eq=False, slots=True)
class Empty:
    """An empty field and what was read in it."""

    style: str
    crop: Gray
    reading: FieldReading

    @property
    def is_read(self) -> bool:
        """Whether a number was taken from it."""
        return bool(self.reading.value)


def main() -> None:
    """Draw, read and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--n", type=int, default=500, help="fields, on pages and as crops each")
    parser.add_argument("--seed", type=int, default=SEED, help="another soils other pages")
    parser.add_argument("--pictures", type=Path, help="write what was read into this folder")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    table = Table(title="Empty fields that were read as something")
    for heading in ("style", "n", "read", "accepted", "review without digits", "blank", "missing"):
        table.add_column(heading, justify="left" if heading == "style" else "right")
    for name, crops in (("on pages", False), ("crops", True)):
        fields = first_empty(options.n, load_readers(champion()), crops=crops, seed=options.seed)
        for style in sorted({field.style for field in fields}):
            table.add_row(style, *_row([field for field in fields if field.style == style]))
        table.add_row(f"all {name}", *_row(fields), end_section=True)
        if options.pictures:
            _write(fields, options.pictures / name.replace(" ", "-"))
    Console(width=120).print(table)


def first_empty(count: int, readers: Readers, *, crops: bool, seed: int = SEED) -> list[Empty]:
    """Draw and read so many empty fields, on pages or as crops."""
    return list(islice(_read_empty(readers, seed, crops=crops), count))


def _read_empty(readers: Readers, seed: int, *, crops: bool) -> Iterator[Empty]:
    """Empty fields without end, page by page."""
    number = 0
    while True:
        for layout in layouts():
            rng = np.random.default_rng([seed, number])
            seen = _seen(layout, "clean" if crops else _SEEN_BY[number % len(_SEEN_BY)], rng)
            blanks = [each for each in layout.blanks if each.style in _SINGLE or not crops]
            pieces = {blank.name: _crop(seen, blank) for blank in blanks}
            read = _as_crops(pieces, readers) if crops else _on_page(seen, layout, readers)
            for blank in blanks:
                yield Empty(blank.style, pieces[blank.name], read[blank.name])
            number += 1


def _on_page(seen: Picture, layout: Layout, readers: Readers) -> dict[str, FieldReading]:
    fields, _ = read_fields(seen.gray, form_of(layout), readers)
    return {field.field: field for field in fields}


def _as_crops(pieces: dict[str, Gray], readers: Readers) -> dict[str, FieldReading]:
    form = load_form("digits")
    return {name: read_fields(gray, form, readers)[0][0] for name, gray in pieces.items()}


def _seen(layout: Layout, degradation: str, rng: np.random.Generator) -> Picture:
    """An empty form with dirt on it, through a scanner."""
    sheet = soil(fill(layout, rng, empty_share=1.0).gray, rng)
    return DEGRADATIONS[degradation](sheet, rng)


def soil(sheet: Gray, rng: np.random.Generator) -> Gray:
    """Put dust, lint, smudges, a fold and the ghost of the other side on a sheet."""
    scale = DPI / MM_PER_INCH
    dirt = np.zeros(sheet.shape, np.float32)
    height, width = sheet.shape
    for _ in range(int(rng.integers(100, 500))):
        middle = (int(rng.integers(width)), int(rng.integers(height)))
        radius = max(1, round(scale * abs(rng.normal(0, 0.15))))
        cv2.circle(dirt, middle, radius, (rng.uniform(0.2, 0.9),), -1, cv2.LINE_AA)
    for _ in range(int(rng.integers(0, 5))):
        _put_hair(dirt, scale, rng)
    for _ in range(int(rng.integers(2, 7))):
        _put_smudge(dirt, scale, rng)
    row = int(rng.integers(height))
    dirt[row : row + 2] = np.maximum(dirt[row : row + 2], 0.12)  # a fold
    ghost = (255 - sheet[:, ::-1].astype(np.float32)) / 255 * rng.uniform(0.0, 0.07)
    dark = np.maximum(dirt, cv2.GaussianBlur(ghost, (0, 0), 0.2 * scale))
    return np.asarray(np.clip(sheet * (1 - dark), 0, 255), np.uint8)


def _put_hair(dirt: NDArray[np.float32], scale: float, rng: np.random.Generator) -> None:
    """Lint: a thin bent line of up to 3 mm; a longer one, a person would take for a 1 too."""
    steps, turn = 12, rng.normal(0, 0.25, 12).cumsum() + rng.uniform(0, 2 * np.pi)
    step = rng.uniform(0.5, 3) * scale / steps
    way = np.stack([np.cos(turn), np.sin(turn)], 1).cumsum(0) * step
    points = way + rng.uniform(0, 1, 2) * dirt.shape[::-1]
    level = (rng.uniform(0.2, 0.7),)
    cv2.polylines(dirt, [np.rint(points * 8).astype(np.int32)], False, level, 1, cv2.LINE_AA, 3)


def _put_smudge(dirt: NDArray[np.float32], scale: float, rng: np.random.Generator) -> None:
    """A soft spot of 2 to 10 mm."""
    size = round(rng.uniform(2, 10) * scale)
    y, x = (int(rng.integers(limit - size)) for limit in dirt.shape)
    spot = cv2.GaussianBlur(rng.random((size, size)).astype(np.float32), (0, 0), size / 8)
    spot = (spot - spot.min()) / np.ptp(spot) * rng.uniform(0.05, 0.25)
    edge = np.hanning(size).astype(np.float32)
    dirt[y : y + size, x : x + size] = np.maximum(
        dirt[y : y + size, x : x + size], spot * edge[:, None] * edge[None]
    )


def _crop(seen: Picture, blank: Blank) -> Gray:
    """The field's box in the picture, a little larger."""
    scale, matrix = DPI / MM_PER_INCH, seen.matrix
    left, top, wide, tall = blank.box
    corners = np.array(
        [(left, top), (left + wide, top), (left, top + tall), (left + wide, top + tall)]
    )
    places = cv2.perspectiveTransform((corners * scale)[None].astype(np.float64), matrix)[0]
    margin = _MARGIN_MM * scale
    (x, y), (right, bottom) = places.min(0) - margin, places.max(0) + margin
    return np.ascontiguousarray(
        seen.gray[max(0, round(y)) : round(bottom), max(0, round(x)) : round(right)]
    )


def _row(fields: Sequence[Empty]) -> tuple[str, ...]:
    status = Counter(str(field.reading.status) for field in fields)
    read = sum(field.is_read for field in fields)
    silent = status["review"] + status["accepted"] - read
    counts = (len(fields), read, status["accepted"], silent, status["blank"], status["missing"])
    return tuple(map(str, counts))


def _write(fields: Sequence[Empty], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, field in enumerate(fields):
        if field.is_read or field.reading.reason:
            name = f"{number:04}-{field.style}-{field.reading.raw.replace('/', '_')}.png"
            cv2.imwrite(str(folder / name), field.crop)


if __name__ == "__main__":
    main()
