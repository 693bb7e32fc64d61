"""Placing the fields of a form with known boxes on a page that it was registered on."""

from ocr.find.placement import Absence, Placement, comb_at
from ocr.find.settle import settle
from ocr.forms import FormField
from ocr.geometry import Box
from ocr.register import Registration
from ocr.upright import UprightPage

_FRAME_MM = 0.5  # half of a thick frame and a little shift
_CUT_MM = 1.0  # more of a field than this beside the page: it is not guessed what stood there


def place(
    page: UprightPage, field: FormField, registration: Registration, number: int
) -> Placement | Absence:
    """Place one field of a form.

    Args:
        page: The page.
        field: The field; its `box_mm` is set.
        registration: How the form lies on the page.
        number: The field's number on the form, from 0.

    Returns:
        The placement in pixels of `page`; `cut_off` if the page ends in the field.
    """
    if field.box_mm is None:
        raise ValueError(f"field {field.name} has no box_mm")
    left, top, width, height = field.box_mm
    right, down = (float(v) for v in registration.shift_mm[number])
    box = registration.pose.box((left + right, top + down, width, height))
    px_per_mm = registration.pose.px_per_mm
    inside = box.clipped(page.shape[1], page.shape[0])
    if max(box.width - inside.width, box.height - inside.height) > max(1, _CUT_MM * px_per_mm):
        return Absence.CUT_OFF
    if field.rows is not None:
        return Placement(inside)
    if field.cells is None:
        return Placement(_inside_frame(inside, px_per_mm))
    if registration.by == "page":
        return comb_at(inside.x, inside.right, inside.y, inside.bottom, field.cells)
    return settle(page, inside, field.cells, px_per_mm)


def _inside_frame(box: Box, px_per_mm: float) -> Box:
    """The box without the frame that is usually printed along its edges."""
    frame = round(_FRAME_MM * px_per_mm)
    if min(box.width, box.height) <= 4 * frame:
        return box
    return Box(box.x + frame, box.y + frame, box.width - 2 * frame, box.height - 2 * frame)
