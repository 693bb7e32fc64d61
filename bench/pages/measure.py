"""What is found and read of filled forms, against their truth."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from bench.pages.camera import Matrix
from bench.pages.degrade import Picture
from bench.pages.draw import DPI, FilledForm
from bench.pages.layout import PAGE_MM, Blank, Layout
from ocr.forms import Form, FormField
from ocr.geometry import Box
from ocr.read import read_fields
from ocr.readers import Readers
from ocr.reading import FieldReading
from samples.drawing.forms import MM_PER_INCH

_FOUND = 0.5  # least intersection over union of a found field with the true one


@dataclass(slots=True)
class Tally:
    """Counts over pages."""

    pages: int = 0
    fields: int = 0
    found: int = 0
    written: int = 0
    right: int = 0
    false: int = 0
    missed: list[str] = field(default_factory=list)


def form_of(layout: Layout) -> Form:
    """The form that describes a layout."""
    fields = tuple(
        FormField(
            name=blank.name,
            type="digits",
            box_mm=blank.box,
            cells=blank.cells if blank.cells > 1 else None,
        )
        for blank in layout.blanks
    )
    return Form(name=layout.name, page_mm=PAGE_MM, field=fields)


def measure(
    tally: Tally, filled: FilledForm, picture: Picture, form: Form, readers: Readers
) -> None:
    """Read a page and count.

    Where the form does not know the fields' names, they are known by their places, and only those
    are asked for that are written and have something printed around.
    """
    fields = read_fields(picture.gray, form, readers)[0]
    places = [each for each in fields if each.box is not None]
    tally.pages += 1
    by_place = not {each.name for each in form.fields} & set(filled.values)
    matched: set[int] = set()
    for blank in filled.layout.blanks:
        value = filled.values[blank.name]
        if by_place and (blank.style == "free" or not value):
            continue
        truth = _seen(blank, picture.matrix)
        found = [each for each in places if by_place or each.field == blank.name]
        best = max(found, key=lambda each: _overlap(each.box, truth), default=None)
        _count(tally, filled, blank, best, truth)
    true_boxes = [_seen(blank, picture.matrix) for blank in filled.layout.blanks]
    for number, each in enumerate(places):
        if any(_overlap(each.box, truth) >= _FOUND for truth in true_boxes):
            matched.add(number)
    tally.false += len(places) - len(matched)


def _count(
    tally: Tally, filled: FilledForm, blank: Blank, best: FieldReading | None, truth: Box
) -> None:
    value = filled.values[blank.name]
    hit = best is not None and _overlap(best.box, truth) >= _FOUND
    tally.fields += 1
    tally.found += hit
    tally.written += bool(value)
    tally.right += bool(value) and hit and best is not None and best.value == value
    if not hit:
        tally.missed.append(f"{filled.layout.name}.{blank.name}")


def _seen(blank: Blank, matrix: Matrix) -> Box:
    """The smallest box of the picture that holds a field."""
    scale = DPI / MM_PER_INCH
    left, top, width, height = (side * scale for side in blank.box)
    corners = [[(x, y) for x in (left, left + width) for y in (top, top + height)]]
    seen = cv2.perspectiveTransform(np.array(corners), matrix)[0]
    (x, y), (right, bottom) = seen.min(axis=0), seen.max(axis=0)
    return Box(round(x), round(y), round(right - x), round(bottom - y))


def _overlap(one: Box | None, other: Box) -> float:
    if one is None:
        return 0.0
    wide = min(one.right, other.right) - max(one.x, other.x)
    tall = min(one.bottom, other.bottom) - max(one.y, other.y)
    both = max(0, wide) * max(0, tall)
    return both / (one.width * one.height + other.width * other.height - both)
