"""Pages and crops at another size."""

from typing import Protocol, Self

import cv2
import numpy as np

from ocr.arrays import Gray
from ocr.geometry import Box


class Reducible(Protocol):
    """A page that may be looked at reduced, whole or in part."""

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width, in pixels."""

    def part(self, box: Box) -> Self:
        """A part of it; `box` lies inside it."""

    def reduced(self, scale: float, *, by_steps: bool = False) -> Gray:
        """(H, W) with its sides times `scale`, at most 1; by steps: a quarter of a pixel off."""


class Halvings:
    """A picture halved again and again; each halving is made once, when it is asked for.

    Halving by areas is antialiased and thirty times faster than any other reduction by areas.
    """

    def __init__(self, gray: Gray) -> None:
        self._made = [gray]

    def __getitem__(self, times: int) -> Gray:
        """(H, W) the picture halved so often; an odd last row or column is left out."""
        while len(self._made) <= times:
            self._made.append(_halved(self._made[-1]))
        return self._made[times]


def scaled(gray: Gray, factor: float) -> Gray:
    """A picture with its sides times `factor`, antialiased; enlarged without ringing at lines.

    Each side keeps at least one pixel: a strip may be a thousand times longer than wide.
    """
    height, width = (max(1, round(side * factor)) for side in gray.shape)
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(gray, (width, height), interpolation=method), np.uint8)


def _halved(gray: Gray) -> Gray:
    """Half as large; a strip one pixel wide keeps it."""
    height, width = (max(1, side // 2) for side in gray.shape)
    even = gray[: 2 * height, : 2 * width]
    return np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
