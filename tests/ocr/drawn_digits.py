"""Drawn digits: plain pen strokes whose every pixel is known, and the samples' handwriting."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray, Ink
from samples.drawing.hands import ROUND, Hand
from samples.drawing.handwriting import write_line

PAPER, PEN = 235, 60  # gray levels


@dataclass(frozen=True, eq=False, slots=True)
class Writing:
    """A crop and the truth about it."""

    gray: Gray
    ink: Ink  # the writing alone, without what is printed


def plain(text: str, height_px: int = 60, pen_px: int = 6, pitch: float = 0.85) -> Writing:
    """Digits 0, 1, 4, 7 and 8 of straight lines and ovals, each within `pitch` heights."""
    margin = 25
    step = round(pitch * height_px)
    shape = (height_px + 2 * margin, step * len(text) + 2 * margin)
    ink = np.zeros(shape, np.uint8)
    for place, digit in enumerate(text):
        left = margin + place * step
        _draw(ink, digit, left, margin, height_px, pen_px)
    soft = cv2.GaussianBlur(ink, (0, 0), 0.7).astype(np.float64) / 255
    gray = np.rint(PAPER + (PEN - PAPER) * soft).astype(np.uint8)
    return Writing(gray, ink > 127)


def _draw(ink: NDArray[np.uint8], digit: str, x: int, y: int, height: int, pen: int) -> None:
    width = round(0.55 * height)
    if digit == "0":
        middle = (x + width // 2, y + height // 2)
        cv2.ellipse(ink, middle, (width // 2, height // 2), 0, 0, 360, 255, pen, cv2.LINE_AA)
    elif digit == "8":
        quarter = height // 4
        for row in (y + quarter, y + 3 * quarter):
            middle = (x + width // 2, row)
            cv2.ellipse(ink, middle, (width // 2, quarter), 0, 0, 360, 255, pen, cv2.LINE_AA)
    else:
        path = {
            "1": [(0.5, 0), (0.5, 1)],
            "4": [(0.6, 1), (0.6, 0), (0, 0.65), (1, 0.65)],
            "7": [(0, 0), (1, 0), (0.35, 1)],
        }[digit]
        points = np.array([(x + dx * width, y + dy * height) for dx, dy in path])
        cv2.polylines(ink, [np.rint(points).astype(np.int32)], False, 255, pen, cv2.LINE_AA)


def handwritten(
    text: str, hand: Hand = ROUND, height_px: float = 60, pen_px: float = 5, seed: int = 0
) -> Gray:
    """A crop of handwriting: digits and ``/ - . , *`` as the samples have them."""
    ink = write_line(text, hand, height_px, pen_px, np.random.default_rng(seed))
    return np.rint(PAPER + (PEN - PAPER) * np.pad(ink, 10)).astype(np.uint8)
