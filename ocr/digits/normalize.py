"""The one normalization of a digit, used by training and reading alike.

MNIST's own (LeCun et al. 1998): the ink's bounding box is fitted into 20x20 pixels with its aspect
kept, antialiased, and placed in a 28x28 field with its centre of mass in the middle.
"""

import cv2
import numpy as np

from ocr.arrays import Strokes
from ocr.geometry import Box

FIELD_PX = 28  # side of the network's input
BOX_PX = 20  # longer side of the digit in it
_INK_LEVEL = 32  # gray level from which a pixel counts for the bounding box; below is scanner noise


def normalize(strokes: Strokes, field_px: int = FIELD_PX) -> Strokes:
    """Fit one digit into the network's input field.

    Args:
        strokes: One candidate, (H, W), of any size; 0 = paper, 255 = ink.
        field_px: Side of the square field; the digit takes 20/28 of it.

    Returns:
        (field_px, field_px) gray levels, stretched so that the darkest ink is 255; all 0 for a
        candidate without ink.
    """
    field = np.zeros((field_px, field_px), np.uint8)
    box = ink_box(strokes)
    if not box.width:
        return field
    digit = _stretched(_fitted(strokes[box.slices], field_px * BOX_PX / FIELD_PX))
    top, left = _centred(digit, field_px)
    field[top : top + digit.shape[0], left : left + digit.shape[1]] = digit
    return field


def ink_box(strokes: Strokes) -> Box:
    """The bounding box of the ink, without scanner noise; of no size if there is none."""
    return Box(*cv2.boundingRect((strokes >= _INK_LEVEL).view(np.uint8)))


def _fitted(ink: Strokes, box_px: float) -> Strokes:
    """Resize so that the longer side is `box_px`; the shorter keeps at least one pixel.

    A small candidate goes by twice that size, as the signs of a training do: brought there at once
    it is sharper than what the network learned (of MNIST's test 39 instead of 34 are misread).
    """
    longer = max(ink.shape)
    if longer < 2 * box_px:
        ink = _resized(ink, 2 * box_px / longer, cv2.INTER_CUBIC)
    return _resized(ink, box_px / max(ink.shape), cv2.INTER_AREA)


def _resized(ink: Strokes, scale: float, method: int) -> Strokes:
    height, width = (max(1, round(side * scale)) for side in ink.shape)
    return np.asarray(cv2.resize(ink, (width, height), interpolation=method), np.uint8)


def _stretched(digit: Strokes) -> Strokes:
    """Scale gray levels so that the darkest ink is 255."""
    return np.asarray(np.rint(digit * (255.0 / digit.max())), np.uint8)


def _centred(digit: Strokes, field_px: int) -> tuple[int, int]:
    """Top and left that bring the centre of mass to the field's middle, inside the field."""
    mass = cv2.moments(digit)
    centres = mass["m01"] / mass["m00"], mass["m10"] / mass["m00"]
    top, left = (
        min(max(round(field_px / 2 - centre), 0), field_px - side)
        for centre, side in zip(centres, digit.shape, strict=True)
    )
    return top, left
