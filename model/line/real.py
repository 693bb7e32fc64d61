"""Real, labelled lines, and how they look when they are written a little differently."""

from dataclasses import dataclass

import cv2
import numpy as np

from model.line.text import fits
from ocr.arrays import Gray, Strokes
from ocr.geometry import Box
from ocr.line.view import line_view

Rng = np.random.Generator

_TURN_RAD, _LEAN, _STRETCH = 0.03, 0.08, 0.08  # standard deviations of what a hand varies
_SIDE, _WIDE_CHANCE, _WIDEST = 0.05, 0.2, 0.3  # how the ink's box is missed, in its heights
_CONTRAST = (0.55, 1.25)  # of the field's own
_BLUR = 0.03  # largest, in heights of the ink
_NOISE = 5.0  # largest standard deviation, gray levels


@dataclass(frozen=True, slots=True, eq=False)
class RealLine:
    """A labelled line.

    Attributes:
        gray: (H, W) scan of the field.
        ink: Bounding box of the writing in it, as the reader finds it.
        text: Digits, and marks if the label tells them.
    """

    gray: Gray
    ink: Box
    text: str

    @property
    def marks_known(self) -> bool:
        """Whether the label tells marks; one of digits alone may leave them out."""
        return not self.text.isdigit()


def learnable(line: RealLine) -> bool:
    """Whether the line is long enough for its text."""
    return fits(line.text, line_view(line.gray, line.ink))


def varied_view(line: RealLine, rng: Rng) -> Strokes:
    """A line as the network sees it, lightly augmented; the writing stays whose it is."""
    gray, ink = _warped(line.gray, line.ink, rng)
    paper = float(np.percentile(gray, 75))
    varied = paper + (gray.astype(np.float32) - paper) * np.float32(rng.uniform(*_CONTRAST))
    soft = cv2.GaussianBlur(varied, (0, 0), 0.1 + rng.uniform(0.0, _BLUR) * ink.height)
    noise = rng.standard_normal(gray.shape, np.float32) * np.float32(rng.uniform(0, _NOISE))
    view = line_view(np.asarray(np.clip(soft + noise, 0, 255), np.uint8), _missed(ink, rng))
    return view if fits(line.text, view) else line_view(line.gray, line.ink)


def _warped(gray: Gray, ink: Box, rng: Rng) -> tuple[Gray, Box]:
    """Turned, leaned and stretched around the middle of the ink, in one interpolation."""
    turn, lean = rng.normal(0, _TURN_RAD), rng.normal(0, _LEAN)
    stretch = float(np.exp(rng.normal(0, _STRETCH)))
    middle = np.array([ink.x + ink.width / 2, ink.y + ink.height / 2])
    linear = np.array([[stretch, lean - turn], [turn, 1.0]])
    warp = np.hstack([linear, (middle - linear @ middle)[:, None]])
    size = gray.shape[1], gray.shape[0]
    warped = cv2.warpAffine(gray, warp, size, borderMode=cv2.BORDER_REPLICATE)
    width = max(2, round(ink.width * stretch))
    return np.asarray(warped, np.uint8), Box(round(middle[0] - width / 2), ink.y, width, ink.height)


def _missed(ink: Box, rng: Rng) -> Box:
    """The box as a reader finds it: nearly right, sometimes too wide."""
    wide = (rng.random(4) < _WIDE_CHANCE) * rng.uniform(0.0, _WIDEST, 4)
    left, top, right, bottom = np.rint((rng.normal(0, _SIDE, 4) + wide) * ink.height).astype(int)
    width, height = max(2, ink.width + left + right), max(2, ink.height + top + bottom)
    return Box(int(ink.x - left), int(ink.y - top), int(width), int(height))
