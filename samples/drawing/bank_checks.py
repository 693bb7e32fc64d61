"""Checks of any layout, filled in at random, with their truth: for tests and `bench.checks`."""

from dataclasses import dataclass
from datetime import date, timedelta

import cv2
import numpy as np

from ocr.geometry import Box
from samples.drawing.check_layout import BoxMm, CheckLayout, Text
from samples.drawing.check_texts import amount_of, day_of, micr_line, micr_number
from samples.drawing.hands import CLOSED, LOOPED, ROUND, UPRIGHT, WIDE, Hand
from samples.drawing.handwriting import Mask, sign, write_glyph, write_line, write_words
from samples.drawing.paper import (
    BLACK_INK,
    BLUE_INK,
    Colour,
    Sheet,
    blank_sheet,
    guilloche,
    put_ink,
    rosette,
    scan,
)
from samples.drawing.typeset import put_box, put_micr, put_rule, put_text

_DPI = 300
_PX_PER_MM = _DPI / 25.4
_HANDS = (ROUND, CLOSED, UPRIGHT, LOOPED, WIDE)
_PAPERS: tuple[tuple[Colour, Colour], ...] = (
    ((236, 243, 250), (208, 222, 238)),
    ((226, 243, 230), (196, 224, 204)),
    ((250, 244, 228), (232, 220, 190)),
    ((252, 252, 250), (236, 236, 232)),
    ((246, 230, 234), (230, 200, 210)),
    ((206, 224, 244), (168, 198, 232)),
)
_STAMPS: tuple[Colour, ...] = ((190, 40, 50), (70, 60, 160), (40, 110, 70))
_COMB_ORDERS = {"DMY": "%d%m%Y", "YMD": "%Y%m%d"}
_TINT = 0.82  # of the paper's brightness, under an amount
_TIGHT_PX = 2  # paper around the ink in the box of free writing


@dataclass(frozen=True, eq=False, slots=True)
class DrawnCheck:
    """A check and its truth.

    Attributes:
        picture: RGB, as scanned.
        amount: Value expected.
        date: Value expected.
        micr: The MICR line, and the check number in it; empty if there is none.
        number: That number.
        amount_box: Its frame; of free writing the box of the ink.
        date_box: Its comb or frame; of free writing the box of the ink.
    """

    picture: Sheet
    amount: str
    date: str
    micr: str
    number: str
    amount_box: Box
    date_box: Box


@dataclass(frozen=True, slots=True)
class _Writer:
    hand: Hand
    ink: Colour
    pen_px: float
    rng: np.random.Generator


def draw_bank_check(
    layout: CheckLayout, rng: np.random.Generator, dpi: int = 200, spoiled: float = 0.25
) -> DrawnCheck:
    """Draw, fill in and scan a check.

    Args:
        layout: What is printed where.
        rng: Where paper, values, hand and scanner come from.
        dpi: Resolution of the scan.
        spoiled: Chance of a stamp, and of a signature, that runs through a field.
    """
    paper, pattern = _PAPERS[rng.integers(len(_PAPERS))]
    width_mm, height_mm = layout.size_mm
    sheet = blank_sheet(_px(width_mm), _px(height_mm), paper)
    _background(sheet, pattern, rng)
    number = str(rng.integers(101, 9999)) if layout.country != "IN" else f"{rng.integers(10**6):06}"
    line = micr_line(layout.country, number)
    _print(sheet, layout, number, line)
    writer = _Writer(
        _HANDS[rng.integers(len(_HANDS))],
        (BLUE_INK, BLACK_INK)[rng.integers(2)],
        float(rng.uniform(3.6, 6.0)),
        rng,
    )
    amount, written = amount_of(layout, rng)
    day = date(2015, 1, 1) + timedelta(days=int(rng.integers(4000)))
    amount_box = _fill(sheet, layout.amount_mm, written, writer, layout, _sign_end(layout))
    if layout.date_cells > 1:
        date_box = _fill_comb(sheet, layout, f"{day:{_COMB_ORDERS[layout.comb_order]}}", writer)
    else:
        date_box = _fill(sheet, layout.date_mm, day_of(layout, day, rng), writer, layout, 0.0)
    _sign(sheet, layout, writer, through=rng.random() < spoiled)
    if rng.random() < spoiled:
        _stamp(sheet, layout, rng)
    scale = dpi / _DPI
    skew_deg = float(rng.normal(0, 0.5))
    seen = scan(sheet, rng, skew_deg, float(rng.uniform(1.5, 5)))
    picture = cv2.resize(seen, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    boxes = (
        _px_box(layout.amount_mm) if layout.amount_edge in ("frame", "tint") else amount_box,
        _px_box(layout.date_mm) if layout.date_edge == "frame" else date_box,
    )
    amount_box, date_box = (_scaled(_turned(box, sheet, skew_deg), scale) for box in boxes)
    return DrawnCheck(
        np.asarray(picture, np.uint8),
        amount,
        day.isoformat(),
        line,
        micr_number(layout.country, number),
        amount_box,
        date_box,
    )


def _px(mm: float) -> int:
    return round(mm * _PX_PER_MM)


def _px_box(box: BoxMm) -> Box:
    return Box(*(_px(side) for side in box))


def _turned(box: Box, sheet: Sheet, skew_deg: float) -> Box:
    """A box of its size where its middle comes to lie when the sheet is turned."""
    height, width = sheet.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew_deg, 1.0)
    x, y = turn @ (box.x + box.width / 2, box.y + box.height / 2, 1.0)
    return Box(round(x - box.width / 2), round(y - box.height / 2), box.width, box.height)


def _scaled(box: Box, scale: float) -> Box:
    return Box(*(round(side * scale) for side in (box.x, box.y, box.width, box.height)))


# --- what is printed ------------------------------------------------------------------------------


def _background(sheet: Sheet, pattern: Colour, rng: np.random.Generator) -> None:
    """Waves, a wheel, the bank's name over and over, or bare paper."""
    height, width = sheet.shape[:2]
    kind = rng.integers(4)
    if kind in (0, 1):
        guilloche(sheet, pattern, rng)
    if kind in (1, 2):
        rosette(sheet, (width // 2, height // 2), height // 3, pattern)
    if kind == 2:
        for row in range(60, height, 70):
            for left in range(-(row % 3) * 60, width, 420):
                put_text(sheet, "SAMPLE BANK", (max(0, left), row), 34, 700, "sans", pattern)
    sheet[round(height - 16 * _PX_PER_MM) :] = np.maximum(
        sheet[round(height - 16 * _PX_PER_MM) :], 236
    )


def _print(sheet: Sheet, layout: CheckLayout, number: str, line: str) -> None:
    for text in layout.texts:
        _put(sheet, text)
    if layout.number.x:
        _put(sheet, Text(number, layout.number.x, layout.number.y, layout.number.size, 700))
    for left, row, right in layout.rules:
        put_rule(sheet, _px(left), _px(row), _px(right))
    for box, edge, cells in (
        (layout.amount_mm, layout.amount_edge, 1),
        (layout.date_mm, layout.date_edge, layout.date_cells),
    ):
        left, top, width, height = (side * _PX_PER_MM for side in box)
        if edge == "frame":
            put_box(sheet, (left, top, width, height), cells, 2)
        elif edge == "rule":
            put_rule(sheet, left, top + height, left + width)
        elif edge == "tint":
            area = sheet[round(top) : round(top + height), round(left) : round(left + width)]
            area[:] = np.rint(area * _TINT)
    size_px = layout.sign.size * 1.35 * _PX_PER_MM
    at = (layout.sign.x * _PX_PER_MM, layout.sign.y * _PX_PER_MM)
    put_text(sheet, layout.sign.text, at, size_px, layout.sign.weight, layout.face)
    put_micr(sheet, line, 0.16 * sheet.shape[1], _DPI)


def _put(sheet: Sheet, text: Text) -> None:
    at = (text.x * _PX_PER_MM, text.y * _PX_PER_MM)
    put_text(sheet, text.text, at, text.size * 1.35 * _PX_PER_MM, text.weight)


def _sign_end(layout: CheckLayout) -> float:
    """Millimetres of the amount's area that the currency sign takes."""
    left = layout.amount_mm[0]
    if layout.sign.x < left:
        return 0.0
    return layout.sign.x - left + layout.sign.size * (0.8 + 0.5 * (len(layout.sign.text) - 1))


def _fill(
    sheet: Sheet, area: BoxMm, text: str, writer: _Writer, layout: CheckLayout, skip_mm: float
) -> Box:
    """Write into an area, behind `skip_mm` of it; the box of the ink."""
    left, top, width, height = (side * _PX_PER_MM for side in area)
    left, width = left + skip_mm * _PX_PER_MM, width - skip_mm * _PX_PER_MM
    if layout.machine:
        return _type(sheet, text, left, top + height)
    height_px = float(height * writer.rng.uniform(0.5, 0.7))
    ink = write_line(text, writer.hand, height_px, writer.pen_px, writer.rng)
    room = width * 0.94
    if ink.shape[1] > room:
        height_px *= room / ink.shape[1]
        ink = write_line(text, writer.hand, height_px * 0.95, writer.pen_px, writer.rng)
    x = left + writer.rng.uniform(0.02, 0.2) * max(0.0, width - ink.shape[1])
    y = top + height - 1.45 * height_px - writer.rng.uniform(0.0, 0.2) * (height - height_px)
    put_ink(sheet, ink[:, : sheet.shape[1] - round(x)], x, y, writer.ink, writer.rng)
    return _ink_box(ink, x, y)


def _type(sheet: Sheet, text: str, left: float, bottom: float) -> Box:
    """Machine print, 10 characters an inch or so."""
    size_px = 3.6 * _PX_PER_MM
    start, base = round(left + 0.6 * _PX_PER_MM), round(bottom - 1.8 * _PX_PER_MM)
    end = put_text(sheet, text, (start, base), size_px, 500)
    tall = round(0.75 * size_px)
    return Box(start, base - tall, end - start, tall)


def _fill_comb(sheet: Sheet, layout: CheckLayout, digits: str, writer: _Writer) -> Box:
    left, top, width, height = (side * _PX_PER_MM for side in layout.date_mm)
    pitch, tall = width / layout.date_cells, 0.62 * height
    for cell, digit in enumerate(digits):
        ink = write_glyph(digit, writer.hand, tall, writer.pen_px, writer.rng)
        x = left + pitch * (cell + 0.5) - ink.shape[1] / 2
        put_ink(sheet, ink, x, top + 0.8 * height - 1.4 * tall, writer.ink, writer.rng)
    return _px_box(layout.date_mm)


def _ink_box(ink: Mask, left: float, top: float) -> Box:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return Box(
        round(left + columns[0]) - _TIGHT_PX,
        round(top + rows[0]) - _TIGHT_PX,
        int(np.ptp(columns)) + 2 * _TIGHT_PX,
        int(np.ptp(rows)) + 2 * _TIGHT_PX,
    )


def _sign(sheet: Sheet, layout: CheckLayout, writer: _Writer, *, through: bool) -> None:
    """Payee, words and signature; one that runs through rises into the amount."""
    rng = writer.rng
    for row, text in zip(layout.rules, ("Harbor Clinic", "Two hundred and some"), strict=False):
        ink = write_words(text, 40, writer.pen_px, rng)
        put_ink(sheet, ink, _px(row[0] + 8), _px(row[1]) - 1.7 * 40, writer.ink, rng)
    left, top = layout.signature_mm
    if through:
        left, top = layout.amount_mm[0] + 2, layout.amount_mm[1] + 2
    ink = sign(420, writer.pen_px, rng)
    room_x, room_y = sheet.shape[1] - ink.shape[1] - 1, sheet.shape[0] - ink.shape[0] - 1
    place = min(_px(left), room_x), min(_px(top), room_y)
    put_ink(sheet, ink, *place, writer.ink, rng)


def _stamp(sheet: Sheet, layout: CheckLayout, rng: np.random.Generator) -> None:
    """A bank's rubber stamp, turned a little, across the right half."""
    seal = np.zeros((150, 460), np.uint8)
    cv2.rectangle(seal, (6, 6), (453, 143), (255,), 5)
    cv2.putText(seal, "RECEIVED", (40, 70), (255,), cv2.FontFace("sans"), 58, 700)
    cv2.putText(
        seal, f"{rng.integers(10, 28)} JUN 2019", (60, 125), (255,), cv2.FontFace("sans"), 44
    )
    turn = cv2.getRotationMatrix2D((230, 75), float(rng.uniform(-20, 20)), 1.0)
    turned = cv2.warpAffine(seal, turn, (460, 150))
    colour = _STAMPS[rng.integers(len(_STAMPS))]
    left = _px(layout.amount_mm[0] - rng.uniform(10, 30))
    top = _px(layout.amount_mm[1] + rng.uniform(-12, 8))
    x, y = min(left, sheet.shape[1] - 461), max(0, top)
    cover = np.asarray(turned / np.float32(255) * 0.55, np.float32)
    put_ink(sheet, cover, x, y, colour, rng)
