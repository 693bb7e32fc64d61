"""How large a photographed sheet is, by the perspective of its outline.

A sheet seen at a slant looks shorter than it is. Its corners and a camera's middle tell the focal
length and the true shape (Zhang and He, Whiteboard scanning and image enhancement, 2006).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocr.upright.steps import Corners

PageMm = tuple[float, float]  # width and height

FOCAL = 0.75  # focal length over the picture's longer side: 26 mm on small film, a phone's
_FOCALS = (0.5, 4.0)  # what is believed of a picture; a cropped one has a longer one
_LIKE_PAGE = 0.12  # how far the shape by perspective may be off a known size


def sheet_shape(
    corners: Corners, shape: tuple[int, int], sizes_mm: Sequence[PageMm]
) -> tuple[int, int]:
    """Height and width in pixels that keep all the detail of a photographed sheet.

    Args:
        corners: Its outline in the photo.
        shape: Height and width of the photo.
        sizes_mm: Sizes that the page may have; one is believed if the sheet looks like it, upright
            or on its side.
    """
    seen = _aspect(corners, shape)
    known = [each for width, height in sizes_mm for each in (width / height, height / width)]
    near = min(known, key=lambda each: abs(each / seen - 1), default=seen)
    aspect = near if abs(near / seen - 1) <= _LIKE_PAGE else seen
    lengths = np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
    wide, tall = float(max(lengths[0], lengths[2])), float(max(lengths[1], lengths[3]))
    width = max(wide, tall * aspect)
    return max(1, round(width / aspect)), max(1, round(width))


def _aspect(corners: Corners, shape: tuple[int, int]) -> float:
    """Width over height of the rectangle whose corners are seen there."""
    middle = (np.array(shape[::-1]) - 1) / 2
    longer = max(shape)
    seen = np.column_stack([(corners - middle) / longer, np.ones(4)])
    upper_left, upper_right, lower_right, lower_left = seen
    diagonal = np.cross(upper_left, lower_right)
    across = diagonal @ lower_left / (np.cross(upper_right, lower_right) @ lower_left) * upper_right
    down = diagonal @ upper_right / (np.cross(lower_left, lower_right) @ upper_right) * lower_left
    across, down = across - upper_left, down - upper_left
    focal = _focal(across, down)
    wide, tall = (np.hypot(*side[:2] / focal) ** 2 + side[2] ** 2 for side in (across, down))
    return float(np.sqrt(wide / tall))


def _focal(across: NDArray[np.float64], down: NDArray[np.float64]) -> float:
    """Focal length over the longer side: that at which the sheet's sides are square."""
    vanishing = across[2] * down[2]
    square = -(across[:2] @ down[:2]) / vanishing if abs(vanishing) > 1e-6 else 0.0
    low, high = _FOCALS
    return float(np.sqrt(square)) if low**2 <= square <= high**2 else FOCAL
