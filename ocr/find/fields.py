"""Finding all fields of a form, each layout in its own way."""

from ocr.arrays import Gray
from ocr.find.check import find_on_check
from ocr.find.placement import Placement
from ocr.find.template import place
from ocr.forms import Form
from ocr.geometry import Box


def find_fields(gray: Gray, form: Form) -> list[Placement | None]:
    """Find the form's fields on an upright page.

    Returns:
        For each field of the form, in its order, where it is; None for one that is not found.
    """
    if form.layout == "check":
        found = find_on_check(gray, [field.type for field in form.fields])
        return [placement and _on_page(placement, gray) for placement in found]
    if form.page_mm is not None:
        return [place(gray, field, form.page_mm) for field in form.fields]
    whole = Placement(Box(0, 0, gray.shape[1], gray.shape[0]))
    return [whole for _ in form.fields]


def _on_page(placement: Placement, gray: Gray) -> Placement | None:
    """The placement, unless nothing of it is on the page: tiny pages have lines of no extent."""
    box = placement.box.clipped(gray.shape[1], gray.shape[0])
    return placement if min(box.width, box.height) > 0 else None
