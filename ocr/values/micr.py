"""MICR lines: their parts by country, told from how the symbols are arranged.

Symbols are letters: A transit, B amount, C on-us, D dash; ``?`` is a character that cannot be read.
"""

import re
from dataclasses import dataclass, field

from ocr.values.number import aba
from ocr.values.value import Value

_AMOUNT = r"( *B[\d?]{10}B)?"
_ON_US = r"(?P<account>[\dD?][\dD? ]*)C *(?P<serial>[\d?]+)?"

# A whole line per country. IN: CTS-2010; older checks have no account. US: ANSI X9.100-160, with
# auxiliary on-us, transit, on-us and amount. CA: as US, the bank by branch and institution parted
# by a dash (Payments Canada, Standard 006; from general knowledge).
_LINES = {
    "IN": r"C(?P<check_number>[\d?]{6})C *(?P<routing>[\d?]{9})A"
    r"( *(?P<account>[\d?]{6})C)? *(?P<transaction_code>[\d?]{2})",
    "US": rf"(C(?P<auxiliary>[\d?]+)C *)?A(?P<routing>[\d?]{{9}})A *{_ON_US}{_AMOUNT}",
    "CA": rf"(C(?P<auxiliary>[\d?]+)C *)?A(?P<routing>[\d?]{{5}}D[\d?]{{3}})A *{_ON_US}{_AMOUNT}",
}


@dataclass(frozen=True, slots=True)
class MicrSplit:
    """Where the parts of a line are in its text.

    Attributes:
        country: Two-letter code; empty if no country known arranges a line that way.
        parts: ``line``, and what there is of ``check_number``, ``routing`` (in India the sort
            code), ``account`` and ``transaction_code``.
    """

    country: str
    parts: dict[str, slice] = field(default_factory=dict)


def split_line(text: str) -> MicrSplit:
    """Split a line, with a blank for each empty position, into its parts.

    The check number of the US and Canada is the auxiliary on-us field, else what stands right of
    the account's on-us symbol; banks that print it elsewhere have none here.
    """
    whole = {"line": slice(0, len(text))}
    for country, pattern in _LINES.items():
        if match := re.fullmatch(pattern, text):
            found = {
                name: slice(*match.span(name)) for name, part in match.groupdict().items() if part
            }
            number = found.pop("auxiliary", None), found.pop("serial", None)
            if any(number):
                found["check_number"] = number[0] or number[1] or whole["line"]
            return MicrSplit(country, whole | found)
    return MicrSplit("", whole)


def micr_value(text: str, part: str = "line") -> Value:
    """Normalize a line or a part of it: one blank where several positions are empty.

    Returns:
        The text; invalid with an unreadable character in it, with a US routing number whose check
        digit is wrong, and, as a whole line, in an arrangement of no country known.

    Raises:
        KeyError: The line has no such part.
    """
    split = split_line(text)
    value = " ".join(text[split.parts[part]].split())
    if "?" in value:
        return Value(value, valid=False, reason="unreadable_character")
    if not split.country:
        return Value(value, valid=False, reason="unknown_arrangement")
    if (
        part in {"line", "routing"}
        and split.country == "US"
        and not aba(text[split.parts["routing"]])
    ):
        return Value(value, valid=False, reason="check_digit")
    return Value(value)
