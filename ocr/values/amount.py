"""Amounts: digits with separators, and cents if they were written."""

import re

from ocr.values.value import Value

_CENTS = re.compile(r"^(?P<whole>.*\d)[.,](?P<cents>\d\d)$")
_GROUPED = re.compile(r"^\d{1,3}([.,]\d{3})+$")  # 1,234,567 and 1.234.567
_INDIAN = re.compile(r"^\d{1,2}([.,]\d{2})*[.,]\d{3}$")  # 12,34,567
_CENTS_ALONE = re.compile(r"^[.,]\d\d$")  # .50, or dirt before 50
_MOST_DIGITS = 14  # whole units and cents; larger amounts are misread lines


def amount_value(raw: str) -> Value:
    """Normalize an amount: digits, and one point before the cents if cents were written.

    A separator before exactly two last digits parts off the cents, unless those digits close an
    Indian group. Leading and trailing marks are fillers.

    Returns:
        ``1234.50`` for ``1,234.50``, ``123456`` for ``1,23,456``. Separators that fit no grouping
        are named in the reason, so are cents without a whole; the digits stand.
    """
    marks = re.sub(r"[^\d.,]", "", raw)
    written = re.sub(r"[.,]{2,}", ".", marks.strip(".,"))
    digits = re.sub(r"\D", "", written)
    if not digits:
        return Value("", valid=False, reason="no_digits")
    parted = _CENTS.match(written)
    whole = parted["whole"] if parted else written
    text = re.sub(r"\D", "", whole) + (f".{parted['cents']}" if parted else "")
    valid = len(digits) <= _MOST_DIGITS
    grouped = whole.isdigit() or bool(_GROUPED.match(whole) or _INDIAN.match(whole))
    odd = not grouped or bool(_CENTS_ALONE.match(marks))
    reason = "too_long" if not valid else "odd_grouping" if odd else ""
    return Value(text, valid, reason)
