"""Proposing a form: the places for digits that a page shows, as the fields of a form of its own.

Everything that `auto` finds is a field, empty places too; only those whose writing or print is read
as what cannot be digits are left out. Types can be told for dates alone, from what is written.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ocr.arrays import Gray
from ocr.find.auto import numbered
from ocr.find.structure import FRAME_MM, Found, Kind, in_rows
from ocr.forms import Form, FormField
from ocr.forms.form import DateOrder
from ocr.geometry import Box
from ocr.read import recognize_placed
from ocr.readers import Readers
from ocr.recognize import UNREADABLE, Recognition
from ocr.upright import UprightPage
from ocr.values.date import date_value
from ocr.written import are_fields

MM_PER_INCH = 25.4
_PAPERS_MM = ((210.0, 297.0), (215.9, 279.4), (148.0, 210.0))  # A4, letter, A5
_SAME_SHAPE = 0.03  # how far width over height of a scan may be from a paper's
_PICTURE_PX = 1200  # longer side of the reference picture: pages are registered so reduced
_PAPER_PERCENTILE = 80.0  # of the gray levels in a place: writing covers less than half of it
_DATE_DIGITS = 8
_MOST_DIGITS = 25  # on a line or in a box; more are the dots of a dotted line (46 to 53 zeros)
_FOOT_MM = 1.2  # a ruled line and what is written below it
_ORDERS: tuple[DateOrder, ...] = ("DMY", "MDY", "YMD")

_Said = Sequence[Recognition | None]


@dataclass(frozen=True, eq=False, slots=True)
class Proposal:
    """A proposed form.

    Attributes:
        form: Its fields, named by row and column; without a reference picture.
        kinds: How many there are of each kind.
        left_out: How many places are left out, as they hold words or print.
        picture: The page, reduced and with its fields emptied, for the form's reference.
        is_measured: The page's size is by its resolution, not guessed from its shape.
    """

    form: Form
    kinds: Counter[Kind]
    left_out: int
    picture: Gray
    is_measured: bool


@dataclass(frozen=True, slots=True)
class _Field:
    """A place that becomes a field, and how a date is written in it, if one is."""

    place: Found
    order: DateOrder | None


def propose(page: UprightPage, dpi: float | None, name: str, readers: Readers) -> Proposal | None:
    """Propose a form for pages like this one.

    Args:
        page: A blank or filled page.
        dpi: Its resolution; None if it is not known: then its shape tells the paper.
        name: The form's name.
        readers: They tell digits from words.

    Returns:
        The form; None if the page has no place for digits.
    """
    found = list(numbered(page, parted=True))  # the cells of a form's comb are even
    placed = [each for _, fields in found for each in fields]
    said = recognize_placed(page, placed, readers, {})
    counts = [
        counted or (what is not None and _may_be_field(field, what))
        for counted, (field, _), what in zip(are_fields(placed, said), placed, said, strict=True)
    ]
    fields = []
    start = 0
    for place, its in found:
        end = start + len(its)
        fields += _kept(place, counts[start:end], said[start:end])
        start = end
    if not fields:
        return None
    page_mm = _page_mm(page, dpi)
    return Proposal(
        Form(name=name, page_mm=page_mm, field=tuple(_named(fields, page, page_mm))),
        Counter(field.place.kind for field in fields),
        len(found) - len(fields),
        _emptied(page, [place for place, _ in found]),
        dpi is not None,
    )


def _may_be_field(field: FormField, said: Recognition) -> bool:
    """Whether an empty place, or one that is filled beyond reading; a signed line is none."""
    if said == UNREADABLE and field.name.startswith("line"):
        return False
    return not 0 < len(said.raw) <= _MOST_DIGITS


def _kept(place: Found, counts: Sequence[bool], said: _Said) -> list[_Field]:
    """The place as a field; of a column the rows from the first that counts to the last.

    A column of which most is words or numbers of rows has none, though some cells are empty.
    """
    if 2 * sum(counts) < len(counts):
        return []
    if place.kind is not Kind.TABLE:
        return [_Field(place, _order_of_date(said[0]))]
    first, last = counts.index(True), len(counts) - counts[::-1].index(True)
    return [_Field(replace(place, cells=place.cells[first:last]), None)]


def _order_of_date(said: Recognition | None) -> DateOrder | None:
    """How eight digits that make a date are ordered; None if they make none.

    One in seven hundred random numbers of eight digits makes one.
    """
    if said is None or len(said.value) != _DATE_DIGITS:
        return None
    orders = [order for order in _ORDERS if date_value(said.value, order, comb=True).valid]
    return orders[0] if len(orders) == 1 else "auto" if orders else None


# --- fields in millimetres ------------------------------------------------------------------------


def _named(
    fields: Sequence[_Field], page: UprightPage, page_mm: tuple[float, float]
) -> Iterator[FormField]:
    """The fields of the form, in reading order: ``row1_col1``, ``row1_col2``, ``row2_col1``."""
    of_place = {field.place: field for field in fields}
    for row, places in enumerate(in_rows(of_place), 1):
        for column, place in enumerate(places, 1):
            order = of_place[place].order
            table = place.kind is Kind.TABLE
            field = FormField(
                name=f"row{row}_col{column}",
                type="digits",
                box_mm=_box_mm(place, page, page_mm),
                cells=None if table else len(place.cells) or None,
                rows=len(place.cells) if table and len(place.cells) > 1 else None,
            )
            yield field.model_copy(update={"type": "date", "order": order}) if order else field


def _box_mm(
    place: Found, page: UprightPage, page_mm: tuple[float, float]
) -> tuple[float, float, float, float]:
    """The field's box up to the middle of its printed lines, inside the page."""
    px_per_mm = page.shape[1] / page_mm[0]
    left, top, right, bottom = _reach(place, px_per_mm)
    scale = (px_per_mm, page.shape[0] / page_mm[1])
    x, y = max(0.0, round(left / scale[0], 1)), max(0.0, round(top / scale[1], 1))
    wide, tall = round(right / scale[0] - x, 1), round(bottom / scale[1] - y, 1)
    return x, y, round(min(wide, page_mm[0] - x), 1), round(min(tall, page_mm[1] - y), 1)


def _reach(place: Found, px_per_mm: float) -> tuple[float, float, float, float]:
    """Left, top, right, bottom in pixels.

    Separate boxes get half of the room between them on either side, so that they are as far from
    one another as the equal cells of a comb.
    """
    box, frame = place.box, FRAME_MM * px_per_mm
    if place.kind is Kind.TABLE:
        first, last = place.cells[0], place.cells[-1]
        return first.x - frame, first.y - frame, first.right + frame, last.bottom + frame
    if place.kind is Kind.BOX:
        return box.x - frame, box.y - frame, box.right + frame, box.bottom + frame
    if place.kind is Kind.BOXES:
        wide = (place.cells[-1].x - place.cells[0].x) / (len(place.cells) - 1)
        room = (wide - place.cells[0].width) / 2
        return box.x - room, box.y, box.right + room, box.bottom
    return box.x, box.y, box.right, box.bottom


def _page_mm(page: UprightPage, dpi: float | None) -> tuple[float, float]:
    """The page's size by its resolution; without one that of a paper of its shape, A4's width."""
    height, width = page.shape
    if dpi is not None:
        return round(width / dpi * MM_PER_INCH, 1), round(height / dpi * MM_PER_INCH, 1)
    for paper in (*_PAPERS_MM, *(paper[::-1] for paper in _PAPERS_MM)):
        if abs(width / height / (paper[0] / paper[1]) - 1) <= _SAME_SHAPE:
            return paper
    wide = _PAPERS_MM[0][0]
    return wide, round(wide * height / width, 1)


# --- the reference picture ------------------------------------------------------------------------


def _emptied(page: UprightPage, places: Sequence[Found]) -> Gray:
    """The page reduced, without what is written in the places: it is no part of the form."""
    scale = min(1.0, _PICTURE_PX / max(page.shape))
    picture = page.reduced(scale).copy()
    px_per_mm = picture.shape[1] / _PAPERS_MM[0][0]
    frame_px = max(2, round(2 * FRAME_MM * px_per_mm))
    for place in places:
        # A line to write on stands well inside its room.
        foot_px = round(_FOOT_MM * px_per_mm) if place.kind is Kind.LINE else frame_px
        for box in place.cells or (place.box,):
            _empty(picture, _inner(box, scale, frame_px, foot_px))
    return picture


def _inner(box: Box, scale: float, frame_px: int, foot_px: int) -> Box:
    left, top = round(box.x * scale) + frame_px, round(box.y * scale) + frame_px
    right, bottom = round(box.right * scale) - frame_px, round(box.bottom * scale) - foot_px
    return Box(left, top, max(0, right - left), max(0, bottom - top))


def _empty(picture: Gray, box: Box) -> None:
    """Fill a box with its own paper."""
    if min(box.width, box.height) > 0:
        picture[box.slices] = np.percentile(picture[box.slices], _PAPER_PERCENTILE)
