"""The change-of-address form: printed by itself from what is where, filled in by hand.

The same print goes onto a raster page (a scan) and into a PDF (a vector page).
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from samples.drawing.hands import Hand
from samples.drawing.handwriting import Mask, sign, write_glyph, write_line, write_words
from samples.drawing.paper import BLACK_INK, Colour, Sheet, blank_sheet, put_ink, scan
from samples.drawing.typeset import put_box, put_rule, put_text

FORM_FILE = Path(__file__).parents[1] / "change-of-address.toml"
PAGE_MM = (210, 297)
MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Text:
    """A printed line of text; millimetres from the top left corner."""

    text: str
    left: float
    baseline: float
    size_mm: float = 3.6
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A printed horizontal rule, in millimetres."""

    left: float
    y: float
    right: float


@dataclass(frozen=True, slots=True)
class Frame:
    """A printed box, in millimetres; a comb when it has more cells than one."""

    left: float
    top: float
    width: float
    height: float
    cells: int = 1


@dataclass(frozen=True, slots=True)
class Filled:
    """What a person wrote on the form.

    Attributes:
        digits: Per field of the form, as written; empty for a field left blank.
        words: Per line of words, what is written there and at what place in millimetres.
        hand: Who wrote it.
        ink: With what.
    """

    digits: Mapping[str, str]
    words: tuple[tuple[str, float, float], ...]
    hand: Hand
    ink: Colour = BLACK_INK

    @property
    def truth(self) -> dict[str, str]:
        """Normalized value per field; the date, written month first, as ISO."""
        when = self.digits["move_date"]
        iso = f"{when[4:]}-{when[:2]}-{when[2:4]}" if when else ""
        return {**self.digits, "move_date": iso}


def frames() -> dict[str, Frame]:
    """Where the form's fields are, from its TOML file."""
    form = tomllib.loads(FORM_FILE.read_text())
    return {item["name"]: _frame(item) for item in form["field"]}


def _frame(item: Mapping[str, Any]) -> Frame:
    left, top, width, height = item["box_mm"]
    return Frame(left, top, width, height, item.get("cells", 1))


def printed() -> Iterator[Text | Rule | Frame]:
    """What the printer puts on the empty form."""
    yield Frame(15, 14, 180, 22)
    yield Text("CHANGE OF ADDRESS", 20, 27, 8, bold=True)
    yield Text("Office of Municipal Services   -   Form 12-B", 20, 33)
    yield Text("Please write with a pen, one digit in each box.", 15, 44)
    yield Rule(15, 48, 195)
    yield Text("Customer number", 15, 65, bold=True)
    yield Text("Name", 15, 80, bold=True)
    yield Rule(70, 81, 185)
    yield Text("OLD ADDRESS", 15, 94, 4.4, bold=True)
    yield Text("Street", 15, 103)
    yield Rule(40, 104, 185)
    yield Text("Town", 15, 115)
    yield Rule(40, 116, 112)
    yield Text("ZIP code", 118, 115)
    yield Text("NEW ADDRESS", 15, 144, 4.4, bold=True)
    yield Text("Street", 15, 153)
    yield Rule(40, 154, 185)
    yield Text("Town", 15, 165)
    yield Rule(40, 166, 112)
    yield Text("ZIP code", 118, 165)
    yield Text("Moving date", 15, 185, bold=True)
    for cell, letter in enumerate("MMDDYYYY"):
        yield Text(letter, 73.4 + 9 * cell, 191, 3)
    yield Text("Persons moving", 15, 203, bold=True)
    yield Text("I declare that what I have written is true.", 15, 224)
    yield Rule(15, 250, 90)
    yield Text("Signature", 15, 255, 3)
    yield from frames().values()


def draw_form(filled: Filled, dpi: float, rng: np.random.Generator) -> Sheet:
    """Draw the filled form on a clean white page, not yet scanned."""
    scale = dpi / MM_PER_INCH
    sheet = blank_sheet(round(PAGE_MM[0] * scale), round(PAGE_MM[1] * scale))
    for item in printed():
        print_item(sheet, item, scale)
    for ink, left_mm, top_mm in handwritten(filled, scale, rng):
        put_ink(sheet, ink, left_mm * scale, top_mm * scale, filled.ink, rng)
    return sheet


def scan_form(
    filled: Filled, dpi: float, rng: np.random.Generator, skew_deg: float = 0.2, noise: float = 2.5
) -> Sheet:
    """Draw the filled form and scan it."""
    return scan(draw_form(filled, dpi, rng), rng, skew_deg, noise)


def handwritten(
    filled: Filled, scale: float, rng: np.random.Generator
) -> Iterator[tuple[Mask, float, float]]:
    """What the pen left: each piece of writing with its left and top in millimetres.

    Args:
        filled: What is written.
        scale: Pixels per millimetre.
        rng: Where the differences between two digits come from.
    """
    pen_px = 0.42 * scale
    for name, frame in frames().items():
        yield from _in_frame(filled.digits[name], frame, filled.hand, scale, rng)
    for text, left_mm, baseline_mm in filled.words:
        height_mm = 4.6
        ink = write_words(text, height_mm * scale, pen_px, rng)
        yield ink, left_mm, baseline_mm - 1.7 * height_mm
    yield sign(round(50 * scale), pen_px, rng), 22.0, 229.0


def _in_frame(
    digits: str, frame: Frame, hand: Hand, scale: float, rng: np.random.Generator
) -> Iterator[tuple[Mask, float, float]]:
    """Digits in the cells of a comb, or in a row in a plain box."""
    height_mm, pen_px = 0.62 * frame.height, 0.42 * scale
    top_mm = frame.top + (frame.height - 1.8 * height_mm) / 2
    if frame.cells == 1 and digits:
        line = write_line(digits, hand, height_mm * scale, pen_px, rng)
        yield line, frame.left + 4, top_mm
    elif digits:
        pitch_mm = frame.width / frame.cells
        for cell, digit in enumerate(digits):
            ink = write_glyph(digit, hand, height_mm * scale, pen_px, rng)
            left_mm = frame.left + pitch_mm * (cell + 0.5) - ink.shape[1] / scale / 2
            yield ink, left_mm + rng.normal(0, 0.3), top_mm + rng.normal(0, 0.25)


def print_item(sheet: Sheet, item: Text | Rule | Frame, scale: float) -> None:
    """Print text, a rule or a frame; `scale` is pixels per millimetre."""
    line_px = max(2, round(0.2 * scale))
    match item:
        case Text(text, left, baseline, size_mm, bold):
            weight = 700 if bold else 400
            put_text(sheet, text, (left * scale, baseline * scale), size_mm * 1.2 * scale, weight)
        case Rule(left, y, right):
            put_rule(sheet, left * scale, y * scale, right * scale, line_px)
        case Frame(left, top, width, height, cells):
            box = (left * scale, top * scale, width * scale, height * scale)
            put_box(sheet, box, cells, line_px)
