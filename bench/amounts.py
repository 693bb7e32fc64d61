"""Amounts in every way of writing them: ``python -m bench.amounts [--each N] [--pictures FOLDER]``.

Cents stand behind a point, a comma or a dash, raised, underlined, over a bar or before a slash;
whole units are grouped the US, the European or the Indian way. Per way: how many values are right,
and how many are accepted though they are wrong.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from bench.hard_drawing import HANDS, on_paper
from ocr.arrays import Gray
from ocr.digits.versions import champion
from ocr.forms import load_form
from ocr.read import read_fields
from ocr.readers import load_readers
from ocr.reading import FieldReading, Status
from samples.drawing.hands import Hand
from samples.drawing.handwriting import Mask, write_line, write_words

SEED = 31
_NO_CENTS = ("xx", "no")  # what stands in the place of cents


@dataclass(frozen=True, eq=False, slots=True)
class WrittenAmount:
    """A crop and the amount that stands in it."""

    gray: Gray
    value: str


@dataclass(frozen=True, slots=True)
class _Pen:
    """Who writes one amount, and how large."""

    hand: Hand
    height_px: float
    pen_px: float
    rng: np.random.Generator

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> "_Pen":
        hand = HANDS[int(rng.integers(len(HANDS)))]
        return cls(hand, rng.uniform(40, 54), rng.uniform(2.8, 4.2), rng)

    def line(self, text: str, size: float = 1.0) -> Mask:
        """Writing on one line, at a share of the usual size."""
        pen_px = self.pen_px * max(size, 0.8)
        return write_line(text, self.hand, self.height_px * size, pen_px, self.rng)


def _plain(text: Callable[[int, str], str]) -> Callable[[int, str, _Pen], Mask]:
    return lambda whole, cents, pen: pen.line(text(whole, cents))


def _indian(whole: int) -> str:
    head, tail = divmod(whole, 1000)
    pairs = f"{head:,}" if head < 100 else f"{head // 100},{head % 100:02}"
    return f"{pairs},{tail:03}" if head else str(tail)


def _inline(whole: int, cents: str, pen: _Pen) -> Mask:
    """``1,234 50/100``, the fraction smaller and raised."""
    return _with_small(whole, f"{cents}/100", pen)


def _raised(whole: int, cents: str, pen: _Pen) -> Mask:
    return _with_small(whole, cents, pen)


def _with_small(whole: int, text: str, pen: _Pen) -> Mask:
    """Whole units and small writing behind, its top at theirs."""
    size = pen.rng.uniform(0.45, 0.62)
    top = 0.4 * (1 - size) + pen.rng.uniform(-0.15, 0.05)
    return _beside(pen.line(f"{whole:,}"), pen.line(text, size), round(top * pen.height_px))


def _stacked(whole: int, cents: str, pen: _Pen) -> Mask:
    """Cents over a bar over a hundred, or over ``xx``."""
    return _over_a_bar(whole, cents, "100" if pen.rng.random() < 0.6 else "xx", pen)


def _underlined(whole: int, cents: str, pen: _Pen) -> Mask:
    return _over_a_bar(whole, cents, "", pen)


def _no_cents(whole: int, _: str, pen: _Pen) -> Mask:
    return _over_a_bar(whole, str(pen.rng.choice(_NO_CENTS)), "100", pen)


def _over_a_bar(whole: int, upper: str, lower: str, pen: _Pen) -> Mask:
    """Small writing above a bar, and below it, behind the whole units."""
    units, height = pen.line(f"{whole:,}"), pen.height_px
    parts = [_small(pen, text, pen.rng.uniform(0.4, 0.52)) for text in (upper, lower) if text]
    wide = max(part.shape[1] for part in parts) + 8
    bar_row = round((0.4 + pen.rng.uniform(0.5, 0.6)) * height)
    bar = np.zeros((units.shape[0], wide), np.uint8)
    end = (wide - 2, bar_row + round(pen.rng.normal(0, 0.03) * wide))
    cv2.line(bar, (1, bar_row), end, (255,), max(2, round(0.8 * pen.pen_px)), cv2.LINE_AA)
    field = np.asarray(bar / 255, np.float32)
    apart = round(0.12 * height)
    tops = (bar_row - apart - parts[0].shape[0], bar_row + apart)
    for part, top in zip(parts, tops, strict=False):
        place = field[max(0, top) : top + part.shape[0], 4 : 4 + part.shape[1]]
        np.maximum(place, part[-place.shape[0] :] if top < 0 else part[: len(place)], out=place)
    return _beside(units, field, 0)


def _small(pen: _Pen, text: str, size: float) -> Mask:
    """Small writing, cut tightly."""
    if text.isdigit():
        ink = pen.line(text, size)
    else:
        ink = write_words(text, pen.height_px * size, pen.pen_px, pen.rng)
    (top, left), (bottom, right) = (f(np.argwhere(ink > 0.3), axis=0) for f in (np.min, np.max))
    return ink[top : bottom + 1, left : right + 1]


def _beside(left: Mask, right: Mask, top: int, gap: int = 6) -> Mask:
    """Two pieces side by side, the right one's top at a row."""
    cut, top = max(0, -top), max(0, top)
    right = right[cut : cut + left.shape[0] - top]
    field = np.zeros((left.shape[0], left.shape[1] + gap + right.shape[1]), np.float32)
    field[:, : left.shape[1]] = left
    field[top : top + right.shape[0], left.shape[1] + gap :] = right
    return field


WAYS: Mapping[str, tuple[bool, Callable[[int, str, _Pen], Mask]]] = {  # has cents, how written
    "1234": (False, _plain(lambda whole, _: str(whole))),
    "1,234": (False, _plain(lambda whole, _: f"{whole:,}")),
    "1.234.-": (False, _plain(lambda whole, _: f"{whole:,}.-".replace(",", "."))),
    "1,23,456/-": (False, _plain(lambda whole, _: f"{_indian(whole)}/-")),
    "1,234.50": (True, _plain(lambda whole, cents: f"{whole:,}.{cents}")),
    "1.234,50": (True, _plain(lambda w, cents: f"{w:,}".replace(",", ".") + f",{cents}")),
    "1,234-50": (True, _plain(lambda whole, cents: f"{whole:,}-{cents}")),
    "1,234 50/100": (True, _inline),
    "50 over 100": (True, _stacked),
    "50 underlined": (True, _underlined),
    "50 raised": (True, _raised),
    "xx over 100": (False, _no_cents),
}


def written_amounts(way: str, count: int) -> Iterator[WrittenAmount]:
    """Draw so many amounts written in one way."""
    has_cents, write = WAYS[way]
    for number in range(count):
        rng = np.random.default_rng([SEED, number, *way.encode()])
        whole = int(10 ** rng.uniform(0.7, 6.3))
        cents = f"{rng.integers(100):02}"
        ink = write(whole, cents, _Pen.drawn(rng))
        yield WrittenAmount(on_paper(ink, rng), f"{whole}.{cents}" if has_cents else str(whole))


def is_right(field: FieldReading, amount: WrittenAmount) -> bool:
    """Whether the value is the amount as a number."""
    return bool(field.value) and Decimal(field.value) == Decimal(amount.value)


def main() -> None:
    """Draw, read and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--each", type=int, default=50, help="amounts of each way")
    parser.add_argument("--pictures", type=Path, help="write the misread crops into this folder")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    readers, form = load_readers(champion()), load_form("amount")
    table = Table(title="Drawn amounts; another worth: wrong by a factor of 100")
    for heading in ("way", "n", "right", "another worth", "accepted", "wrong of these"):
        table.add_column(heading, justify="left" if heading == "way" else "right")
    for way in WAYS:
        amounts = list(written_amounts(way, options.each))
        fields = [read_fields(amount.gray, form, readers)[0][0] for amount in amounts]
        table.add_row(way, *map(str, _row(amounts, fields)))
        if options.pictures:
            _write(way, amounts, fields, options.pictures)
    Console(width=120).print(table)


def _row(amounts: list[WrittenAmount], fields: list[FieldReading]) -> list[int]:
    pairs = list(zip(fields, amounts, strict=True))
    right = [is_right(*pair) for pair in pairs]
    factor = [
        bool(f.value) and Decimal(f.value) in {Decimal(a.value) * 100, Decimal(a.value) / 100}
        for f, a in pairs
    ]
    accepted = [field.status is Status.ACCEPTED for field in fields]
    wrong = sum(a and not r for a, r in zip(accepted, right, strict=True))
    return [len(pairs), sum(right), sum(factor), sum(accepted), wrong]


def _write(
    way: str, amounts: list[WrittenAmount], fields: list[FieldReading], folder: Path
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, (amount, field) in enumerate(zip(amounts, fields, strict=True)):
        if not is_right(field, amount):
            name = f"{way}-{number}-{amount.value}-{field.raw}-{field.reason}.png"
            cv2.imwrite(str(folder / name.replace("/", "_")), amount.gray)


if __name__ == "__main__":
    main()
