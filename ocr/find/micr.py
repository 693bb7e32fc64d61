"""Finding the MICR line of a page, and the parts of it that a form asks for."""

from ocr.find.placement import Placement
from ocr.forms import FormField
from ocr.geometry import Box, around
from ocr.micr import MicrLine, find_in_crop
from ocr.upright import UprightPage
from ocr.values.micr import split_line


def micr_on_check(check: UprightPage, fields: list[FormField]) -> list[Placement | None]:
    """Place fields of type micr on a check that fills the page."""
    line = check.micr_line if fields else None
    return [_placement(line, field.part) for field in fields]


def micr_in_box(page: UprightPage, box: Box, field: FormField) -> Placement | None:
    """Place a field of type micr whose line lies in a box of the page."""
    line = find_in_crop(page.cut(box))
    return _placement(line and line.moved(box.x, box.y), field.part)


def _placement(line: MicrLine | None, part: str) -> Placement | None:
    """Where a part of the line is; None if it has no such part."""
    if line is None or (places := split_line(line.text).parts.get(part)) is None:
        return None
    return Placement(around([glyph.box for glyph in line.glyphs_in(places)]), micr=line)
