"""The MICR line of a check: found, and every character of it matched."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ocr.arrays import Gray, Ink, Strokes
from ocr.geometry import Box
from ocr.micr.glyphs import CELL_INCH, DIGITS, ROWS
from ocr.micr.match import GLYPH_PX, PITCH_PX, Match, matches, straightened
from ocr.micr.rows import HEIGHT_OF_PITCH, Row, darkness_of, find_rows
from ocr.scaling import Reducible, scaled

UNREADABLE = "?"

# Of a check, in pitches: 6 to 8.75 inches wide (ANSI X9.100-160), and a margin around it.
_PITCHES_ACROSS = (46, 85)
_PITCHES_ACROSS_PAGE = (46, 120)  # of a page up to 15 inches wide, with checks on it
_MOST_ROWS_OF_PAGE = 60  # a full page of text
_LEAST_EVEN = 0.75  # share of neighbours whole pitches apart: E-13B has 0.9, other text 0.4
_LOWER_PART = 0.35  # of the height: the line is 0.2 to 0.45 inch above the edge of 2.75 to 3.66
_WORK_WIDTH = 1280  # pixels, 150 to 210 dpi: finer pixels read no line better
_LEAST_PITCH_PX = 8.0  # 64 dpi: below, characters are blots
_CROP_HEIGHT = (0.15, 0.95)  # of a crop's height: height of its characters
_CROP_WORK_PX = 150
_BLOT = 0.6  # of a digit's height: the squares of the symbols are 4 cells of 9

_LEAST_READ = 8  # characters; the routing or sort code alone has ten
# Mean score of a line's places, 0 where none can be read. Lines upside down and rows of five other
# fonts at four sizes stay below 0.57; the real lines have 0.93, a blur of 0.01 inch leaves 0.82.
_LEAST_AGREEMENT = 0.65
_LEAST_SCORE = 0.6  # of one character
_LEAST_MARGIN = 0.06  # over the next character: below, two of five were wrong under heavy blur
_LEAST_OF_USUAL = 0.8  # of the line's median score: through a stamp 0.65 to 0.7, else 0.9 and more
_USUAL_PERCENTILE = 75.0  # textures may agree at more places than the line has characters
_LEAST_CONTRAST = 0.5  # of the line's usual: print of one line varies by a third
_INKED = 0.25  # of a usual character's ink: a place with more holds a character, whole or not


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character of a line.

    Attributes:
        character: A digit, A, B, C or D; ``?`` where there is ink that is none of them.
        place: Its position, counted in pitches from the line's first character.
        score: Normalized correlation with the print.
        margin: By how much the next best character agrees less.
        box: Its 7 by 9 cells, in pixels of the page.
    """

    character: str
    place: int
    score: float
    margin: float
    box: Box


@dataclass(frozen=True, slots=True)
class MicrLine:
    """A MICR line, from its first to its last character."""

    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        """Its characters, with a blank for each empty position."""
        signs = [" "] * (self.glyphs[-1].place + 1)
        for glyph in self.glyphs:
            signs[glyph.place] = glyph.character
        return "".join(signs)

    @property
    def bottom(self) -> float:
        """Row on which its middle stands."""
        return self.glyphs[len(self.glyphs) // 2].box.bottom

    @property
    def height(self) -> int:
        """Of its characters."""
        return self.glyphs[0].box.height

    @property
    def dpi(self) -> float:
        """Resolution of the page, by the size of its characters."""
        return self.height / (ROWS * CELL_INCH)

    def glyphs_in(self, places: slice) -> tuple[Glyph, ...]:
        """The characters at a range of positions."""
        return tuple(g for g in self.glyphs if places.start <= g.place < places.stop)

    def moved(self, dx: int, dy: int) -> "MicrLine":
        """The same line, shifted on the page."""
        return MicrLine(tuple(replace(g, box=g.box.moved(dx, dy)) for g in self.glyphs))


def find_on_check(page: Reducible) -> MicrLine | None:
    """Find and match the MICR line of an upright check that fills the page.

    Returns:
        None if the check's lower part holds no line that is E-13B for the most part.
    """
    height, width = page.shape
    top = round((1 - _LOWER_PART) * height)
    scale = min(1.0, _WORK_WIDTH / width)
    most, least = (width * scale / pitches for pitches in _PITCHES_ACROSS)
    lower = page.part(Box(0, top, width, height - top))
    line = _best_line(lower.reduced(scale), scale, (least, most))
    return line and line.moved(0, top)


def find_on_page(page: Reducible) -> list[MicrLine]:
    """Find the MICR lines of all upright checks on a page, from the top.

    A check that has none is found by its paper or by its likeness to one that has.
    """
    scale = min(1.0, _WORK_WIDTH / page.shape[1])
    most, least = (page.shape[1] * scale / pitches for pitches in _PITCHES_ACROSS_PAGE)
    if most < _LEAST_PITCH_PX:
        return []
    height_px = HEIGHT_OF_PITCH * least, HEIGHT_OF_PITCH * most
    darkness = darkness_of(page.reduced(scale), _BLOT * height_px[1])
    lines: list[MicrLine] = []
    for row in find_rows(darkness, height_px, _MOST_ROWS_OF_PAGE):
        line = _line(darkness, row, scale) if row.even >= _LEAST_EVEN else None
        if line and all(abs(line.bottom - other.bottom) > line.height for other in lines):
            lines.append(line)
    return sorted(lines, key=lambda line: line.bottom)


def find_in_crop(gray: Gray) -> MicrLine | None:
    """Find and match the MICR line of a crop that holds little else."""
    scale = min(1.0, _CROP_WORK_PX / gray.shape[0])
    least, most = (share * gray.shape[0] * scale / HEIGHT_OF_PITCH for share in _CROP_HEIGHT)
    return _best_line(scaled(gray, scale), scale, (least, most))


def _best_line(small: Gray, scale: float, pitch_px: tuple[float, float]) -> MicrLine | None:
    """The first row of print that is E-13B, of a page reduced by `scale`."""
    if pitch_px[1] < _LEAST_PITCH_PX:
        return None
    least, most = (HEIGHT_OF_PITCH * pitch for pitch in pitch_px)
    darkness = darkness_of(small, _BLOT * most)
    lines = (_line(darkness, row, scale) for row in find_rows(darkness, (least, most)))
    return next(filter(None, lines), None)


def _line(darkness: Strokes, row: Row, scale: float) -> MicrLine | None:
    """Match a row; None if it is not E-13B for the most part."""
    strip, strip_scale = straightened(darkness, row)
    found = _printed([match for match in matches(strip) if _readable(match)])
    if len(found) < _LEAST_READ:
        return None
    unread = _unread_columns(_dark(strip, found), found)
    if not _is_e13b(found, len(found) + len(unread)):
        return None
    signs = found + [Match(column, UNREADABLE, 0.0, 0.0, 0.0) for column in unread]
    signs.sort(key=lambda match: match.column)
    return MicrLine(tuple(_glyphs(signs, row, strip_scale, scale)))


def _readable(match: Match) -> bool:
    return match.score >= _LEAST_SCORE and match.margin >= _LEAST_MARGIN


def _printed(found: list[Match]) -> list[Match]:
    """The characters as dark and as clear as the line's: textures are fainter, stamps disturb."""
    if not found:
        return []
    contrast = _LEAST_CONTRAST * np.percentile([m.contrast for m in found], _USUAL_PERCENTILE)
    dark = [match for match in found if match.contrast >= contrast]
    score = _LEAST_OF_USUAL * np.median([match.score for match in dark])
    return [match for match in dark if match.score >= score]


def _is_e13b(found: list[Match], places: int) -> bool:
    """Whether enough agrees well enough, a symbol among it: other print hardly looks like one."""
    agreement = sum(match.score for match in found) / places
    symbols = any(match.character not in DIGITS for match in found)
    return agreement >= _LEAST_AGREEMENT and symbols


def _dark(strip: Strokes, found: list[Match]) -> Ink:
    """Pixels at least half as dark as the line's ink; textures are fainter."""
    return np.asarray(strip > 0.5 * np.median([match.contrast for match in found]))


def _unread_columns(ink: Ink, found: list[Match]) -> list[int]:
    """Places between the characters read, and beside the first and last, that hold ink."""
    usual = float(np.median([_ink_at(ink, match.column) for match in found]))
    places = [found[0].column - PITCH_PX, found[-1].column + PITCH_PX]
    for left, right in pairwise(match.column for match in found):
        steps = max(1, round((right - left) / PITCH_PX))
        places += [left + (right - left) * step / steps for step in range(1, steps)]
    inside = [round(place) for place in places if 0 <= place <= ink.shape[1] - GLYPH_PX[0]]
    return [place for place in inside if _ink_at(ink, place) > _INKED * usual]


def _ink_at(ink: Ink, column: int) -> float:
    """Share of a character's place that is inked."""
    above = (ink.shape[0] - GLYPH_PX[1]) // 2
    return float(ink[above : above + GLYPH_PX[1], column : column + GLYPH_PX[0]].mean())


def _glyphs(signs: list[Match], row: Row, strip_scale: float, scale: float) -> list[Glyph]:
    """Characters with their places, and their boxes in pixels of the unscaled page."""
    glyphs: list[Glyph] = []
    place, before = 0, signs[0].column
    for sign in signs:
        if glyphs:
            place += max(1, round((sign.column - before) / PITCH_PX))
        before = sign.column
        box = _box(sign.column / strip_scale, row, scale)
        glyphs.append(Glyph(sign.character, place, sign.score, sign.margin, box))
    return glyphs


def _box(left: float, row: Row, scale: float) -> Box:
    """The cells of a character that begins at that column of the scaled page."""
    width, height = (round(side * row.pitch_px / PITCH_PX / scale) for side in GLYPH_PX)
    bottom = (row.bottom + row.slope * left) / scale
    return Box(round(left / scale), round(bottom - height), width, height)
