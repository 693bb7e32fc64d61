"""Forms of three layouts, filled in, then shifted, stretched, turned and copied: with truth."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray
from ocr.forms import Form, FormField, Mark
from samples.drawing.hands import CLOSED, LOOPED, ROUND, UPRIGHT, WIDE
from samples.drawing.handwriting import write_glyph
from samples.drawing.paper import BLACK_INK, BLUE_INK, Sheet, blank_sheet, put_ink
from samples.drawing.typeset import BLACK, put_box, put_rule, put_text

PAGE_MM = (210.0, 297.0)
DPI = 150
_PX_PER_MM = DPI / 25.4
_HANDS = (ROUND, CLOSED, UPRIGHT, LOOPED, WIDE)

MARKS = (
    Mark(shape="square", at_mm=(10.0, 10.0), size_mm=5.0),
    Mark(shape="circle", at_mm=(200.0, 10.0), size_mm=5.0),
    Mark(shape="cross", at_mm=(10.0, 287.0), size_mm=5.0),
    Mark(shape="square", at_mm=(200.0, 287.0), size_mm=5.0),
)


@dataclass(frozen=True, slots=True, eq=False)
class Degraded:
    """A degraded page.

    Attributes:
        gray: The page, still to be made upright.
        to_px: (2, 3) pixels of `gray` from millimetres of the form.
    """

    gray: Gray
    to_px: NDArray[np.float64]


def _comb(name: str, left: float, top: float, cells: int, pitch: float, tall: float) -> FormField:
    box = (left, top, pitch * cells, tall)
    return FormField(name=name, type="digits", cells=cells, box_mm=box)


def _box(name: str, left: float, top: float, width: float, height: float) -> FormField:
    return FormField(name=name, type="digits", box_mm=(left, top, width, height))


def layouts() -> tuple[Form, ...]:
    """Combs here and there; a dense sheet of combs and boxes; few fields far apart."""
    spread = (
        _comb("account", 62.0, 55.0, 10, 7.0, 9.0),
        _comb("old_code", 130.0, 92.5, 5, 8.0, 8.5),
        _comb("new_code", 130.0, 140.0, 5, 8.0, 8.5),
        _comb("day", 62.0, 176.0, 8, 6.5, 8.0),
        _box("count", 62.0, 200.0, 24.0, 10.0),
        _box("amount", 120.0, 232.0, 60.0, 12.0),
    )
    combs = (
        _comb(f"row_{k}", 25.0 + 90.0 * (k % 2), 45.0 + 19.0 * (k // 2), 3 + k % 5, 6.2, 7.4)
        for k in range(20)
    )
    dense = (*combs, _box("total", 115.0, 252.0, 50.0, 11.0))
    few = (
        _comb("number", 120.0, 28.0, 7, 7.5, 9.0),
        _comb("code", 30.0, 250.0, 6, 7.0, 8.0),
        _box("sum", 130.0, 248.0, 45.0, 11.0),
    )
    named = (("spread", spread), ("dense", dense), ("few", few))
    return tuple(Form(name=name, page_mm=PAGE_MM, field=fields) for name, fields in named)


def draw(
    form: Form, rng: np.random.Generator, marks: Sequence[Mark] = (), fill: bool = True
) -> Sheet:
    """Draw a form with its labels, filled in unless it is to stay blank."""
    scale = _PX_PER_MM
    sheet = blank_sheet(round(PAGE_MM[0] * scale), round(PAGE_MM[1] * scale))
    put_text(sheet, f"{form.name.upper()} FORM", (25 * scale, 24 * scale), 8 * scale, 700)
    put_rule(sheet, 20 * scale, 36 * scale, 190 * scale, 2)
    for field in form.fields:
        left, top, width, height = (side * scale for side in field.box_mm or ())
        put_text(sheet, field.name.replace("_", " "), (left, top - 1.2 * scale), 3.6 * scale)
        put_box(sheet, (left, top, width, height), field.cells or 1, 2)
        if fill and rng.random() < 0.85:
            _fill(sheet, field, rng)
    for mark in marks:
        _print_mark(sheet, mark)
    return sheet


def _fill(sheet: Sheet, field: FormField, rng: np.random.Generator) -> None:
    left, top, width, height = (side * _PX_PER_MM for side in field.box_mm or ())
    cells = field.cells or 4
    hand = _HANDS[rng.integers(len(_HANDS))]
    colour = BLUE_INK if rng.random() < 0.5 else BLACK_INK
    for place in range(cells):
        tall = 0.6 * height * rng.uniform(0.85, 1.15)
        ink = write_glyph(str(rng.integers(10)), hand, tall, 2.4, rng)
        x = left + width / cells * (place + 0.5) - ink.shape[1] / 2 + rng.normal(0, 2)
        put_ink(sheet, ink, x, top + height / 2 - 0.9 * tall + rng.normal(0, 2), colour, rng)


def _print_mark(sheet: Sheet, mark: Mark) -> None:
    x, y = (round(at * _PX_PER_MM) for at in mark.at_mm)
    half = round(mark.size_mm * _PX_PER_MM / 2)
    if mark.shape == "square":
        cv2.rectangle(sheet, (x - half, y - half), (x + half, y + half), BLACK, cv2.FILLED)
    elif mark.shape == "circle":
        cv2.circle(sheet, (x, y), half, BLACK, cv2.FILLED)
    else:
        cv2.line(sheet, (x - half, y), (x + half, y), BLACK, 3)
        cv2.line(sheet, (x, y - half), (x, y + half), BLACK, 3)


def degrade(
    sheet: Sheet,
    rng: np.random.Generator,
    *,
    photocopy: bool = False,
    stretch: float | None = None,
    cut_px: int = 0,
) -> Degraded:
    """Print a form at another scale, lay it askew on the glass, copy it perhaps, scan it.

    Args:
        sheet: The drawn form.
        rng: Where chance comes from.
        photocopy: Black and white with specks, thin lines broken, the outer 12 mm lost.
        stretch: Print scale; by chance within 3 % if None.
        cut_px: Rows lost at the foot of the page.
    """
    height, width = sheet.shape[:2]
    scale = stretch if stretch is not None else rng.uniform(0.97, 1.03)
    middle = (width / 2, height / 2)
    turn = np.asarray(cv2.getRotationMatrix2D(middle, rng.uniform(-2.5, 2.5), scale), np.float64)
    turn[0, :2] *= 1 + rng.normal(0, 0.002)  # the scanner's feed
    turn[:, 2] += rng.uniform(-5, 5, 2) * _PX_PER_MM
    gray = cv2.cvtColor(sheet, cv2.COLOR_RGB2GRAY)
    seen = cv2.warpAffine(gray, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(245,))
    blurred = cv2.GaussianBlur(seen, (0, 0), rng.uniform(0.5, 1.0))
    noisy = np.asarray(blurred + rng.normal(0, rng.uniform(2, 9), seen.shape), np.float32)
    if photocopy:
        noisy = _photocopied(noisy, rng)
    page = np.clip(noisy, 0, 255).astype(np.uint8)[: height - cut_px]
    to_px = turn @ np.diag([_PX_PER_MM, _PX_PER_MM, 1.0])
    return Degraded(np.ascontiguousarray(page), to_px)


def _photocopied(page: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    limit = rng.uniform(105, 170)
    copy = np.where(page > limit, 255.0, 0.0).astype(np.float32)
    for _ in range(250):
        centre = (int(rng.integers(page.shape[1])), int(rng.integers(page.shape[0])))
        cv2.circle(copy, centre, int(rng.integers(0, 3)), (float(rng.choice([0, 255])),), -1)
    edge = round(12 * _PX_PER_MM)
    copy[:edge], copy[-edge:], copy[:, :edge], copy[:, -edge:] = 255, 255, 255, 255
    return copy
