"""Postal codes of the countries whose codes are digits only."""

from dataclasses import dataclass
from functools import cache

import zipcodes

from ocr.values.value import Value


@dataclass(frozen=True, slots=True)
class _Country:
    lengths: tuple[int, ...]
    first: int  # smallest and largest value of the leading two digits in use
    last: int


# Lengths and leading digits by country; from general knowledge. The US have a list.
_COUNTRIES = {
    "US": _Country((5, 9), 0, 99),
    "DE": _Country((5,), 1, 99),
    "FR": _Country((5,), 1, 98),
    "IT": _Country((5,), 0, 98),
    "ES": _Country((5,), 1, 52),
    "IN": _Country((6,), 11, 85),
    "CH": _Country((4,), 10, 96),
    "AT": _Country((4,), 10, 99),
    "BR": _Country((8,), 1, 99),
    "JP": _Country((7,), 0, 99),
    "AU": _Country((4,), 2, 97),
}


@cache
def us_zip_codes() -> frozenset[str]:
    """The 42,800 five-digit ZIP codes that are, or lately were, in use.

    Source: package `zipcodes`, which takes them monthly from the US Postal Service's list.
    """
    return frozenset(place["zip_code"] for place in zipcodes.list_all())


def postal_code_value(digits: str, country: str) -> Value:
    """Check a postal code's length and leading digits, a US one by the list; ZIP+4 gets its hyphen.

    Args:
        digits: The digits.
        country: Two-letter code.
    """
    rules = _COUNTRIES[country]
    if not digits:
        return Value("", valid=False, reason="no_digits")
    if len(digits) not in rules.lengths:
        return Value(digits, valid=False, reason="wrong_length")
    in_use = rules.first <= int(digits[:2]) <= rules.last
    if country == "US":
        in_use = digits[:5] in us_zip_codes()
        digits = digits if len(digits) == 5 else f"{digits[:5]}-{digits[5:]}"
    return Value(digits, in_use, "" if in_use else "no_such_postal_code")
