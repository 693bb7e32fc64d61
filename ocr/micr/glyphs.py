"""The 14 characters of E-13B, drawn from the geometry of ISO 1004.

Every character is built of bars on a grid of 7 by 9 cells of 0.013 inch, right-aligned in it; a few
bars begin between two cells. Digits, transit and on-us were laid over their mean pictures on real
checks and agree within a quarter of a cell; amount and dash are by the standard's figures alone.

The letters of the four symbols are those on which fonts of E-13B have them (GnuMICR, Morovia):
A transit, B amount, C on-us, D dash.
"""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

Cover = NDArray[np.float32]  # (H, W), share of each pixel that is inked, 0..1

CELL_INCH = 0.013
PITCH_INCH = 0.125
COLUMNS, ROWS = 7, 9
PITCH_CELLS = PITCH_INCH / CELL_INCH

Bar = tuple[float, float, float, float]  # left, top, width, height in cells

# fmt: off
BARS: dict[str, tuple[Bar, ...]] = {
    "0": ((1.5, 0, 4, 1), (1.5, 8, 4, 1), (0, 1.5, 1, 6), (6, 1.5, 1, 6),
          (0.5, 0.5, 1.1, 1.1), (5.4, 0.5, 1.1, 1.1),
          (0.5, 7.4, 1.1, 1.1), (5.4, 7.4, 1.1, 1.1)),
    "1": ((3, 0, 2, 1.5), (4, 0, 1, 6), (3, 5, 4, 4)),
    "2": ((3, 0, 4, 1), (6, 0, 1, 5), (3, 4, 4, 1), (3, 4, 1, 5), (3, 8, 4, 1)),
    "3": ((2, 0, 4, 1), (5, 0, 1, 9), (2, 4, 4, 1), (5, 4.5, 2, 4.5), (2, 8, 5, 1)),
    "4": ((1, 0, 2, 7), (1, 6, 5, 1), (5, 5, 2, 4)),
    "5": ((2, 0, 5, 1), (2, 0, 1, 5), (2, 4, 5, 1), (6, 4, 1, 5), (2, 8, 5, 1)),
    "6": ((1, 0, 4, 1), (4, 0, 1, 2.5), (1, 0, 1, 9), (1, 5, 6, 1), (6, 5, 1, 4), (1, 8, 6, 1)),
    "7": ((2, 0, 5, 1), (2, 0, 1, 3), (6, 0, 1, 4), (5, 3.5, 1.5, 1), (4, 4, 1.5, 1),
          (4, 4.5, 1, 4.5)),
    "8": ((1, 0, 5, 1), (1, 0, 1, 5), (5, 0, 1, 5), (1, 4, 5, 1),
          (0, 4.5, 2, 4.5), (5, 4.5, 2, 4.5), (0, 8, 7, 1)),
    "9": ((1, 0, 6, 1), (1, 0, 1, 5), (6, 0, 1, 9), (1, 4, 6, 1), (5, 4, 2, 5)),
    "A": ((0, 1.5, 2, 6), (4, 0, 3, 3), (4, 6, 3, 3)),
    "B": ((0, 5, 2, 4), (3, 2.25, 1, 4.5), (5, 0, 2, 4)),
    "C": ((0, 1.5, 1, 6), (2, 1.5, 1, 6), (4, 0.5, 3, 4)),
    "D": ((0, 2.5, 2, 4), (3, 2.5, 2, 4), (6, 2.5, 1, 4)),
}
# fmt: on
CHARACTERS = "".join(BARS)
DIGITS = CHARACTERS[:10]

_FINE_PX = 12  # pixels per cell of the master drawing: quarters of cells are whole pixels
_ROUNDING = 0.3  # of a cell: a blur of this size and a threshold round the corners as print does


@cache
def _master(character: str) -> Cover:
    """One character on its grid with a cell of paper around, 12 pixels per cell."""
    drawn = np.zeros(((ROWS + 2) * _FINE_PX, (COLUMNS + 2) * _FINE_PX), np.float32)
    for left, top, width, height in BARS[character]:
        x, y = round((left + 1) * _FINE_PX), round((top + 1) * _FINE_PX)
        drawn[y : y + round(height * _FINE_PX), x : x + round(width * _FINE_PX)] = 1.0
    soft = cv2.GaussianBlur(drawn, (0, 0), _ROUNDING * _FINE_PX)
    return np.asarray(soft > 0.5, np.float32)


def glyph_cover(character: str, px_per_cell: float) -> Cover:
    """Draw one character at any size.

    Args:
        character: One of `CHARACTERS`.
        px_per_cell: Size of a cell; 0.013 times the resolution in dpi for print.

    Returns:
        (11 cells, 9 cells): the character with a cell of paper around.
    """
    size = (round((COLUMNS + 2) * px_per_cell), round((ROWS + 2) * px_per_cell))
    return np.asarray(
        cv2.resize(_master(character), size, interpolation=cv2.INTER_AREA), np.float32
    )
