"""Preparing a field: cut out at full resolution, scaled, cleaned, segmented."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ocr.arrays import Gray
from ocr.clean import Darkness, darkness_of, strokes_in
from ocr.find import Placement
from ocr.geometry import Box, around
from ocr.lattice import Lattice
from ocr.levels import percentiles_of
from ocr.scaling import scaled
from ocr.segment import segment
from ocr.upright import UprightPage, as_scanned

_FIELD_PX = (96, 128)  # smallest and largest height of a field when it is segmented
_WIDEST_PX = 2400  # a longer strip is scaled down to it: no field of digits is 25 times its height
_SPECK = 0.3  # of the height of a digit: smaller pieces do not count for where the writing is
_TAIL = 1.0  # of the height of a digit: so near a dash ends the writing, and so much of it is seen
_SHORT_DASH = 0.25  # of the height of a digit
_DASH_ASPECT = 1.5  # width over height
_LEVELS = (3.0, 50.0, 97.0)  # percentiles: the darkest parts, the paper, the lightest parts
_DARK_PAPER = (
    110.0  # gray level; darker paper is no rarity (153 of 6,718 log-book cells): ink must speak too
)
_FLAT_PAPER = 12.0  # gray levels: paper is not more even than that
_NEGATIVE = 1.5  # the writing is that much further from the paper than anything else is
_COMB_PX = 96  # height of a comb that is higher: its digits fill it, and no line reader sees it
_COMB_MARGIN = 0.14  # of a comb's height: writing overshoots its cells


@dataclass(frozen=True, eq=False)
class FieldInk:
    """A field ready to be classified.

    Attributes:
        lattice: Its digit candidates.
        cells: Its comb's cells in the lattice's pixels; empty for free writing.
        crop: The field as scanned; a high comb reduced.
        scale: Size of the lattice's pixels: that many to one of the crop's.
        darkness: Of the field in the lattice's pixels, with its rules and frames.
    """

    lattice: Lattice
    cells: tuple[Box, ...]
    crop: Gray
    scale: float
    darkness: Darkness

    @property
    def height_px(self) -> int:
        """Height of the field in the lattice's pixels."""
        return int(self.lattice.strokes.shape[0])

    @cached_property
    def inked(self) -> Box | None:
        """Where the lattice has writing: all ink but specks; None for a field without ink."""
        digit_px = self.lattice.digit_height_px
        boxes = [a.box for a in self.lattice.atoms if a.box.height >= _SPECK * digit_px]
        return around(boxes) if boxes else None

    @cached_property
    def written(self) -> Box | None:
        """The same in pixels of the crop, with the dash behind it: that tells a slash from a 1."""
        if self.inked is None:
            return None
        sides = (self.inked.x, self.inked.y, self._end_of_dash(self.inked), self.inked.bottom)
        x, y, end_x, end_y = (round(side / self.scale) for side in sides)
        return Box(x, y, max(2, end_x - x), max(2, end_y - y))

    def _end_of_dash(self, inked: Box) -> int:
        """Where a dash behind the writing ends, or the writing itself; a longer line is cut off."""
        digit_px = self.lattice.digit_height_px
        near, far = inked.right - 0.3 * digit_px, round(inked.right + _TAIL * digit_px)
        dashes = [
            box
            for box in (atom.box for atom in self.lattice.atoms)
            if near <= box.x < far
            and _is_dash(box, digit_px)
            and inked.y + 0.2 * inked.height < box.y + box.height / 2 < inked.bottom
        ]
        return max([inked.right, *(min(box.right, far) for box in dashes)])


def _is_dash(box: Box, digit_px: float) -> bool:
    return box.height < _SPECK * digit_px and box.width > max(
        _DASH_ASPECT * box.height, _SHORT_DASH * digit_px
    )


def prepare(gray: Gray, placement: Placement) -> FieldInk:
    """Prepare a field of a page that is in memory as it is."""
    return prepare_on(as_scanned(gray), placement)


def prepare_on(page: UprightPage, placement: Placement) -> FieldInk:
    """Cut a field out of a page and segment it."""
    margin = round(_COMB_MARGIN * placement.box.height) if placement.cells else 0
    box = placement.box
    wide = Box(box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin)
    wide = wide.clipped(page.shape[1], page.shape[0])
    reduced = min(1.0, _COMB_PX / max(1, wide.height)) if placement.cells else 1.0
    crop = _dark_on_light(page.cut(wide) if reduced == 1.0 else page.part(wide).reduced(reduced))
    scale = _scale(crop)
    cells = tuple(_in_crop(cell, wide, scale * reduced) for cell in placement.cells)
    # Boxes apart have two lines between them; a comb's cells share one.
    separators = sorted({side for cell in cells for side in (cell.x, cell.right)})
    darkness = darkness_of(scaled(crop, scale))
    lattice = segment(strokes_in(darkness, separators), cells, max(1.0, scale))
    return FieldInk(lattice, cells, crop, scale, darkness)


def _dark_on_light(crop: Gray) -> Gray:
    """The crop, inverted if its writing is light on dark: a negative, or a film's print."""
    dark, paper, light = percentiles_of(crop, _LEVELS)
    negative = paper < _DARK_PAPER and light - paper > _NEGATIVE * max(paper - dark, _FLAT_PAPER)
    return np.asarray(255 - crop, np.uint8) if negative else crop


def _scale(crop: Gray) -> float:
    """Factor that brings a crop to a height at which strokes are several pixels wide."""
    height, width = crop.shape
    wanted = min(max(height, _FIELD_PX[0]), _FIELD_PX[1])
    return float(min(wanted / height, _WIDEST_PX / width))


def _in_crop(cell: Box, crop: Box, scale: float) -> Box:
    left, top = round((cell.x - crop.x) * scale), round((cell.y - crop.y) * scale)
    return Box(left, top, round(cell.width * scale), round(cell.height * scale))
