"""Where a field was found."""

from dataclasses import dataclass, replace
from enum import StrEnum

from ocr.forms import DateOrder, FormField
from ocr.geometry import Box
from ocr.micr import MicrLine


@dataclass(frozen=True, slots=True)
class Placement:
    """A field on the upright page.

    Attributes:
        box: The field.
        cells: The cells of a comb, from left to right; empty for free writing.
        micr: The MICR line of which the field is a part; None for handwriting.
        printed: Where the same number may be printed once more; of a check number.
        cents: Whether the currency printed there has cents, always written; of an amount.
        order: In which order the country writes dates; of a date.
        is_cut_short: Whether the field goes on beside the box, where it was not found.
    """

    box: Box
    cells: tuple[Box, ...] = ()
    micr: MicrLine | None = None
    printed: tuple[Box, ...] = ()
    cents: bool = False
    order: DateOrder = "auto"
    is_cut_short: bool = False

    def moved(self, dx: int, dy: int) -> "Placement":
        """The same placement, shifted on the page."""
        cells, printed = (
            tuple(box.moved(dx, dy) for box in boxes) for boxes in (self.cells, self.printed)
        )
        line = self.micr and self.micr.moved(dx, dy)
        box = self.box.moved(dx, dy)
        return replace(self, box=box, cells=cells, micr=line, printed=printed)

    def asks(self, field: FormField) -> FormField:
        """The field with what the print says of it and the form does not."""
        if self.cents:
            return field.model_copy(update={"cents": True})
        if self.order != "auto" and field.type == "date" and field.order == "auto":
            return field.model_copy(update={"order": self.order})
        return field


class Absence(StrEnum):
    """Why a field was not found; an export's `reason`."""

    CUT_OFF = "cut_off"  # the page ends in it
    FORM_NOT_FOUND = "form_not_found"  # the page does not fit the form


def comb_at(left: float, right: float, top: float, bottom: float, cells: int) -> Placement:
    """The placement of a comb of equal cells, its sides in pixels."""
    edges = [round(left + k * (right - left) / cells) for k in range(cells + 1)]
    y, tall = round(top), max(1, round(bottom) - round(top))
    boxes = tuple(Box(edges[k], y, edges[k + 1] - edges[k], tall) for k in range(cells))
    return Placement(Box(edges[0], y, edges[-1] - edges[0], tall), boxes)
