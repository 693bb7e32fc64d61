"""Finding all fields of a form, each layout in its own way."""

from ocr.arrays import Gray
from ocr.find.check import find_on_check
from ocr.find.micr import micr_in_box, micr_on_check
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
        return _on_check(gray, form)
    if form.page_mm is not None:
        placed = [place(gray, field, form.page_mm) for field in form.fields]
    else:
        placed = [Placement(Box(0, 0, gray.shape[1], gray.shape[0])) for _ in form.fields]
    return [
        micr_in_box(gray, placement.box, field) if field.type == "micr" else placement
        for field, placement in zip(form.fields, placed, strict=True)
    ]


def _on_check(gray: Gray, form: Form) -> list[Placement | None]:
    printed = iter(micr_on_check(gray, [field for field in form.fields if field.type == "micr"]))
    written = find_on_check(gray, [field.type for field in form.fields])
    found = [
        next(printed) if field.type == "micr" else placement
        for field, placement in zip(form.fields, written, strict=True)
    ]
    return [placement and _on_page(placement, gray) for placement in found]


def _on_page(placement: Placement, gray: Gray) -> Placement | None:
    """The placement, unless nothing of it is on the page: tiny pages have lines of no extent."""
    box = placement.box.clipped(gray.shape[1], gray.shape[0])
    return placement if min(box.width, box.height) > 0 else None
