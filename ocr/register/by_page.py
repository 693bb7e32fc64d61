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
_MIDDLE = 0.25  # of a box's side left out at each end: a line there may be the box's own
_THROUGH = 0.7  # of a box's width or height: no stroke is as long
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
    """Whether a ruled line runs through the middle of a box."""
    box = pose.box(box_mm)
    across = lines.across[box.slices]
    down = lines.down[box.slices]
    if min(across.shape) < _LINE_PX:
        return False
    return any(
        bool((_middle(each).mean(axis=1) >= _THROUGH).any()) for each in (across, down.T)
    )


def _middle(rows: Ink) -> Ink:
    """The rows well inside."""
    cut = round(_MIDDLE * len(rows))
    thick = cv2.dilate(rows.astype(np.uint8), np.ones((_LINE_PX, 1), np.uint8))
    return np.asarray(thick[cut : len(rows) - cut], np.bool_)
