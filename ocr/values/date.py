"""Dates: digits in one of three orders become an ISO date."""

import datetime as dt
import re
from itertools import combinations

from ocr.values.value import Value

_YEARS = range(1920, 2060)  # birth dates to due dates
_CENTURY_TURN = 60  # two-digit years below are 20xx
_ORDERS = ("DMY", "MDY", "YMD")
_DIGITS_OF_ORDER = {"DMY": (2, 2), "MDY": (2, 2), "YMD": (4, 2)}


def date_value(raw: str, order: str, *, comb: bool) -> Value:
    """Normalize a date to ``YYYY-MM-DD``.

    With the order `auto` the one order that gives a date is taken. If several do, a comb is read
    day first (CTS-2010 prints DDMMYYYY) and free writing month first (US checks), with
    `order_assumed` as the reason.

    Args:
        raw: Digits and marks as written.
        order: ``DMY``, ``MDY``, ``YMD`` or ``auto``.
        comb: Whether it was written into cells.

    Returns:
        The date; invalid with the digits as its text if there is no such day.
    """
    digits = re.sub(r"\D", "", raw)
    if not digits:
        return Value("", valid=False, reason="no_digits")
    parts = [part for part in re.split(r"\D+", raw) if part]
    orders = _ORDERS if order == "auto" else (order,)
    dates = {o: day for o in orders if (day := _date(digits, parts, o))}
    if not dates and not comb:
        return _with_slashes(digits, orders)
    if not dates:
        return Value(digits, valid=False, reason="no_such_date")
    if len(set(dates.values())) == 1:
        return Value(next(iter(dates.values())))
    preferred = "DMY" if comb else "MDY"
    taken = dates.get(preferred, next(iter(dates.values())))
    return Value(taken, reason="order_assumed")


def _with_slashes(digits: str, orders: tuple[str, ...]) -> Value:
    """The date if two of the ones are slashes, where that gives just one date.

    A slash is a tall 1; month first comes before day first, as on US checks.
    """
    for order in sorted(orders, key=("MDY", "DMY", "YMD").index):
        ones = [place for place, sign in enumerate(digits) if sign == "1"]
        found = {
            _date(digits, [digits[:i], digits[i + 1 : j], digits[j + 1 :]], order)
            for i, j in combinations(ones, 2)
            if i > 0 and j > i + 1 and j + 1 < len(digits)
        } - {""}
        if len(found) == 1:
            return Value(found.pop(), reason="slashes_assumed")
    return Value(digits, valid=False, reason="no_such_date")


def _date(digits: str, parts: list[str], order: str) -> str:
    """The ISO date under an order; empty if there is none."""
    if len(parts) == 3:
        if not all(
            len(part) in ((2, 4) if sign == "Y" else (1, 2))
            for sign, part in zip(order, parts, strict=True)
        ):
            return ""
        texts = parts
    elif len(digits) == 8:
        first, second = _DIGITS_OF_ORDER[order]
        texts = [digits[:first], digits[first : first + second], digits[first + second :]]
    elif len(digits) == 6:
        texts = [digits[:2], digits[2:4], digits[4:]]
    else:
        return ""
    named = dict(zip(order, texts, strict=True))
    try:
        day = dt.date(_year(named["Y"]), int(named["M"]), int(named["D"]))
    except ValueError:
        return ""
    return day.isoformat() if day.year in _YEARS else ""


def _year(text: str) -> int:
    year = int(text)
    if len(text) != 2:
        return year
    return year + (2000 if year < _CENTURY_TURN else 1900)
