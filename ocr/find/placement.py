"""Where a field was found."""

from dataclasses import dataclass

from ocr.geometry import Box
from ocr.micr import MicrLine


@dataclass(frozen=True, slots=True)
class Placement:
    """A field on the upright page.

    Attributes:
        box: The field.
        cells: The cells of a comb, from left to right; empty for free writing.
        micr: The MICR line of which the field is a part; None for handwriting.
    """

    box: Box
    cells: tuple[Box, ...] = ()
    micr: MicrLine | None = None

    def moved(self, dx: int, dy: int) -> "Placement":
        """The same placement, shifted on the page."""
        cells = tuple(cell.moved(dx, dy) for cell in self.cells)
        return Placement(self.box.moved(dx, dy), cells, self.micr and self.micr.moved(dx, dy))
