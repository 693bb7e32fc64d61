"""Preparing a field: cut out at full resolution, scaled, cleaned, segmented."""

from dataclasses import dataclass

from ocr.arrays import Gray
from ocr.clean import strokes_of
from ocr.find import Placement
from ocr.geometry import Box
from ocr.scaling import scaled
from ocr.segment import Lattice, segment

_FIELD_PX = (96, 128)  # smallest and largest height of a field when it is segmented
_WIDEST_PX = 2400  # a longer strip is scaled down to it: no field of digits is 25 times its height
_COMB_MARGIN = 0.14  # of a comb's height: writing overshoots its cells


@dataclass(frozen=True, eq=False, slots=True)
class FieldInk:
    """A field ready to be classified.

    Attributes:
        lattice: Its digit candidates.
        cells: Its comb's cells in the lattice's pixels; empty for free writing.
    """

    lattice: Lattice
    cells: tuple[Box, ...]

    @property
    def height_px(self) -> int:
        """Height of the field in the lattice's pixels."""
        return int(self.lattice.strokes.shape[0])


def prepare(gray: Gray, placement: Placement) -> FieldInk:
    """Cut a field out of the upright page and segment it."""
    margin = round(_COMB_MARGIN * placement.box.height) if placement.cells else 0
    box = placement.box
    wide = Box(box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin)
    wide = wide.clipped(gray.shape[1], gray.shape[0])
    crop = gray[wide.slices]
    scale = _scale(crop)
    cells = tuple(_in_crop(cell, wide, scale) for cell in placement.cells)
    separators = [cell.x for cell in cells] + [cell.right for cell in cells[-1:]]
    return FieldInk(segment(strokes_of(scaled(crop, scale), separators), cells), cells)


def _scale(crop: Gray) -> float:
    """Factor that brings a crop to a height at which strokes are several pixels wide."""
    height, width = crop.shape
    wanted = min(max(height, _FIELD_PX[0]), _FIELD_PX[1])
    return float(min(wanted / height, _WIDEST_PX / width))


def _in_crop(cell: Box, crop: Box, scale: float) -> Box:
    left, top = round((cell.x - crop.x) * scale), round((cell.y - crop.y) * scale)
    return Box(left, top, round(cell.width * scale), round(cell.height * scale))
