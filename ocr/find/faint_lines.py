"""Lines and narrow grounds so light that only their length tells them from the paper's texture.

They are no lines of the page, as folds and what shows through from the other side are light and
long too: only what they make together, such as a comb, is taken for print.
"""

from dataclasses import replace

import cv2
import numpy as np

from ocr.arrays import Gray
from ocr.find.ruling import Ruling
from ocr.runs import Bits, runs_across, turned

_ALONG_PX = 7  # pixels along a line that are averaged
_DARKER = 10  # gray levels than the paper; averaged noise of scans reaches 6
_SHORTEST_MM = (9.0, 3.2)  # across and down: three narrow cells, the lowest cell
_EVERY_PX = 4  # pixel that tells the usual darkness of the paper


def with_faint_lines(ruling: Ruling) -> Ruling | None:
    """The lines of a page and all light ones; None if there are hardly any."""
    usual = float(np.median(ruling.darkness[::_EVERY_PX, ::_EVERY_PX]))
    wide, tall = (round(side * ruling.px_per_mm) for side in _SHORTEST_MM)
    across = _faint_across(ruling.darkness, usual + _DARKER, wide)
    around = np.ones((5, _ALONG_PX + 2), np.uint8)  # where averages and soft edges of ink reach
    dark = np.asarray(cv2.dilate(ruling.ink.view(np.uint8), around), np.uint8)
    if cv2.countNonZero(across & ~dark) < wide:
        return None
    down = turned(_faint_across(turned(ruling.darkness), usual + _DARKER, tall))
    return replace(ruling, across=across | ruling.across, down=down | ruling.down)


def _faint_across(darkness: Gray, least: float, shortest_px: int) -> Bits:
    soft = cv2.blur(darkness, (_ALONG_PX, 1))
    _, faint = cv2.threshold(soft, least, 1, cv2.THRESH_BINARY)
    return runs_across(np.asarray(faint, np.uint8), shortest_px)
