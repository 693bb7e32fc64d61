"""Finding the fields of a bank check by its own print, without a template.

Where fields are (ANSI X9.100-160, CTS-2010): the date in the upper right, the courtesy amount
right of the middle, behind the currency sign. All measures are shares of the check's width, since
scans often lie about their resolution.
"""

from collections.abc import Sequence

from ocr.find.check_amount import find_amount
from ocr.find.check_date import find_date
from ocr.find.check_picture import picture_of
from ocr.find.placement import Placement
from ocr.upright import UprightPage


def find_on_check(page: UprightPage, field_types: Sequence[str]) -> list[Placement | None]:
    """Find a check's fields by their types (`amount`, `date`).

    Args:
        page: The check, filling the page.
        field_types: Types of the fields wanted.

    Returns:
        For each type its placement in pixels of `page`, or None if it is not found.
    """
    check = picture_of(page)
    amount = find_amount(check)
    found = {
        "amount": Placement(check.on_page(amount)) if amount else None,
        "date": find_date(check, amount) if "date" in field_types else None,
    }
    return [found.get(kind) for kind in field_types]
