"""A check as its fields are looked for: reduced, its ink, its lines, and its ink without lines."""

from dataclasses import dataclass

import cv2
import numpy as np

from ocr.arrays import Gray, Ink
from ocr.find.check_frame import Frame, find_frames
from ocr.find.lines import LINE_DARKNESS, RuledLine, horizontal_lines, line_darkness
from ocr.geometry import Box
from ocr.levels import percentiles_of
from ocr.runs import opened, runs_across, turned
from ocr.upright import UprightPage

_WORK_WIDTH = 1200  # pixels; a check is 150 to 220 mm wide, so 5 to 8 px per mm
_TALLEST = 2.0  # times the width: a thin strip is no check, and must not grow when it is scaled
_RULE = (
    0.06  # of the width: length of the shortest rule; longer than a line of small print's letter
)
_SIDE = 0.06  # of the width: a longer vertical run is a line, a shorter one may be a sign's
_DRAWN = 0.6  # share of ink of a frame's least complete edge
_LINE_PX = 5  # breadth of the thickest line
# Of a check's darkness: print covers more than the rest to 1, and has 130 gray levels and more on
# scans, real ones 165 and more. A picture with less is pale; more than so many times is noise.
_PRINT_PERCENTILE, _PALE, _FULL, _MOST_TIMES = 99.5, 120.0, 150.0, 2.5


@dataclass(frozen=True, eq=False, slots=True)
class CheckPicture:
    """An upright check that fills the page, reduced to 5 to 8 pixels a millimetre.

    Attributes:
        darkness: Gray levels below the paper.
        ink: Pixels clearly darker than the paper.
        writing: Ink without ruled lines and sides of frames.
        rules: Its horizontal lines, from the top.
        frames: Those that may hold an amount, drawn most completely first.
        scale: Pixels of the page to one of these.
    """

    darkness: Gray
    ink: Ink
    writing: Ink
    rules: tuple[RuledLine, ...]
    frames: tuple[Frame, ...]
    scale: float

    @property
    def width(self) -> int:
        """In pixels."""
        return int(self.ink.shape[1])

    @property
    def height(self) -> int:
        """In pixels."""
        return int(self.ink.shape[0])

    def on_page(self, box: Box) -> Box:
        """A box of this picture, in pixels of the page."""
        return Box(*(round(v * self.scale) for v in (box.x, box.y, box.width, box.height)))


def picture_of(page: UprightPage) -> CheckPicture:
    """Reduce a check and see its lines."""
    height, width = page.shape
    scale = max(width, height / _TALLEST) / _WORK_WIDTH
    darkness = _stretched(line_darkness(page.reduced(1 / scale)))
    ink = np.asarray(darkness > LINE_DARKNESS)
    rules = horizontal_lines(ink, int(_RULE * ink.shape[1]))
    frames = tuple(find_frames(ink))
    writing = _without_lines(ink)
    for frame in frames:
        if frame.seen >= _DRAWN:
            _erase_sides(writing, frame.edges)
    return CheckPicture(darkness, ink, writing, tuple(rules), frames, scale)


def _stretched(darkness: Gray) -> Gray:
    """A pale picture's darkness as if it had full contrast."""
    (print_levels,) = percentiles_of(darkness, [_PRINT_PERCENTILE])
    if print_levels >= _PALE:
        return darkness
    times = min(_MOST_TIMES, _FULL / max(print_levels, 1.0))
    return np.asarray(cv2.convertScaleAbs(darkness, alpha=times), np.uint8)


def _erase_sides(writing: Ink, edges: Box) -> None:
    """Take a frame's left and right edge away, in place: signs and writing touch them."""
    half = _LINE_PX // 2
    for column in (edges.x, edges.right):
        writing[edges.y : edges.bottom, max(0, column - half) : column + half + 1] = False


def _without_lines(ink: Ink) -> Ink:
    """Ink but for thin long runs; a stroke that crosses one is parted by a line's breadth."""
    width = ink.shape[1]
    pixels = ink.view(np.uint8)
    across = _thin_runs(pixels, int(_RULE * width))
    down = turned(_thin_runs(turned(pixels), int(_SIDE * width)).view(np.uint8)).view(np.bool_)
    return np.asarray(ink & ~across & ~down)


def _thin_runs(pixels: Gray, shortest_px: int) -> Ink:
    """Horizontal runs of that length, but where they are thicker than a line."""
    runs = runs_across(pixels, shortest_px)
    thick = opened(runs, (_LINE_PX + 1, 1))
    return np.asarray((runs > 0) & (thick == 0))
