"""The value of a field under its type."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Value:
    """What a string of digits and marks means.

    Attributes:
        text: Normalized value.
        valid: Whether the string is possible for the type.
        reason: Stable words that say why not, or what was assumed; empty if nothing is odd.
    """

    text: str
    valid: bool = True
    reason: str = ""


def only_digits(text: str) -> str:
    """A text without its marks."""
    return "".join(sign for sign in text if sign.isdigit())
