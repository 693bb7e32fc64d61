"""Drawing a filled form: print, handwriting, and the truth about both."""

from dataclasses import dataclass
from string import ascii_lowercase

import cv2
import numpy as np

from bench.pages.layout import PAGE_MM, Blank, BoxMm, Layout, Words
from ocr.arrays import Gray
from samples.drawing.forms import MM_PER_INCH, Frame, Rule, print_item
from samples.drawing.hands import CLOSED, LOOPED, ROUND, UPRIGHT, WIDE, Hand
from samples.drawing.handwriting import write_glyph, write_line, write_words
from samples.drawing.paper import BLACK_INK, BLUE_INK, Colour, Sheet, blank_sheet, put_ink
from samples.drawing.typeset import BLACK

HANDS = (CLOSED, LOOPED, ROUND, UPRIGHT, WIDE)
DPI = 200  # the least that is asked of scans; half as many pixels as at 300 dpi
_EMPTY = 0.06  # share of fields that are left empty


@dataclass(frozen=True, eq=False, slots=True)
class FilledForm:
    """A filled form before it is scanned.

    Attributes:
        layout: What was filled in.
        gray: (H, W) the sheet, clean and straight.
        values: Digits by field name; empty for a field left blank.
    """

    layout: Layout
    gray: Gray
    values: dict[str, str]


def fill(layout: Layout, rng: np.random.Generator, empty_share: float = _EMPTY) -> FilledForm:
    """Print a form and fill it in by one hand, but for a share of the fields that stays empty."""
    scale = DPI / MM_PER_INCH
    sheet = blank_sheet(round(PAGE_MM[0] * scale), round(PAGE_MM[1] * scale))
    for item in layout.printed:
        print_item(sheet, item, scale)
    hand = HANDS[rng.integers(len(HANDS))]
    colour = (BLACK_INK, BLUE_INK)[rng.integers(2)]
    values = {}
    for blank in layout.blanks:
        _print_blank(sheet, blank, scale)
        values[blank.name] = _value(blank, rng, empty_share)
    for blank in layout.blanks:
        _write(sheet, blank, values[blank.name], hand, colour, scale, rng)
    for words in layout.words:
        _write_words(sheet, words, colour, scale, rng)
    gray = np.asarray(cv2.cvtColor(sheet, cv2.COLOR_RGB2GRAY), np.uint8)
    return FilledForm(layout, gray, values)


def _value(blank: Blank, rng: np.random.Generator, empty_share: float) -> str:
    if rng.random() < empty_share:
        return ""
    length = int(rng.integers(blank.digits[0], blank.digits[1] + 1))
    return "".join(str(digit) for digit in rng.integers(0, 10, length))


# --- print ----------------------------------------------------------------------------------------


def _print_blank(sheet: Sheet, blank: Blank, scale: float) -> None:
    left, top, width, height = blank.box
    match blank.style:
        case "comb" | "box" | "cell":
            print_item(sheet, Frame(*blank.box, blank.cells), scale)
        case "boxes":
            for cell in blank.cell_boxes:
                print_item(sheet, Frame(*cell), scale)
        case "ticks":
            print_item(sheet, Rule(left, top + height, left + width), scale)
            for k in range(blank.cells + 1):
                x = left + k * width / blank.cells
                _print_down(sheet, x, top + 0.45 * height, top + height, scale)
        case "rule":
            print_item(sheet, Rule(left, top + height, left + width), scale)
        case "dotted":
            _print_dots(sheet, (left, top + height), (left + width, top + height), scale)
        case "dotted_comb":
            _print_dotted_comb(sheet, blank, scale)
        case "free":
            pass


def _print_down(sheet: Sheet, x: float, top: float, bottom: float, scale: float) -> None:
    start, end = (round(x * scale), round(top * scale)), (round(x * scale), round(bottom * scale))
    cv2.line(sheet, start, end, BLACK, max(1, round(0.2 * scale)))


def _print_dotted_comb(sheet: Sheet, blank: Blank, scale: float) -> None:
    left, top, width, height = blank.box
    for y in (top, top + height):
        _print_dots(sheet, (left, y), (left + width, y), scale)
    for k in range(blank.cells + 1):
        x = left + k * width / blank.cells
        _print_dots(sheet, (x, top), (x, top + height), scale)


def _print_dots(
    sheet: Sheet, start: tuple[float, float], end: tuple[float, float], scale: float
) -> None:
    """A dotted line between two points in millimetres: a dot of 0.4 mm about every 1.0 mm."""
    length = float(np.hypot(end[0] - start[0], end[1] - start[1]))
    for share in np.linspace(0, 1, round(length) + 1):
        x, y = (a + share * (b - a) for a, b in zip(start, end, strict=True))
        cv2.circle(
            sheet, (round(x * scale * 8), round(y * scale * 8)), round(1.6 * scale), BLACK, -1,
            cv2.LINE_AA, 3,
        )  # fmt: skip


# --- handwriting ----------------------------------------------------------------------------------


def _write(
    sheet: Sheet,
    blank: Blank,
    digits: str,
    hand: Hand,
    colour: Colour,
    scale: float,
    rng: np.random.Generator,
) -> None:
    """Digits into the cells from the left, or in a row."""
    pen_px = float(rng.uniform(0.3, 0.5)) * scale
    if not digits:
        return
    if blank.cells > 1:
        for cell, digit in zip(blank.cell_boxes, digits, strict=False):
            height = 0.62 * min(cell[3], 1.5 * cell[2]) * scale
            ink = write_glyph(digit, hand, height, pen_px, rng)
            left = (cell[0] + cell[2] / 2) * scale - ink.shape[1] / 2 + rng.normal(0, 0.2) * scale
            put_ink(sheet, ink, left, _top(cell, ink.shape[0], scale, rng), colour, rng)
        return
    left, _, width, height = blank.box
    tall = min(0.6 * height, 6.0) * scale
    ink = write_line(digits, hand, tall, pen_px, rng)
    shrink = min(1.0, 0.92 * width * scale / ink.shape[1])
    if shrink < 1.0:
        ink = write_line(digits, hand, shrink * tall, pen_px, rng)
    room = max(0.0, width * scale - ink.shape[1])
    x = left * scale + room * float(rng.uniform(0.1, 0.6))
    put_ink(sheet, ink, x, _top(blank.box, ink.shape[0], scale, rng), colour, rng)


def _top(box: BoxMm, ink_px: int, scale: float, rng: np.random.Generator) -> float:
    """Where writing begins that stands about the middle of a box."""
    return (box[1] + box[3] / 2 + float(rng.normal(0, 0.25))) * scale - 0.47 * ink_px


def _write_words(
    sheet: Sheet, words: Words, colour: Colour, scale: float, rng: np.random.Generator
) -> None:
    letters = "".join(rng.choice(list(ascii_lowercase + "    "), words.length)).strip()
    height = words.height * scale
    ink = write_words(letters.title(), height, 0.4 * scale, rng)
    ink = ink[:, : round((PAGE_MM[0] - words.left - 12) * scale)]
    put_ink(sheet, ink, words.left * scale, words.baseline * scale - 1.7 * height, colour, rng)
