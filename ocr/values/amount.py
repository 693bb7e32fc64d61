"""Amounts: digits in groups, and cents if they were written."""

import re

from ocr.values.value import Value

# The last separator parts off two digits: 1,234.50, 1.234,50 and, as banks write it, 1,234-50.
_CENTS = re.compile(r"^(?P<whole>.*\d)(?:[.,]|[.,]?-)(?P<cents>\d\d)$")
_FRACTION = re.compile(r"^(?P<whole>.*\d)[.,]?(?P<cents>\d\d)/100$")
_GROUPED = re.compile(r"^\d{1,3}([.,]\d{3})+$")  # 1,234,567 and 1.234.567
_INDIAN = re.compile(r"^\d{1,3}([.,]\d{2})*[.,]\d{3}$")  # 12,34,567; some write 510,00,000
_CENTS_ALONE = re.compile(r"^[.,]\d\d$")  # .50, or dirt before 50
_MOST_DIGITS = 14  # whole units and cents; larger amounts are misread lines


def amount_value(raw: str, *, cents: bool = False) -> Value:
    """Normalize an amount: digits, and one point before the cents if cents were written.

    A separator before exactly two last digits parts off the cents, unless `/-` follows a comma: it
    closes whole rupees. Marks before and behind are fillers.

    Args:
        raw: Digits and marks as written.
        cents: Whether cents are always written there; without, a dash behind the whole says so.

    Returns:
        ``1234.50`` for ``1,234.50``, ``123456`` for ``1,23,456``. Marks that fit no grouping are
        named in the reason, so are marks of two meanings, missing cents, cents without a whole,
        and cents written as a fraction of the same size; the digits stand.
    """
    written, closing = _parts(raw)
    digits = re.sub(r"\D", "", written)
    if not digits:
        return Value("", valid=False, reason="no_digits")
    if len(digits) > _MOST_DIGITS:
        return Value(digits, valid=False, reason="too_long")
    fraction = _FRACTION.match(written)
    parted = fraction or _CENTS.match(written)
    whole = parted["whole"] if parted else written
    text = re.sub(r"\D", "", whole) + (f".{parted['cents']}" if parted else "")
    if fraction:
        return Value(text, reason="cents_fraction")
    whole = whole.replace("/", ",")  # a tall comma
    grouped = whole.isdigit() or _is_grouped(whole)
    if parted and not grouped and not cents and _is_grouped(whole + parted["cents"]):
        return Value(digits, reason="marks_unclear")  # 1,68,9.00: a speck in 1,68,900, or cents
    rupees = parted is not None and closing.startswith("/-") and written[-3] == ","
    alone = bool(_CENTS_ALONE.match(re.sub(r"[^\d.,]", "", raw).rstrip(".,")))
    if not grouped or rupees or alone:
        return Value(text, reason="odd_grouping")
    missing = cents and not parted and "-" not in closing
    return Value(text, reason="no_cents" if missing else "")


def _is_grouped(written: str) -> bool:
    return bool(_GROUPED.match(written) or _INDIAN.match(written))


def _parts(raw: str) -> tuple[str, str]:
    """From the first digit to the last, doubled marks as one; and what follows."""
    written = re.search(r"\d(?:.*\d)?", raw)
    if written is None:
        return "", ""
    return re.sub(r"[.,]{2,}", ".", written[0]), raw[written.end() :]
