"""Registration by the page's size alone, for forms of which nothing need be printed.

The page is taken to fill the scan. That is a guess, and what is seen may contradict it: another
shape, or ruled lines that run through the fields.
"""

import cv2
import numpy as np

from ocr.arrays import Ink
from ocr.forms import Form
from ocr.register.pose import Pose
from ocr.register.sheet import Ruled, Sheet, ruled

_SHAPE = 0.08  # how far width over height may be off: sheets are cut and scanners crop
_LEAST_CROSSED = 0.3  # of the fields, and two at least: one may be struck out
_MIDDLE = 0.25  # of a box's side left out at each end: a line there may be its own
_PAST = 0.1  # of a box's side: how far past it a line must reach; writing hardly does
_THROUGH = 0.85  # of that way: what crosses a line leaves gaps
_LINE_PX = 3  # a line's breadth on the reduced page, and a little askew

BoxMm = tuple[float, float, float, float]


def start(sheet: Sheet, form: Form) -> Pose | None:
    """The pose of a page that fills its scan; None if what is seen contradicts it."""
    width_mm, height_mm = form.page_mm or (1.0, 1.0)
    height, width = sheet.gray.shape
    if abs(width / height * height_mm / width_mm - 1) > _SHAPE:
        return None
    pose = Pose(np.array([[width / width_mm, 0, 0], [0, height / height_mm, 0]]))
    boxes = [field.box_mm for field in form.fields if field.box_mm and field.rows is None]
    lines = ruled(sheet.ink, pose.px_per_mm)
    crossed = sum(_is_crossed(lines, pose, box) for box in boxes)
    return None if crossed >= max(2, _LEAST_CROSSED * len(boxes)) else pose


def _is_crossed(lines: Ruled, pose: Pose, box_mm: BoxMm) -> bool:
    """Whether a line runs right through the middle of a box, across or down, and past its ends."""
    left, top, width, height = box_mm
    wide = (left - _PAST * width, top, (1 + 2 * _PAST) * width, height)
    tall = (left, top - _PAST * height, width, (1 + 2 * _PAST) * height)
    across, down = lines.across[pose.box(wide).slices], lines.down[pose.box(tall).slices].T
    return any(_has_line(rows) for rows in (across, down) if min(rows.shape) >= _LINE_PX)


def _has_line(rows: Ink) -> bool:
    """Whether a row in the middle is a line from end to end."""
    thick = cv2.dilate(rows.astype(np.uint8), np.ones((_LINE_PX, 1), np.uint8))
    cut = round(_MIDDLE * len(thick))
    return bool((thick[cut : len(thick) - cut].mean(axis=1) >= _THROUGH).any())
