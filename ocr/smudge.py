"""Smudges: what is dark on paper and drawn by no pen.

A pen's stroke has an edge: it goes from paper to full ink within few pixels of the scan. Soft dirt
and the ghost of the other side fade in slowly. An unsharp photo's strokes do so too, but they stay
slender, and dark along their middle.
"""

import cv2
import numpy as np

from ocr.arrays import Ink, Strokes
from ocr.geometry import Box
from ocr.levels import median_of

# Of 2,020 real fields every one has a piece of 189 or more, 30 amounts blurred by 3 px one of 127;
# most smudges and ghosts of `bench.blanks` stay below 147, all that it reads of them.
_SOFT = 165.0  # stroke levels from paper to ink, over two pixels of the scan
_BROAD = 0.45  # of its longer side: a blot is, a digit's strokes hardly are
_FULL_INK = 250  # stroke level
_FAINT = 0.05  # less of a ghost is full ink
_SIDE = np.ones((3, 3), np.uint8)


def is_smudge(strokes: Strokes, ink: Ink, box: Box, enlarged: float) -> bool:
    """Whether a piece of ink is soft all around, and a blot or hardly dark.

    Args:
        strokes: (H, W) cleaned field.
        ink: The piece, in its box.
        box: Its place in the field.
        enlarged: How much larger than the scan the field is, at least 1: edges are softer by it.
    """
    levels = np.ascontiguousarray(strokes[box.slices])
    if _edge(levels, ink) * enlarged >= _SOFT:
        return False
    return _breadth_px(ink) >= _BROAD * max(ink.shape) or _fullness(levels, ink) < _FAINT


def _edge(levels: Strokes, ink: Ink) -> float:
    """Median step of the stroke level, over two pixels, along the piece's rim."""
    own = ink.view(np.uint8)
    inner = cv2.erode(own, _SIDE, borderType=cv2.BORDER_CONSTANT, borderValue=(0.0,))
    steps = cv2.morphologyEx(levels, cv2.MORPH_GRADIENT, _SIDE)
    return median_of(steps[own > inner])


def _breadth_px(ink: Ink) -> float:
    """Diameter of the largest circle in the piece."""
    paper = np.pad(ink.view(np.uint8), 1)
    return 2.0 * float(cv2.distanceTransform(paper, cv2.DIST_L2, 5).max())


def _fullness(levels: Strokes, ink: Ink) -> float:
    """Share of the piece that is full ink."""
    return float(np.mean(levels[ink] >= _FULL_INK))
