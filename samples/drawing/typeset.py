"""Print: text, rules, combs and the MICR line."""

from typing import Literal

import cv2
import numpy as np

from ocr.micr.glyphs import CELL_INCH, PITCH_INCH, ROWS, glyph_cover
from samples.drawing.paper import Colour, Sheet

BLACK: Colour = (25, 25, 28)
Face = Literal["sans", "italic", "uni"]  # the faces inside OpenCV 5; "uni" has the rupee sign


def put_text(
    sheet: Sheet,
    text: str,
    left_baseline: tuple[float, float],
    size_px: float,
    weight: int = 400,
    face: Face = "sans",
    colour: Colour = BLACK,
) -> int:
    """Print a line of text, in place; weight 100 is thin, 400 regular, 800 bold.

    Returns:
        Where the line ends, in pixels from the left.
    """
    place, font = (round(left_baseline[0]), round(left_baseline[1])), cv2.FontFace(face)
    end, _ = cv2.putText(sheet, text, place, colour, font, round(size_px), weight)
    return int(end[0])


def put_rule(sheet: Sheet, left: float, y: float, right: float, line_px: int = 2) -> None:
    """Print a horizontal rule, in place."""
    cv2.line(sheet, (round(left), round(y)), (round(right), round(y)), BLACK, line_px)


def put_box(
    sheet: Sheet, box: tuple[float, float, float, float], cells: int = 1, line_px: int = 3
) -> None:
    """Print a box (left, top, width, height), in place; with more cells than one it is a comb."""
    left, top, width, height = box
    x, y, bottom = round(left), round(top), round(top + height)
    cv2.rectangle(sheet, (x, y), (round(left + width), bottom), BLACK, line_px)
    for cell in range(1, cells):
        x = round(left + width * cell / cells)
        cv2.line(sheet, (x, y), (x, bottom), BLACK, line_px)


def put_micr(sheet: Sheet, line: str, left: float, dpi: int) -> None:
    """Print a MICR line, in place, where ISO 1004 wants it: 1/4 inch above the lower edge.

    Args:
        sheet: The check.
        line: Digits, blanks, and A, B, C, D for transit, amount, on-us and dash.
        left: Where it starts, in pixels.
        dpi: Resolution of the sheet.
    """
    cell, pitch = CELL_INCH * dpi, PITCH_INCH * dpi
    top = sheet.shape[0] - 0.25 * dpi - (ROWS + 1) * cell  # a cell of paper is around a glyph
    for place, character in enumerate(line):
        if character == " ":
            continue
        cover = glyph_cover(character, cell)[..., None]
        y, x = round(top), round(left - cell + place * pitch)
        part = sheet[y : y + cover.shape[0], x : x + cover.shape[1]]
        part[:] = np.rint(part * (1 - cover) + np.array(BLACK) * cover).astype(np.uint8)
