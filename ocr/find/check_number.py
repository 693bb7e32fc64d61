"""Where a check number may be printed a second time: alone on its line, in the upper right."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ocr.components import Boxes, component_boxes
from ocr.find.check_picture import CheckPicture
from ocr.geometry import Box, around

_LEFT, _BOTTOM = 0.5, 0.3  # of width and height: US numbers stand right of and above these
_TALL = (0.013, 0.036)  # of the width: digits of 2 to 5.5 mm; smaller ones are routing fractions
_ALIKE = 0.1  # of the height, and a pixel: how far heights and feet of one number's digits differ
_SIGN_WIDE = (0.12, 4.0)  # of its height: width of a digit, and of bold ones that touch
_GAP = 0.7  # of the height: between its digits; print on a wider pitch is no number's
_WIDE = (1.4, 7.5)  # of the height: width of three to eight digits
_ALONE = 1.2  # of the height: free paper before and behind
_EDGE = 0.2  # of the height: nearer to the check's edge it may be cut off
_ABOVE = 0.6  # of the height: and above; what stands below other print is a fraction's lower half
_MARK = 0.25  # of the height: what is smaller is a speck, anything else there makes it another text
_MARGIN = 0.35  # of the height: paper around the digits
_MOST = 3  # candidates


def find_printed_numbers(check: CheckPicture, taken: Sequence[Box]) -> list[Box]:
    """Find rows of print that stand as a check number does, from the right.

    Equally tall and level signs with free paper at both ends and above: no part of an address, a
    date, a routing fraction or a telephone number, which have signs between, beside or above.

    Args:
        check: The check.
        taken: Where its written fields are, in pixels of the page.

    Returns:
        A few boxes in pixels of the page, with paper around; what they say is to be read.
    """
    found = component_boxes(check.writing[: round(_BOTTOM * check.height)])
    boxes = found[np.argsort(found[:, 0], kind="stable")]
    numbers = [
        number
        for number in _rows_of_signs(boxes, check.width)
        if number.x >= _LEFT * check.width
        and number.right + _EDGE * number.height < check.width
        and _is_alone(number, boxes)
        and not any(_meet(check.on_page(number), other) for other in taken)
    ]
    numbers.sort(key=lambda number: -number.right)
    return [check.on_page(_with_margin(number, check)) for number in numbers[:_MOST]]


def _rows_of_signs(boxes: Boxes, width: int) -> Iterator[Box]:
    """The box around each row of equal signs that is as wide as a number."""
    low, high = (share * width for share in _TALL)
    everything = [Box(*row) for row in boxes.tolist()]
    signs = [
        box
        for box in everything
        if low <= box.height <= high and _SIGN_WIDE[0] <= box.width / box.height <= _SIGN_WIDE[1]
    ]
    while signs:
        row = [signs.pop(0)]
        for sign in list(signs):
            if _goes_on(row[-1], sign):
                row.append(sign)
                signs.remove(sign)
        whole = around(row)
        as_wide = _WIDE[0] <= whole.width / whole.height <= _WIDE[1]
        if as_wide and all(everything[k] in row for k in np.flatnonzero(_lie_in(boxes, whole))):
            yield whole


def _goes_on(before: Box, sign: Box) -> bool:
    reach = 1 + _ALIKE * before.height
    level = abs(before.y - sign.y) <= reach and abs(before.bottom - sign.bottom) <= reach
    return level and -1 <= sign.x - before.right <= _GAP * before.height


def _lie_in(signs: Boxes, row: Box) -> NDArray[np.bool_]:
    """(N,) signs that are no specks and stand within a row: a dash, a point, a slash."""
    tall = signs[:, 2:].max(axis=1) >= _MARK * row.height
    return np.asarray(tall & _reach_into(signs, row))


def _reach_into(signs: Boxes, row: Box) -> NDArray[np.bool_]:
    """(N,) signs that have a pixel in common with a row."""
    x, y, width, height = signs.T
    beside = (x >= row.right) | (x + width <= row.x)
    return np.asarray(~beside & (y < row.bottom) & (y + height > row.y))


def _is_alone(row: Box, boxes: Boxes) -> bool:
    beside, above = round(_ALONE * row.height), round(_ABOVE * row.height)
    wide = Box(row.x - beside, row.y, row.width + 2 * beside, row.height)
    high = Box(row.x, row.y - above, row.width, row.height + above)
    others = boxes[~_reach_into(boxes, row)]
    return not (_lie_in(others, wide) | _lie_in(others, high)).any()


def _with_margin(row: Box, check: CheckPicture) -> Box:
    margin = round(_MARGIN * row.height)
    wide = Box(row.x - margin, row.y - margin, row.width + 2 * margin, row.height + 2 * margin)
    return wide.clipped(check.width, check.height)


def _meet(one: Box, other: Box) -> bool:
    wide = min(one.right, other.right) - max(one.x, other.x)
    tall = min(one.bottom, other.bottom) - max(one.y, other.y)
    return wide > 0 and tall > 0
