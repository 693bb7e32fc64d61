"""Where a field was found."""

from dataclasses import dataclass

from ocr.geometry import Box


@dataclass(frozen=True, slots=True)
class Placement:
    """A field on the upright page.

    Attributes:
        box: The field.
        cells: The cells of a comb, from left to right; empty for free writing.
    """

    box: Box
    cells: tuple[Box, ...] = ()
