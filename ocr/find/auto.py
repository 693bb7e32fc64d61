"""The fields of a page without a form: every place for digits that its structure shows."""

from collections import Counter
from collections.abc import Iterator

from ocr.find.check import place_on_check
from ocr.find.placement import Placement
from ocr.find.structure import Found, Kind, find_structure
from ocr.forms import FormField, load_form
from ocr.upright import UprightPage

_CHECK_ASPECT = 1.7  # width over height: a check's is at least that, a page's at most 1.5

Place = tuple[FormField, Placement | None]


def find_auto(page: UprightPage) -> list[Place]:
    """The places for digits on an upright page, named by kind and number in reading order.

    Names are ``comb_1``, ``boxes_1``, ``box_1``, ``line_1``, each kind counted by itself, and for
    the cells of tables ``table_1_r2_c3``. A bank check, known by its MICR line, has its own fields.
    """
    return _on_check(page) or [field for _, fields in numbered(page) for field in fields]


def numbered(page: UprightPage, *, parted: bool = False) -> Iterator[tuple[Found, list[Place]]]:
    """Each place that the page's structure shows, with its field or, of a column, its fields.

    Args:
        page: An upright page.
        parted: Whether the groups of cells that make one number are places of their own.
    """
    numbers: Counter[Kind] = Counter()
    places = find_structure(page)
    for place in [part for its in places for part in its.parted()] if parted else places:
        numbers[place.kind] += 1
        yield place, list(_fields(place, f"{place.kind}_{numbers[place.kind]}"))


def _fields(place: Found, name: str) -> Iterator[Place]:
    if place.kind is not Kind.TABLE:
        cells = len(place.cells) or None
        placement = Placement(place.box, place.cells, is_cut_short=place.is_cut_short)
        field = FormField(name=name, type="digits", cells=cells)
        if place.has_cents:
            field = field.model_copy(update={"type": "amount", "cents": True})
        yield field, placement
        return
    for row, cell in enumerate(place.cells, place.first_row):
        name = f"table_{place.table}_r{row}_c{place.column}"
        yield FormField(name=name, type="digits"), Placement(cell)


def _on_check(page: UprightPage) -> list[Place]:
    """The fields of the form ``check``; none if the page is no check."""
    height, width = page.shape
    if width < _CHECK_ASPECT * height:
        return []
    fields = load_form("check").fields
    places = place_on_check(page, fields)
    has_line = any(place and place.micr for place in places)
    return list(zip(fields, places, strict=True)) if has_line else []
