"""Finding all fields of a form, each layout in its own way."""

from collections.abc import Iterator, Sequence

from ocr.find.auto import find_auto
from ocr.find.check import place_on_check
from ocr.find.check_areas import check_areas
from ocr.find.column import rows_of
from ocr.find.fitting import Fitting
from ocr.find.micr import micr_in_box
from ocr.find.placement import Absence, Placement, comb_at
from ocr.find.template import place
from ocr.forms import Form, FormField
from ocr.geometry import Box
from ocr.upright import UprightPage

Place = Placement | Absence | None  # where a field is; None if it is nowhere on the page
Placed = tuple[FormField, Place]


def place_fields(fitting: Fitting) -> list[Placed]:
    """The fields that a form has on a page: a repeated one row by row, auto's as found."""
    page, form = fitting.page, fitting.form
    if form.layout == "auto":
        return list(find_auto(page))
    found = find_fields(fitting)
    placed = zip(form.fields_of(len(found) // len(form.fields)), found, strict=True)
    return [each for field, place in placed for each in _rows(page, field, place)]


def _rows(page: UprightPage, field: FormField, column: Place) -> Iterator[Placed]:
    """The field itself, or one for each row of its column: ``votes[1]``, ``votes[2]``, ..."""
    if field.rows is None or field.box_mm is None:
        yield field, column
        return
    count = None if field.rows == "auto" else field.rows
    rows: Sequence[Place] = [None if isinstance(column, Placement) else column] * (count or 0)
    if isinstance(column, Placement):
        boxes = rows_of(page, column.box, column.box.width / field.box_mm[2], count)
        rows = [
            comb_at(box.x, box.right, box.y, box.bottom, field.cells)
            if field.cells
            else Placement(box)
            for box in boxes
        ]
    if not rows:
        yield field, column if isinstance(column, Absence) else None
    for number, row in enumerate(rows, 1):
        name = f"{field.name}[{number}]"
        yield field.model_copy(update={"name": name, "rows": None}), row


def find_fields(fitting: Fitting) -> list[Place]:
    """Find a form's fields on a page.

    Returns:
        For each field of the form, in its order, where it is; None for one that is not found. A
        page with several checks has the fields of each, check by check from the top.
    """
    page, form = fitting.page, fitting.form
    if form.layout == "check":
        return [place for area in check_areas(page) for place in _on_check(page, area, form)]
    if form.page_mm is not None:
        placed = _registered(fitting)
    else:
        placed = [Placement(Box(0, 0, page.shape[1], page.shape[0])) for _ in form.fields]
    return [
        micr_in_box(page, placement.box, field)
        if field.type == "micr" and isinstance(placement, Placement)
        else placement
        for field, placement in zip(form.fields, placed, strict=True)
    ]


def _registered(fitting: Fitting) -> list[Place]:
    """The fields of a template form where the page is registered to it; none if it is not."""
    fields, registration = fitting.form.fields, fitting.registration
    if registration is None:
        return [Absence.FORM_NOT_FOUND] * len(fields)
    return [place(fitting.page, field, registration, number) for number, field in enumerate(fields)]


def _on_check(page: UprightPage, area: Box, form: Form) -> list[Placement | None]:
    found = place_on_check(page.part(area), form.fields)
    return [place and _on_page(place.moved(area.x, area.y), page) for place in found]


def _on_page(placement: Placement, page: UprightPage) -> Placement | None:
    """The placement, unless nothing of it is on the page: tiny pages have lines of no extent."""
    box = placement.box.clipped(page.shape[1], page.shape[0])
    return placement if min(box.width, box.height) > 0 else None
