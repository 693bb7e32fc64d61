"""Finding the fields of a bank check by its own print, without a template.

Where fields are (ANSI X9.100-160, CTS-2010): the date in the upper right, the courtesy amount
right of the middle, behind the currency sign. All measures are shares of the check's width, since
scans often lie about their resolution.
"""

from collections.abc import Sequence
from dataclasses import replace

from ocr.find.check_amount import find_amount
from ocr.find.check_date import find_date
from ocr.find.check_number import find_printed_numbers
from ocr.find.check_picture import CheckPicture, picture_of
from ocr.find.micr import micr_on_check
from ocr.find.placement import Placement
from ocr.forms import DateOrder, FormField
from ocr.geometry import Box
from ocr.upright import UprightPage
from ocr.values.micr import split_line

_WITHOUT_CENTS = {"₹", "Rs", "IN"}  # signs and the country of checks that have no cents
_DAY_FIRST = {"€", "£", "EUR", "₹", "Rs"}  # signs of countries that write dates so; $ is of both
_ORDERS: dict[str, DateOrder] = {"US": "MDY", "IN": "DMY"}  # Canadians write both


def place_on_check(page: UprightPage, fields: Sequence[FormField]) -> list[Placement | None]:
    """Place a form's fields on a check that fills the page: the written ones, and its MICR line's.

    A check number comes with the places where it may be printed once more.
    """
    lines = iter(micr_on_check(page, [field for field in fields if field.type == "micr"]))
    check = picture_of(page)
    line = page.micr_line
    country = split_line(line.text).country if line else ""
    written = find_on_check(check, [field.type for field in fields], country)
    printed = tuple(find_printed_numbers(check, [place.box for place in written if place]))
    return [
        _with_print(next(lines), field, printed) if field.type == "micr" else place
        for field, place in zip(fields, written, strict=True)
    ]


def _with_print(
    place: Placement | None, field: FormField, printed: tuple[Box, ...]
) -> Placement | None:
    return place and replace(place, printed=printed if field.part == "check_number" else ())


def find_on_check(
    check: CheckPicture, field_types: Sequence[str], country: str = ""
) -> list[Placement | None]:
    """Find a check's written fields by their types (`amount`, `date`).

    Args:
        check: The check.
        field_types: What is looked for.
        country: Whose check its MICR line is of; empty if that does not tell.

    Returns:
        For each type its placement in pixels of the page, or None if it is not found.
    """
    amount = find_amount(check)
    place = amount.box if amount else None
    sign = amount.sign if amount else ""
    cents = _WITHOUT_CENTS.isdisjoint((sign, country))
    date = find_date(check, place) if "date" in field_types else None
    found = {
        "amount": Placement(check.on_page(place), cents=cents) if place else None,
        "date": replace(date, order=_order(sign, country)) if date else None,
    }
    return [found.get(kind) for kind in field_types]


def _order(sign: str, country: str) -> DateOrder:
    """In which order dates stand on a check, by its MICR line, else by its currency sign."""
    return _ORDERS.get(country, "DMY" if sign in _DAY_FIRST else "auto")
