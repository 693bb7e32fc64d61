"""The reduced page that forms are registered on; made once, whatever the number of forms."""

from dataclasses import dataclass

import cv2
import numpy as np

from ocr.arrays import Gray, Ink
from ocr.scaling import Reducible

# Of the reduced page: 3.4 px per mm of A4, where a ruled line is nearly 1 px wide. At 877, which is
# 300 dpi halved twice, light gray lines and dotted ones of a fax are lost.
_LONGER_SIDE_PX = 1000
_PAPER_PX = 21  # wider than print and ruled lines, narrower than shadows
_INK_DARKNESS = 14  # gray levels below the mean around: a light gray line, blurred, still has 20
_RUN_MM = (5.0, 3.2)  # across, down: longer than most letters, shorter than the lines of a comb
_RUN_COVERS = 0.72  # share of a run that is ink: noise and thresholds leave gaps in a line


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A page reduced for registration.

    Attributes:
        gray: The reduced page.
        ink: Its pixels darker than the paper around.
        scale: Pixels of it to one of the page.
    """

    gray: Gray
    ink: Ink
    scale: float


@dataclass(frozen=True, slots=True, eq=False)
class Ruled:
    """Pixels on straight lines: `across` the page, and `down` it."""

    across: Ink
    down: Ink


def reduce(page: Reducible) -> Sheet:
    """Reduce a page."""
    scale = min(1.0, _LONGER_SIDE_PX / max(page.shape))
    reduced = page.reduced(scale, by_steps=True)
    around = cv2.blur(reduced, (_PAPER_PX, _PAPER_PX))
    ink = np.asarray(cv2.subtract(around, reduced) > _INK_DARKNESS)
    return Sheet(reduced, ink, scale)


def ruled(ink: Ink, px_per_mm: float, covers: float = _RUN_COVERS) -> Ruled:
    """Pixels in the middle of straight runs of which ink covers that share."""
    _, level = cv2.threshold(ink.view(np.uint8), 0, 255, cv2.THRESH_BINARY)
    across, down = (max(3, round(mm * px_per_mm) | 1) for mm in _RUN_MM)
    limit = int(covers * 255)
    return Ruled(
        np.asarray(cv2.blur(level, (across, 1)) > limit),
        np.asarray(cv2.blur(level, (1, down)) > limit),
    )
