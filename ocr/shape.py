"""What the size and place of a piece say of it, before the network is asked.

The network sees every candidate at one size. Whether it is a comma or a 1, a slash or a digit,
shows in how high it is and where it lies on the line of writing.
"""

from dataclasses import dataclass
from math import exp

import numpy as np

from ocr.geometry import Box
from ocr.lattice import Lattice

# Relative heights at which a piece is as likely no digit as a digit, and the slopes there.
_SMALL = (0.36, 0.06)
_SMALL_ONE = (0.58, 0.06)  # commas look like it
_TALL = (2.0, 0.08)  # slashes, and digits with a slash on them; digits differ by less
_COMMA_LIKE = frozenset("17")
_LOW = 0.1  # of the digit height below the middle of the line: digits lie nearer
_DASH_ASPECT = 1.8  # width over height from which a flat mark is a dash
_COMMA_ASPECT = 1.5  # height over width from which a low mark is a comma


@dataclass(frozen=True, slots=True)
class WritingLine:
    """The line that a field is written along, by the middles of its tall pieces.

    Attributes:
        slope: Rows per column.
        middle: Row of the middle at column 0.
        digit_px: Typical height of a digit.
    """

    slope: float
    middle: float
    digit_px: float

    def height(self, box: Box) -> float:
        """Height of a box in digit heights."""
        return box.height / self.digit_px

    def lowness(self, box: Box) -> float:
        """How far the middle of a box lies below the line's, in digit heights."""
        row, column = box.y + box.height / 2, box.x + box.width / 2
        return (row - self.middle - self.slope * column) / self.digit_px


def writing_line(lattice: Lattice) -> WritingLine:
    """Fit the line of writing of a field; level where too few pieces tell a slope."""
    digit_px = max(lattice.digit_height_px, 1.0)
    tall = [a.box for a in lattice.atoms if 0.6 * digit_px < a.box.height < 1.4 * digit_px]
    columns = np.array([box.x + box.width / 2 for box in tall])
    rows = np.array([box.y + box.height / 2 for box in tall])
    if len(tall) < 4 or np.ptp(columns) < 2 * digit_px:
        return WritingLine(0.0, float(np.median(rows)) if tall else 0.0, digit_px)
    slope = float(np.clip(np.polyfit(columns, rows, 1)[0], -0.2, 0.2))
    return WritingLine(slope, float(np.median(rows - slope * columns)), digit_px)


def chance_of_mark(box: Box, line: WritingLine, label: str = "") -> float:
    """Chance that a piece is no digit, by its size and place alone.

    Args:
        box: The piece.
        line: The field's line of writing.
        label: The digit that it would be; a 1 may be a comma, a 0 is no comma.
    """
    height = line.height(box)
    small = _SMALL
    if label in _COMMA_LIKE:
        height -= max(0.0, line.lowness(box) - _LOW)
        small = _SMALL_ONE if label == "1" else _SMALL
    return max(1.0 - _above(height, small), _above(line.height(box), _TALL))


def _above(value: float, middle_slope: tuple[float, float]) -> float:
    middle, slope = middle_slope
    return 1.0 / (1.0 + exp(min(40.0, max(-40.0, (middle - value) / slope))))


def mark_text(box: Box, line: WritingLine) -> str:
    """What a piece that is no digit looks like: dash, slash, point, comma or nothing."""
    height = line.height(box)
    if box.width >= _DASH_ASPECT * box.height and box.width > 0.25 * line.digit_px:
        return "-"
    if height > 0.9 and box.height > 1.2 * box.width:
        return "/"
    if line.lowness(box) < 0.15 or height > 0.8:
        return ""
    return "," if box.height >= _COMMA_ASPECT * box.width else "."
