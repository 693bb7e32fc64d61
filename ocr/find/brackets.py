"""Brackets to write in: a line with sides that go up at both ends, open above, ``|____|``."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.find.lines import RuledLine
from ocr.find.ruling import Ruling
from ocr.find.writing_lines import ROOM_MM, room_above
from ocr.geometry import Box

_SIDES_MM = (2.4, 18.0)  # how far up they go, and less than that down
_NEAR_MM = 1.2  # from a line's end to its side


def is_cornered(ruling: Ruling, line: RuledLine) -> bool:
    """Whether upright lines stand at both ends: the line is a frame's edge."""
    reach = round(_NEAR_MM * ruling.px_per_mm)
    rows = slice(max(0, round(line.at) - reach), round(line.at) + reach + 1)
    return all(
        bool(ruling.down[rows, max(0, end - reach) : end + reach].any())
        for end in (line.start, line.end)
    )


def room_in_bracket(ruling: Ruling, line: RuledLine, lines: Sequence[RuledLine]) -> Box | None:
    """Where one writes between upright lines at both ends of a line, open above: ``|____|``.

    Sides lower than a digit leave the room above the line.
    """
    least, most = (side * ruling.px_per_mm for side in _SIDES_MM)
    reaches = [_reach_of_upright(ruling, line, end) for end in (line.start, line.end)]
    if any(below > least or not least <= above <= most for above, below in reaches):
        return None
    tall = max(above for above, _ in reaches)
    if _is_closed(ruling, line, round(line.at) - tall):
        return None
    if tall < ROOM_MM[0] * ruling.px_per_mm:
        return room_above(line, lines, ruling.px_per_mm)
    top = round(line.at) - tall
    return Box(line.start, top, line.length, tall + 1)


def _is_closed(ruling: Ruling, line: RuledLine, top: int) -> bool:
    """Whether another line runs above one, where the sides end: a frame."""
    reach = round(_NEAR_MM * ruling.px_per_mm)
    above = ruling.across[max(0, top - reach) : top + reach, line.start : line.end]
    return cv2.countNonZero(cv2.reduce(above, 0, cv2.REDUCE_MAX)) > line.length / 2


def _reach_of_upright(ruling: Ruling, line: RuledLine, end: int) -> tuple[int, int]:
    """How many pixels a line down at one end of a line goes up, and down, from there."""
    reach, row = round(_NEAR_MM * ruling.px_per_mm), round(line.at)
    columns = ruling.down[:, max(0, end - reach) : end + reach]
    drawn = np.asarray(columns.any(axis=1), np.bool_)
    return _run_near_start(drawn[:row][::-1], reach), _run_near_start(drawn[row + 1 :], reach)


def _run_near_start(drawn: NDArray[np.bool_], reach_px: int) -> int:
    """How far true values go that begin near the start, with breaks no longer than that."""
    places = np.flatnonzero(drawn)
    breaks = np.flatnonzero(np.diff(places, prepend=-1) > reach_px)
    run = places[: breaks[0]] if breaks.size else places
    return int(run[-1]) + 1 if run.size else 0
