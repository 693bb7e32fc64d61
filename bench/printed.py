"""Printed digits against handwritten ones: ``python -m bench.printed --fonts FOLDER [--n N]``.

Amounts and numbers in fonts that the shipped networks have not been trained on
(``npm install --prefix FOLDER`` after copying `fonts/package.json` there), typed and stamped, and
the same texts in the samples' handwriting: how many are read exactly, per font.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from rich.console import Console
from rich.table import Table

from bench.hard_drawing import HANDS, on_paper
from ocr.arrays import Gray
from ocr.digits.versions import champion
from ocr.forms import load_form
from ocr.read import read_fields
from ocr.readers import load_readers
from ocr.reading import FieldReading, Status
from ocr.values import only_digits
from samples.drawing.handwriting import Mask, write_line

SEED = 41
_TAIL = "-latin-400-normal.woff"  # one look of each font
_HEIGHT_PX = (22, 44)  # of a digit


@dataclass(frozen=True, eq=False, slots=True)
class Sample:
    """A crop and the text that stands in it."""

    gray: Gray
    text: str


def main() -> None:
    """Draw, read and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--fonts", type=Path, required=True, help="folder of fonts")
    parser.add_argument("--n", type=int, default=20, help="texts a font, and by hand for each")
    parser.add_argument("--pictures", type=Path, help="write the misread crops into this folder")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    fonts = sorted(options.fonts.rglob(f"*{_TAIL}"))
    if not fonts:
        sys.exit(f"no *{_TAIL} below {options.fonts}; install the fonts of bench/fonts")
    table = Table(title="Amounts read exactly, digits and cents")
    for heading in ("by", "n", "exact", "accepted", "wrong of these"):
        table.add_column(heading, justify="left" if heading == "by" else "right")
    groups = {path.name.removesuffix(_TAIL): typed(path, options.n) for path in fonts}
    groups["all stamped"] = (s for path in fonts for s in typed(path, options.n // 4, stamped=True))
    groups["by hand"] = handwritten(options.n * 4)
    printed: list[tuple[Sample, FieldReading]] = []
    for name, samples in groups.items():
        read = [(sample, _read(sample)) for sample in samples]
        table.add_row(name, *_row(read))
        printed += read if name in {path.name.removesuffix(_TAIL) for path in fonts} else []
        if options.pictures:
            _write(name, read, options.pictures)
    table.add_row("all typed", *_row(printed))
    Console(width=100).print(table)


def texts(seed: list[int], count: int) -> Iterator[tuple[str, np.random.Generator]]:
    """Amounts and plain numbers."""
    for number in range(count):
        rng = np.random.default_rng([SEED, number, *seed])
        whole = int(10 ** rng.uniform(0.7, 6.3))
        ways = (f"{whole}", f"{whole:,}", f"{whole:,}.{rng.integers(100):02}")
        yield ways[int(rng.integers(3))], rng


def typed(path: Path, count: int, *, stamped: bool = False) -> Iterator[Sample]:
    """Texts in a font; a stamp's ink is uneven, and it stands a little turned."""
    for text, rng in texts(list(path.stem.encode()), count):
        ink = lettered(text, path, rng.uniform(*_HEIGHT_PX))
        yield Sample(on_paper(_pressed(ink, rng) if stamped else ink, rng), text)


def handwritten(count: int) -> Iterator[Sample]:
    """Texts by hand."""
    for text, rng in texts([0], count):
        hand, height_px = HANDS[int(rng.integers(len(HANDS)))], rng.uniform(*_HEIGHT_PX)
        ink = write_line(text, hand, height_px, rng.uniform(0.07, 0.1) * height_px, rng)
        yield Sample(on_paper(ink, rng), text)


def lettered(text: str, path: Path, height_px: float) -> Mask:
    """A line of type, digits of that height."""
    font = ImageFont.truetype(path, round(height_px * 1.4))
    left, top, right, bottom = font.getbbox(text)
    field = Image.new("L", (int(right - left) + 12, int(bottom - top) + 12))
    ImageDraw.Draw(field).text((6 - left, 6 - top), text, fill=255, font=font)
    return np.asarray(np.asarray(field) / 255, np.float32)


def _pressed(ink: Mask, rng: np.random.Generator) -> Mask:
    """A stamp: ink lacks in places and runs in others, and the hand turns it."""
    height, width = ink.shape
    flow = cv2.resize(rng.uniform(0.45, 1.1, (3, max(2, width // 30))), (width, height))
    speckled = np.where(rng.random(ink.shape) < 0.08, 0.3, 1.0)
    pressed = cv2.GaussianBlur(ink * flow * speckled, (0, 0), 0.8)
    margin = width // 10
    padded = np.pad(pressed, margin)
    middle = (padded.shape[1] / 2, padded.shape[0] / 2)
    turn = cv2.getRotationMatrix2D(middle, rng.uniform(-3, 3), 1.0)
    turned = cv2.warpAffine(padded.astype(np.float32), turn, padded.shape[::-1])
    rows = np.flatnonzero(turned.max(axis=1) > 0.1)
    return np.clip(turned[rows[0] : rows[-1] + 1], 0, 1)


def _read(sample: Sample) -> FieldReading:
    return read_fields(sample.gray, load_form("amount"), load_readers(champion()))[0][0]


def _is_right(sample: Sample, field: FieldReading) -> bool:
    """Whether digits and cents are right."""
    cents = ("." in sample.text) == ("." in field.value)
    return cents and only_digits(field.value) == only_digits(sample.text)


def _row(read: list[tuple[Sample, FieldReading]]) -> tuple[str, ...]:
    right = [_is_right(*pair) for pair in read]
    accepted = [field.status is Status.ACCEPTED for _, field in read]
    wrong = sum(a and not r for a, r in zip(accepted, right, strict=True))
    share = f"{100 * sum(right) / max(1, len(right)):.1f} %"
    return str(len(read)), share, str(sum(accepted)), str(wrong)


def _write(name: str, read: list[tuple[Sample, FieldReading]], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, (sample, field) in enumerate(read):
        if not _is_right(sample, field):
            file = f"{name}-{number}-{sample.text}-{field.raw}.png".replace("/", "_")
            cv2.imwrite(str(folder / file), sample.gray)


if __name__ == "__main__":
    main()
