"""Boxes: where something is on a page."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-parallel rectangle in pixels; (x, y) is its top left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """First column past the box."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """First row past the box."""
        return self.y + self.height

    @property
    def slices(self) -> tuple[slice, slice]:
        """Index of the box's pixels in an array of shape (H, W)."""
        return slice(self.y, self.bottom), slice(self.x, self.right)

    def moved(self, dx: int, dy: int) -> "Box":
        """The same box, shifted."""
        return Box(self.x + dx, self.y + dy, self.width, self.height)

    def has_middle_of(self, other: "Box") -> bool:
        """Whether the middle of another box is in this one."""
        x, y = other.x + other.width / 2, other.y + other.height / 2
        return self.x <= x < self.right and self.y <= y < self.bottom

    def clipped(self, width: int, height: int) -> "Box":
        """The part of the box inside a page of that size; empty (0 wide or high) if none is."""
        x, y = min(max(self.x, 0), width), min(max(self.y, 0), height)
        right, bottom = min(max(self.right, x), width), min(max(self.bottom, y), height)
        return Box(x, y, right - x, bottom - y)


def sides_of(boxes: Sequence[Box]) -> NDArray[np.int64]:
    """(N, 4) left, top, right and bottom of boxes."""
    sides = [(box.x, box.y, box.right, box.bottom) for box in boxes]
    return np.array(sides, np.int64).reshape(-1, 4)


def middles_in(boxes: Sequence[Box], rooms: Sequence[Box]) -> list[bool]:
    """For each box whether its middle is in any of some rooms."""
    sides = sides_of(boxes)
    x, y = (sides[:, :2] + sides[:, 2:]).T[..., None] / 2
    left, top, right, bottom = sides_of(rooms).T
    inside = (left <= x) & (x < right) & (top <= y) & (y < bottom)
    return [bool(each) for each in inside.any(axis=1)]


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds all of some boxes."""
    lefts, tops, rights, bottoms = zip(
        *((box.x, box.y, box.x + box.width, box.y + box.height) for box in boxes), strict=True
    )
    left, top = min(lefts), min(tops)
    return Box(left, top, max(rights) - left, max(bottoms) - top)
