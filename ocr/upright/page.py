"""An upright page: where its pixels are on the scan, and the pixels themselves when asked for.

Warping a whole 300-dpi page takes longer than decoding its JPEG. So only the geometry is kept:
fields are cut out of the scan one by one, and what looks for them sees the page reduced.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray
from ocr.geometry import Box
from ocr.micr import MicrLine, find_on_check
from ocr.scaling import Halvings
from ocr.upright.stepwise import SLIGHT_SKEW_DEG, rotated_by_steps

Homography = NDArray[np.float64]  # (3, 3), between pixel middles (x, y, 1), columns first

_PAPER = (255.0,)  # what lies outside the scan
_ENLARGED = 1.12  # times: so much a halving may be too small to be reduced, and is enlarged


@dataclass(frozen=True, eq=False)
class UprightPage:
    """A page as a person holds it to read.

    Attributes:
        scan: (H, W) the page as scanned.
        shape: Height and width of the upright page, in pixels.
        to_scan_px: From a pixel of the upright page to its place on the scan.
        halvings: The scan, and the scan halved.
        turn_deg: How far the page lay turned on the scan, counter-clockwise: 0, 90, 180 or 270.
        skew_deg: The skew that was taken out, counter-clockwise positive.
        flattened: Whether it was cut out of a photo; `scan` is then evenly lit.
    """

    scan: Gray
    shape: tuple[int, int]
    to_scan_px: Homography
    halvings: Halvings
    turn_deg: int = 0
    skew_deg: float = 0.0
    flattened: bool = False

    @cached_property
    def gray(self) -> Gray:
        """(H, W) the whole page; corners that come from outside the scan are paper."""
        return self.cut(Box(0, 0, self.shape[1], self.shape[0]))

    @cached_property
    def micr_line(self) -> MicrLine | None:
        """The MICR line of a check that fills the page; its way up, its form and fields ask for it.

        None if there is none, or not upright.
        """
        return find_on_check(self)

    def cut(self, box: Box, every: tuple[int, int] = (1, 1)) -> Gray:
        """(H, W) a part of the page, at the scan's resolution.

        Args:
            box: It lies inside the page.
            every: Of how many rows and columns one is cut out.
        """
        rows, columns = every
        if self._only_turned:
            whole = np.rot90(self.scan[self.to_scan(box).slices], -self.turn_deg // 90)
            return whole[::rows, ::columns]
        to_scan_px = self.to_scan_px @ np.array([[columns, 0, box.x], [0, rows, box.y], [0, 0, 1]])
        return _warped(self.scan, to_scan_px, (-(-box.width // columns), -(-box.height // rows)))

    def part(self, box: Box) -> "UprightPage":
        """A part of the page, as a page; `box` lies inside it. All of it is the page itself."""
        if box == Box(0, 0, self.shape[1], self.shape[0]):
            return self
        to_scan_px = self.to_scan_px @ _shift(box.x, box.y)
        return replace(self, shape=(box.height, box.width), to_scan_px=to_scan_px)

    def reduced(self, scale: float, *, by_steps: bool = False) -> Gray:
        """(H, W) the page with its sides times `scale`, at most 1, made of the scan halved.

        Args:
            scale: Pixels of it to one of the page.
            by_steps: Whether a slight skew may be taken out by steps of a quarter of a pixel, in
                a quarter of the time; small signs may look different.
        """
        height, width = (max(1, round(side * scale)) for side in self.shape)
        times = max(0, int(np.log2(_ENLARGED / scale)))
        scan = self.halvings[times]
        most_deg = SLIGHT_SKEW_DEG if by_steps else 0.0
        if abs(self.skew_deg) <= most_deg and self._is_whole:
            size = (height, width) if self.turn_deg % 180 else (width, height)
            level = rotated_by_steps(np.asarray(cv2.resize(scan, size), np.uint8), self.skew_deg)
            return np.ascontiguousarray(np.rot90(level, -self.turn_deg // 90))
        from_reduced = _stretch(self.shape[1] / width, self.shape[0] / height)
        to_halved = _stretch(scan.shape[1] / self.scan.shape[1], scan.shape[0] / self.scan.shape[0])
        return _warped(scan, to_halved @ self.to_scan_px @ from_reduced, (width, height))

    def to_scan(self, box: Box) -> Box:
        """The smallest box on the scan that holds a box of the upright page."""
        sides = ((box.x, box.right), (box.y, box.bottom))
        corners = np.array([[(x - 0.5, y - 0.5) for x in sides[0] for y in sides[1]]], np.float64)
        xy = cv2.perspectiveTransform(corners, self.to_scan_px)[0] + 0.5
        left, top = np.floor(xy.min(axis=0) + _FUZZ_PX).astype(int)
        right, bottom = np.ceil(xy.max(axis=0) - _FUZZ_PX).astype(int)
        found = Box(int(left), int(top), int(right - left), int(bottom - top))
        return found.clipped(self.scan.shape[1], self.scan.shape[0])

    def turned(self, turn_deg: int) -> "UprightPage":
        """The page if it lies further turned than was thought, by 90, 180 or 270 degrees.

        For callers that know better: a form tries which turn it fits.
        """
        height, width = self.shape if turn_deg % 180 == 0 else self.shape[::-1]
        turn = _quarter_turn(width, height, turn_deg)
        return replace(
            self,
            shape=(height, width),
            to_scan_px=self.to_scan_px @ turn,
            turn_deg=(self.turn_deg + turn_deg) % 360,
        )

    def deskewed(self, skew_deg: float) -> "UprightPage":
        """The page without a skew about its middle; of the same size."""
        height, width = self.shape
        middle = ((width - 1) / 2, (height - 1) / 2)
        rotation = np.vstack([cv2.getRotationMatrix2D(middle, skew_deg, 1.0), [0.0, 0.0, 1.0]])
        return replace(
            self, to_scan_px=self.to_scan_px @ rotation, skew_deg=self.skew_deg + skew_deg
        )

    @property
    def _is_whole(self) -> bool:
        """Whether it is all of the scan, only turned and without its skew."""
        whole = as_scanned(self.scan).deskewed(self.skew_deg).turned(self.turn_deg)
        return self.shape == whole.shape and np.allclose(self.to_scan_px, whole.to_scan_px)

    @property
    def _only_turned(self) -> bool:
        return self.skew_deg == 0.0 and np.array_equal(self.to_scan_px, np.rint(self.to_scan_px))


_FUZZ_PX = 1e-6  # of floating point


def as_scanned(scan: Gray) -> UprightPage:
    """A page that stays as it is on the scan."""
    return UprightPage(scan, (scan.shape[0], scan.shape[1]), np.eye(3), Halvings(scan))


def _quarter_turn(width: int, height: int, turn_deg: int) -> Homography:
    """From an upright page of that size to where it lies turned counter-clockwise."""
    right, bottom = width - 1, height - 1
    turns = {
        0: [[1, 0, 0], [0, 1, 0]],
        90: [[0, 1, 0], [-1, 0, right]],
        180: [[-1, 0, right], [0, -1, bottom]],
        270: [[0, -1, bottom], [1, 0, 0]],
    }
    return np.array([*turns[turn_deg], [0, 0, 1]], np.float64)


def _shift(x: int, y: int) -> Homography:
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], np.float64)


def _stretch(across: float, down: float) -> Homography:
    """From the middles of pixels to their places in a picture so many times as wide and tall."""
    return np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2], [0, 0, 1]])


def _warped(gray: Gray, to_gray_px: Homography, size: tuple[int, int]) -> Gray:
    """Fetch each pixel of a picture of that width and height from where it is in `gray`."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warp, matrix = (
        (cv2.warpAffine, to_gray_px[:2])
        if to_gray_px[2].tolist() == [0.0, 0.0, 1.0]
        else (cv2.warpPerspective, to_gray_px)
    )
    warped = warp(
        gray, matrix, size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=_PAPER
    )
    return np.asarray(warped, np.uint8)
