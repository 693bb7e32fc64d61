"""Which way up a page is, by how its print stands: neighbours share a baseline.

Letters, digits and signs stand next to one another along a line, and on it: neighbours of unequal
height have the same foot far more often than the same head, since more letters rise above the
others than hang below. Digits and capitals say nothing, and cost nothing.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Ink

_RULE_PX = 24  # longer straight runs are ruled lines and frames, 8 mm on A4
_HEIGHT_PX = (4, 40)  # of a sign
_SLIM, _BROAD = 0.125, 2.0  # of its height: how wide a sign may be; two that touch count as one
_REACH = 0.8  # of its height: how far off its neighbour may begin
_ALIKE = 2.2  # times as tall: neighbours of one print
_SAME_PX, _SAME = 1.0, 0.08  # heads or feet that far apart, or that share of the height, are level
_UNEQUAL_PX, _UNEQUAL = 2.0, 0.18  # from here on they are not

_MOST_SIGNS = 1500  # looked at, from the page's foot on: a page of print has 3000, a texture more

Boxes = NDArray[np.int64]  # (N, 4) left, top, width, height
Owners = NDArray[np.int32]  # (H, W) number of the box that a pixel belongs to, -1 for none


# Of 22 real checks and 13 drawn pages lines have 2.4 to 189 times the pairs that columns have, and
# on_foot is 0.7 (a texture) to 20 times on_head.
_LEAST_PAIRS = 12
_MORE_PAIRS = 2.0  # along one axis than along the other: that is where lines run
_FEET = 3.0  # times as many pairs on the foot as on the head: certain
_LEAST_UNEQUAL = 10  # pairs that tell head from foot; fewer may be chance (3 to 1: 5 %)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the neighbours along one axis stand to one another.

    Attributes:
        level: Pairs with the same head and the same foot.
        on_foot: Pairs with the same foot only.
        on_head: Pairs with the same head only: so many of upright print stand on their foot.
    """

    level: int
    on_foot: int
    on_head: int

    @property
    def pairs(self) -> int:
        """All pairs in line with one another."""
        return self.level + self.on_foot + self.on_head

    @property
    def is_upright(self) -> bool:
        """Certainly, not merely likely."""
        return (
            self.on_foot + self.on_head >= _LEAST_UNEQUAL and self.on_foot >= _FEET * self.on_head
        )

    @property
    def upside_down(self) -> "Standing":
        """How it stands after half a turn."""
        return Standing(self.level, self.on_head, self.on_foot)


def is_sideways(as_it_is: Standing, turned: Standing) -> bool:
    """Whether lines run down the page, by how print stands before and after a quarter turn."""
    return turned.pairs >= max(_LEAST_PAIRS, _MORE_PAIRS * as_it_is.pairs)


def standing_of(ink: Ink) -> tuple[Standing, Standing]:
    """How the print of a level page stands as it is, and after a quarter turn clockwise."""
    boxes = _signs(ink)
    owners = _owners(boxes, ink.shape)
    return _standing(boxes, owners), _standing(_turned(boxes, ink.shape[0]), np.rot90(owners, -1))


def _signs(ink: Ink) -> Boxes:
    """The pieces of print without ruled lines."""
    pixels = ink.astype(np.uint8)
    rules = cv2.morphologyEx(pixels, cv2.MORPH_OPEN, np.ones((1, _RULE_PX), np.uint8))
    down = cv2.morphologyEx(pixels, cv2.MORPH_OPEN, np.ones((_RULE_PX, 1), np.uint8))
    rules = cv2.dilate(cv2.bitwise_or(rules, down), np.ones((3, 3), np.uint8))
    left = cv2.bitwise_and(pixels, 1 - rules)
    outlines, _ = cv2.findContours(left, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = np.array([cv2.boundingRect(outline) for outline in outlines], np.int64).reshape(-1, 4)
    large = boxes[:, 2:].max(axis=1) >= _HEIGHT_PX[0]
    return np.asarray(boxes[large][:_MOST_SIGNS], np.int64)


def _turned(boxes: Boxes, height: int) -> Boxes:
    """The boxes after the page of that height is turned clockwise by 90 degrees."""
    x, y, wide, tall = boxes.T
    return np.stack([height - y - tall, x, tall, wide], axis=1)


def _owners(boxes: Boxes, shape: tuple[int, ...]) -> Owners:
    """A map of the page that holds each box's number."""
    owners = np.full(shape, -1, np.int32)
    for number, (x, y, wide, tall) in enumerate(boxes.tolist()):
        owners[y : y + tall, x : x + wide] = number
    return owners


def _standing(boxes: Boxes, owners: Owners) -> Standing:
    left, right = _neighbours(boxes, owners)
    (_, top, _, tall), (_, top_2, _, tall_2) = boxes[left].T, boxes[right].T
    tallest = np.maximum(tall, tall_2)
    alike = tallest <= _ALIKE * np.minimum(tall, tall_2)
    heads, feet = np.abs(top - top_2)[alike], np.abs(top + tall - top_2 - tall_2)[alike]
    same = np.maximum(_SAME_PX, _SAME * tallest[alike])
    unequal = np.maximum(_UNEQUAL_PX, _UNEQUAL * tallest[alike])
    return Standing(
        int(((heads <= same) & (feet <= same)).sum()),
        int(((heads >= unequal) & (feet <= same)).sum()),
        int(((heads <= same) & (feet >= unequal)).sum()),
    )


def _neighbours(boxes: Boxes, owners: Owners) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Indices of signs and of those that stand next to their right, at half their height."""
    x, y, wide, tall = boxes.T
    sign = (tall >= _HEIGHT_PX[0]) & (tall <= _HEIGHT_PX[1])
    sign &= (wide >= _SLIM * tall) & (wide <= _BROAD * tall)
    nearest = np.full(len(boxes), -1)
    for step in range(round(_REACH * _HEIGHT_PX[1]), -1, -1):
        columns = x + wide + step
        inside = np.minimum(columns, owners.shape[1] - 1)
        owner = owners[y + tall // 2, inside]
        near = (columns == inside) & (step <= _REACH * tall) & (owner >= 0)
        nearest[near] = owner[near]
    left = np.flatnonzero(sign & (nearest >= 0) & sign[nearest])
    return left, nearest[left]
