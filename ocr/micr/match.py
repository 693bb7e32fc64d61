"""Matching the characters of E-13B along a row, wherever they stand.

The position of a character is not taken from a grid: the check's number and its amount are printed
by other machines than the rest, off its pitch and off its line. Characters are where those that do
not overlap agree best with the print, which dynamic programming finds.
"""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Strokes
from ocr.micr.glyphs import CHARACTERS, COLUMNS, PITCH_CELLS, ROWS, Cover, glyph_cover
from ocr.micr.rows import Row
from ocr.scaling import scaled

Scores = NDArray[np.float32]  # (characters, columns), normalized correlation, -1..1

CELL_PX = 2.0  # as a 154-dpi scan; the real checks leave margins of 0.18 and more at it
PITCH_PX = CELL_PX * PITCH_CELLS
GLYPH_PX = round(COLUMNS * CELL_PX), round(ROWS * CELL_PX)  # width and height
_MARGIN_PX = round(CELL_PX)  # paper around a character's template
_SHIFT_CELLS = 2.0  # up and down: a field printed later stands up to a cell off
_BAND_CELLS = ROWS + 5.0, 6.0  # above and below a row's foot: what is cut out, and some more
_SOFT_PX = 0.6  # blur of the templates: print and scanner soften
_LEAST_INK = 0.06  # of full ink, mean of a window; the dash, the lightest, has 0.2
_LEAST_SCORE = 0.4  # less agreement is no character; those printed have 0.6 and more
_LEAST_STEP = 0.8  # of the pitch: neighbours of two machines may stand closer than the pitch
_ASIDE_PX = 2  # a rival of a character stands at the same place, to a cell


@dataclass(frozen=True, slots=True)
class Match:
    """A character found in a strip.

    Attributes:
        column: Where its 7 by 9 cells begin in the strip.
        character: The one that agrees best.
        score: Its normalized correlation with the print.
        margin: By how much it agrees better than any other character there.
        contrast: Gray levels from paper to its ink.
    """

    column: int
    character: str
    score: float
    margin: float
    contrast: float


def straightened(darkness: Strokes, row: Row) -> tuple[Strokes, float]:
    """Cut a row out, level, its cells 2 pixels wide.

    Returns:
        (30, W) the row with 3 cells above and below; pixels of it per pixel of the page.
    """
    scale = PITCH_PX / row.pitch_px
    above, below = (cells * row.pitch_px / PITCH_CELLS for cells in _BAND_CELLS)
    feet = row.bottom, row.bottom + row.slope * darkness.shape[1]
    first = max(0, int(min(feet) - above))  # the page's other rows need not be scaled
    small = scaled(darkness[first : max(first + 1, int(max(feet) + below))], scale)
    top = (row.bottom - first) * scale - (ROWS + 1 + _SHIFT_CELLS) * CELL_PX
    level = np.array([[1, 0, 0], [row.slope, 1, top]], np.float64)
    size = (small.shape[1], round((ROWS + 2 + 2 * _SHIFT_CELLS) * CELL_PX))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(small, level, size, flags=flags), np.uint8), scale


def matches(strip: Strokes) -> list[Match]:
    """The characters along a straightened row, from the left."""
    scores = _scores(strip)
    if not scores.size:
        return []
    return [_match(strip, scores, column) for column in _best_columns(scores.max(axis=0))]


@cache
def _templates() -> tuple[Cover, ...]:
    return tuple(
        np.asarray(cv2.GaussianBlur(glyph_cover(c, CELL_PX), (0, 0), _SOFT_PX), np.float32)
        for c in CHARACTERS
    )


def _scores(strip: Strokes) -> Scores:
    """Agreement of each character at each column, at the height where it agrees best.

    Only between the first and the last column with ink beside it.
    """
    width, height = GLYPH_PX[0] + 2 * _MARGIN_PX, GLYPH_PX[1] + 2 * _MARGIN_PX
    columns = strip.shape[1] - width + 1
    if columns < 1:
        return np.zeros((len(CHARACTERS), 0), np.float32)
    ink = strip.astype(np.float32)
    share = cv2.boxFilter(ink, -1, (width, height), anchor=(0, 0))[: strip.shape[0] - height + 1]
    inked = share.max(axis=0)[:columns] > _LEAST_INK * np.percentile(ink, 99.5)
    scores = np.zeros((len(CHARACTERS), columns), np.float32)
    if not inked.any():
        return scores
    first, last = np.flatnonzero(inked)[[0, -1]]
    part = ink[:, first : last + width]
    for row, template in zip(scores, _templates(), strict=True):
        row[first : last + 1] = cv2.matchTemplate(part, template, cv2.TM_CCOEFF_NORMED).max(axis=0)
    scores[:, ~inked] = 0.0
    finite = np.nan_to_num(scores, nan=0.0, posinf=0.0, neginf=0.0)
    return np.asarray(np.clip(finite, -1.0, 1.0), np.float32)


def _best_columns(best: NDArray[np.float32]) -> list[int]:
    """Columns at least most of a pitch apart whose scores have the greatest sum."""
    step = round(_LEAST_STEP * PITCH_PX)
    gains = np.maximum(best - _LEAST_SCORE, 0.0).tolist()
    totals, taken = [0.0] * (step + 1), []
    for gain in gains:
        with_it, without = totals[-step] + gain, totals[-1]
        taken.append(with_it > without)
        totals.append(max(without, with_it))
    columns, column = [], len(gains) - 1
    while column >= 0:
        if taken[column]:
            columns.append(column)
        column -= step if taken[column] else 1
    return columns[::-1]


def _match(strip: Strokes, scores: Scores, column: int) -> Match:
    """The best character there, against its strongest rival."""
    near = scores[:, max(0, column - _ASIDE_PX) : column + _ASIDE_PX + 1].max(axis=1)
    first = int(scores[:, column].argmax())
    score = float(scores[first, column])
    rival = float(np.delete(near, first).max())
    contrast = _contrast(strip, column, _templates()[first])
    return Match(column + _MARGIN_PX, CHARACTERS[first], score, score - rival, contrast)


def _contrast(strip: Strokes, column: int, template: Cover) -> float:
    """Gray levels by which a template's ink is darker there than its paper, by least squares."""
    window = strip[:, column : column + template.shape[1]].astype(np.float32)
    agree = cv2.matchTemplate(window, template, cv2.TM_CCOEFF).max()
    return float(agree / ((template - template.mean()) ** 2).sum())
