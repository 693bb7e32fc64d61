"""Which way up a page is, by its print: neighbours stand close along a line, and on its foot.

The next letter of a line is nearer than the next line: that tells where lines run. Neighbours of
unequal height have the same foot far more often than the same head, since more letters rise above
the others than hang below: that tells head from foot. Digits and capitals say nothing of it.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Ink
from ocr.runs import runs_across

_RULE_PX = 24  # longer straight runs are ruled lines and frames, 8 mm on A4
_SIGN_PX = (4, 40)  # longer side of a sign
_SLIM, _BROAD = 0.125, 2.0  # of its height: how wide a sign may be; two that touch count as one
_REACH = 0.8  # of its longer side: how far off its neighbour may begin
_ALIKE = 2.2  # times as tall: neighbours of one print
_SAME_PX, _SAME = 1.0, 0.08  # heads or feet that far apart, or that share of the height, are level
_UNEQUAL_PX, _UNEQUAL = 2.0, 0.18  # from here on they are not
_MOST_SIGNS = 1500  # looked at, from the page's foot on: a page of print has 3000, a texture more

_LEAST_IN_LINE = 12  # signs; fewer do not say where lines run
_LINES = 2.0  # times as many in line along rows as along columns; of 35 pages 3 to 200
_LEAST_UNEQUAL = 10  # pairs that tell head from foot; fewer may be chance
_FEET = 3.0  # times as many pairs on the foot as on the head: certain

Boxes = NDArray[np.int64]  # (N, 4) left, top, width, height
Owners = NDArray[np.int32]  # (H, W) number of the box that a pixel belongs to, -1 for none
Gaps = NDArray[np.float64]  # (N,) pixels to the next box; infinite where none is in reach


@dataclass(frozen=True, slots=True)
class Standing:
    """How the signs of a page stand to one another along its rows.

    Attributes:
        in_line: Signs whose nearest neighbour is beside them, with the same foot or head.
        on_foot: Neighbours of unequal height on the same foot.
        on_head: Such with the same head: those of upright print that hang below their line.
    """

    in_line: int
    on_foot: int
    on_head: int

    @property
    def is_upright(self) -> bool:
        """Certainly, not merely likely."""
        unequal = self.on_foot + self.on_head
        return unequal >= _LEAST_UNEQUAL and self.on_foot >= _FEET * self.on_head

    @property
    def upside_down(self) -> "Standing":
        """How they stand after half a turn."""
        return Standing(self.in_line, self.on_head, self.on_foot)


def standing_of(ink: Ink) -> tuple[Standing, Standing]:
    """How the print of a level page stands as it is, and after a quarter turn clockwise."""
    boxes = _signs(ink)
    owners = _owners(boxes, ink.shape)
    aside = _aside(boxes, ink.shape[0])
    owners_aside = np.rot90(owners, -1)
    beside, gap = _neighbours(boxes, owners)
    below, gap_aside = _neighbours(aside, owners_aside)
    return _standing(boxes, beside, gap < gap_aside), _standing(aside, below, gap_aside < gap)


def is_sideways(as_it_is: Standing, aside: Standing) -> bool:
    """Whether lines run down the page, by how print stands before and after a quarter turn."""
    return aside.in_line >= max(_LEAST_IN_LINE, _LINES * as_it_is.in_line)


def _signs(ink: Ink) -> Boxes:
    """The pieces of print without ruled lines."""
    pixels = ink.view(np.uint8)
    across = runs_across(pixels, _RULE_PX)
    down = cv2.morphologyEx(pixels, cv2.MORPH_OPEN, np.ones((_RULE_PX, 1), np.uint8))
    rules = cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))
    left = cv2.bitwise_and(pixels, 1 - rules)
    outlines, _ = cv2.findContours(left, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = np.array([cv2.boundingRect(outline) for outline in outlines], np.int64).reshape(-1, 4)
    longer = boxes[:, 2:].max(axis=1)
    sized = (longer >= _SIGN_PX[0]) & (longer <= _SIGN_PX[1])
    return np.asarray(boxes[sized][:_MOST_SIGNS], np.int64)


def _aside(boxes: Boxes, height: int) -> Boxes:
    """The boxes after the page of that height is turned clockwise by 90 degrees."""
    x, y, wide, tall = boxes.T
    return np.stack([height - y - tall, x, tall, wide], axis=1)


def _owners(boxes: Boxes, shape: tuple[int, ...]) -> Owners:
    """A map of the page that holds each box's number."""
    owners = np.full(shape, -1, np.int32)
    for number, (x, y, wide, tall) in enumerate(boxes.tolist()):
        owners[y : y + tall, x : x + wide] = number
    return owners


def _neighbours(boxes: Boxes, owners: Owners) -> tuple[NDArray[np.int64], Gaps]:
    """The next box to the right of each, at half its height, and how far off it begins."""
    x, y, wide, tall = boxes.T
    reach = _REACH * boxes[:, 2:].max(axis=1)
    steps, numbers = np.arange(round(_REACH * _SIGN_PX[1]) + 1)[:, None], np.arange(len(boxes))
    columns = np.minimum(x + wide + steps, owners.shape[1] - 1)
    owner = owners[y + tall // 2, columns]
    near = (owner >= 0) & (owner != numbers) & (steps <= reach)
    first = near.argmax(axis=0)
    found = near[first, numbers]
    return np.where(found, owner[first, numbers], -1), np.where(found, first, np.inf)


def _standing(boxes: Boxes, beside: NDArray[np.int64], is_nearer: NDArray[np.bool_]) -> Standing:
    """Compare head and foot of those signs with their nearest neighbour beside them."""
    _, _, wide, tall = boxes.T
    sign = (tall >= _SIGN_PX[0]) & (wide >= _SLIM * tall) & (wide <= _BROAD * tall)
    one = np.flatnonzero(is_nearer & sign & sign[beside])
    (_, top, _, tall), (_, top_2, _, tall_2) = boxes[one].T, boxes[beside[one]].T
    tallest = np.maximum(tall, tall_2)
    alike = tallest <= _ALIKE * np.minimum(tall, tall_2)
    heads, feet = np.abs(top - top_2), np.abs(top + tall - top_2 - tall_2)
    same, unequal = (
        np.maximum(px, share * tallest)
        for px, share in ((_SAME_PX, _SAME), (_UNEQUAL_PX, _UNEQUAL))
    )
    on_foot = (heads >= unequal) & (feet <= same) & alike
    on_head = (heads <= same) & (feet >= unequal) & alike
    in_line = ((heads <= same) | (feet <= same)) & alike
    return Standing(int(in_line.sum()), int(on_foot.sum()), int(on_head.sum()))
