"""Lines and narrow grounds so light that only their length tells them from the paper's texture.

They are no lines of the page, as folds and what shows through from the other side are light and
long too: only what they make together, such as a comb, is taken for print.
"""

from dataclasses import replace

import cv2
import numpy as np

from ocr.arrays import Gray
from ocr.find.ruling import Ruling
from ocr.levels import percentiles_of
from ocr.runs import Bits, runs_across, turned

_ALONG_PX = 7  # pixels along a line that are averaged
_DARKER = 10  # gray levels than the paper; averaged noise of scans reaches 6
_SHORTEST_MM = (9.0, 3.2)  # across and down: three narrow cells, the lowest cell
_PRINT = (5, _ALONG_PX + 2)  # where averages and soft edges of ink reach
_EVERY_PX = 4  # pixel that tells the usual darkness of the paper
_HALVED_MM = 4.5  # of a light line are left on a halved picture, half as dark


def _may_have_faint_lines(ruling: Ruling) -> bool:
    """Whether anything light and long is away from the ink; most pages have nothing.

    Halved pictures tell, in a tenth of the time that looking for the lines themselves takes.
    """
    height, width = (side // 2 for side in ruling.ink.shape)
    if min(height, width) == 0:
        return False
    darkness, ink = (
        np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
        for picture in (ruling.darkness, ruling.ink.view(np.uint8) * np.uint8(255))
    )
    least = _usual_darkness(ruling) + _DARKER / 2
    light = _faint_across(darkness, least, round(_HALVED_MM / 2 * ruling.px_per_mm))
    return _reach_beyond(light, ink) > 0


def with_faint_lines(ruling: Ruling) -> Ruling | None:
    """The lines of a page and all light ones; None if there are hardly any."""
    if not _may_have_faint_lines(ruling):
        return None
    least = _usual_darkness(ruling) + _DARKER
    wide, tall = (round(side * ruling.px_per_mm) for side in _SHORTEST_MM)
    across = _faint_across(ruling.darkness, least, wide)
    if _reach_beyond(across, ruling.ink.view(np.uint8)) < wide:
        return None
    down = turned(_faint_across(turned(ruling.darkness), least, tall))
    return replace(ruling, across=across | ruling.across, down=down | ruling.down)


def _usual_darkness(ruling: Ruling) -> float:
    """Gray levels that the paper's texture is usually darker than its lightest places."""
    some = np.ascontiguousarray(ruling.darkness[::_EVERY_PX, ::_EVERY_PX])
    return percentiles_of(some, [50.0])[0]


def _reach_beyond(lines: Bits, ink: Bits) -> int:
    """How many pixels of lines are not beside ink."""
    beside = cv2.dilate(ink, np.ones(_PRINT, np.uint8))
    return cv2.countNonZero(lines) - cv2.countNonZero(cv2.bitwise_and(lines, lines, mask=beside))


def _faint_across(darkness: Gray, least: float, shortest_px: int) -> Bits:
    soft = cv2.blur(darkness, (_ALONG_PX, 1))
    _, faint = cv2.threshold(soft, least, 1, cv2.THRESH_BINARY)
    return runs_across(np.asarray(faint, np.uint8), shortest_px)
