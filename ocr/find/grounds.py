"""Grounds: tinted places on white paper and white places on a tinted form, which no line surrounds.

Their edges are steps of brightness. Taken as lines they enclose cells, combs and tables as printed
lines do.
"""

import cv2
import numpy as np

from ocr.arrays import Gray
from ocr.runs import Bits, runs_across, turned

_TINT = 12  # gray levels below the lightest paper around: a light print; shades of scans are less
_AROUND_MM = 30.0  # how far that is looked for: further than any field is tall
_EVERY_PX = 8  # pixels to the next that is asked whether there is any tint
_LEAST_MM2 = 22.0  # the smallest box
_STEP = 10  # gray levels from one ground to the other, smoothed
_REACH_PX = 2  # on either side of a step: printed edges are that blurred
_DARKEST = 90  # gray level; a darker ground is a block of colour, and has no sides of a place
_UNEVEN = (3, 10)  # gray levels from one place asked to the next, where no printed ground ends
_MOST_UNEVEN = 0.04  # share of such places: of tinted forms below 0.01, of photographs from 0.07


def has_tints(paper: Gray, px_per_mm: float) -> bool:
    """Whether anything printed on a page has another ground than the paper around it.

    The shades of a picture are no grounds.

    Args:
        paper: The page without what is thinner than any ground.
        px_per_mm: Its scale.
    """
    some = np.ascontiguousarray(paper[::_EVERY_PX, ::_EVERY_PX])
    around = round(_AROUND_MM * px_per_mm / _EVERY_PX) | 1
    lightest = cv2.dilate(some, np.ones((around, around), np.uint8))
    tinted = cv2.countNonZero(cv2.subtract(lightest, some) // _TINT)
    return tinted * (_EVERY_PX / px_per_mm) ** 2 >= _LEAST_MM2 and _are_even(_smooth(paper))


def edges_of_grounds(paper: Gray, wide_px: int, tall_px: int) -> tuple[Bits, Bits]:
    """The straight edges of a page's grounds, across and down.

    Args:
        paper: The page without what is thinner than any ground.
        wide_px: The shortest edge across.
        tall_px: The shortest edge down.
    """
    smooth = _smooth(paper)
    across = _steps(smooth, wide_px)
    down = _steps(turned(smooth), tall_px, _DARKEST)
    return across, turned(down)


def _smooth(paper: Gray) -> Gray:
    return np.asarray(cv2.blur(paper, (3, 3)), np.uint8)


def _are_even(smooth: Gray) -> bool:
    """Whether the grounds are printed ones, each of one brightness."""
    some = np.ascontiguousarray(smooth[::_EVERY_PX, ::_EVERY_PX])
    off = np.asarray(cv2.absdiff(some[:, 1:], some[:, :-1]), np.uint8)
    least, most = _UNEVEN
    return float(((off > least) & (off < most)).mean()) <= _MOST_UNEVEN if off.size else False


def _steps(smooth: Gray, shortest_px: int, darkest: int = 0) -> Bits:
    """Horizontal runs of pixels with unlike grounds above and below, neither darker than that."""
    steps = np.zeros_like(smooth)
    if len(smooth) > 2 * _REACH_PX:
        off = cv2.absdiff(smooth[: -2 * _REACH_PX], smooth[2 * _REACH_PX :])
        steps[_REACH_PX:-_REACH_PX] = off > _STEP
    if darkest:
        around = np.ones((4 * _REACH_PX + 1, 1), np.uint8)
        steps[cv2.erode(smooth, around) < darkest] = 0
    runs = runs_across(steps, shortest_px)
    return np.asarray(cv2.erode(runs, np.ones((3, 1), np.uint8)), np.uint8)  # a line's breadth
