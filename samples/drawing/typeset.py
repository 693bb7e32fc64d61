"""Print: text, rules, combs and the MICR line."""

from typing import Literal

import cv2
import numpy as np

from samples.drawing.paper import Colour, Sheet

BLACK: Colour = (25, 25, 28)
Face = Literal["sans", "italic", "uni"]  # the faces inside OpenCV 5; "uni" has the rupee sign

# E-13B, 7 x 9 dots, drawn after the look of printed lines, not after the standard's outlines.
# T transit, A amount, U on-us, D dash.
_MICR = {
    "0": "####### #.....# #.....# #.....# #.....# #.....# #.....# #.....# #######",
    "1": "..##... ...#... ...#... ...#... ...#... ...#... .#####. .#####. .#####.",
    "2": ".####.. ....#.. ....#.. ....#.. .####.. .#..... .#..... .#..... .####..",
    "3": ".####.. ....#.. ....#.. ....#.. .#####. ....##. ....##. ....##. .#####.",
    "4": "##..... ##..... ##..... ##..... ##..##. ##..##. ####### ....##. ....##.",
    "5": ".#####. .#..... .#..... .#..... .#####. .....#. .....#. .....#. .#####.",
    "6": "###.... #.#.... #...... #...... ####### #.....# #.....# #.....# #######",
    "7": "####### #.....# #....## ....##. ....##. ...##.. ...##.. ...##.. ...##..",
    "8": ".#####. .#...#. .#...#. .#...#. ####### ##...## ##...## ##...## #######",
    "9": "####### #.....# #.....# #.....# ####### .....## .....## .....## .....##",
    "T": "##..... ##..... ##..### ##..### ....### ##..... ##..### ##..### ##..###",
    "A": "....... .....## #....## #....## #.##... #.##... ##.##.. ...##.. .......",
    "U": "....... .....## #.#..## #.#..## #.#.... #.#.... #.#.... ....... .......",
    "D": "....... ....... ....... ##.#.## ##.#.## ##.#.## ....... ....... .......",
}


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
        line: Digits, blanks, and T, A, U, D for transit, amount, on-us and dash.
        left: Where it starts, in pixels.
        dpi: Resolution of the sheet.
    """
    dot, pitch = 0.013 * dpi, 0.125 * dpi  # ISO 1004: strokes of 0.013 in, 8 characters an inch
    top = sheet.shape[0] - 0.25 * dpi - 9 * dot
    for place, character in enumerate(line):
        if character == " ":
            continue
        rows = _MICR[character].split()
        dots = np.array([[cell == "#" for cell in row] for row in rows], np.uint8)
        size = (round(7 * dot), round(9 * dot))
        shape = cv2.resize(dots, size, interpolation=cv2.INTER_NEAREST) > 0
        y, x = round(top), round(left + place * pitch)
        sheet[y : y + size[1], x : x + size[0]][shape] = BLACK
