"""Plain digit strings: account numbers, counts, identifiers."""

from ocr.values.value import Value


def number_value(
    digits: str, length: tuple[int, int] | None = None, check_digit: str | None = None
) -> Value:
    """Check a digit string's length and check digit; its zeros are kept.

    Args:
        digits: The digits.
        length: Fewest and most digits; None for any.
        check_digit: ``luhn``, ``aba`` or ``iso7064``; None for none.
    """
    if not digits:
        return Value("", valid=False, reason="no_digits")
    if length and not length[0] <= len(digits) <= length[1]:
        return Value(digits, valid=False, reason="wrong_length")
    if check_digit and not _CHECKS[check_digit](digits):
        return Value(digits, valid=False, reason="check_digit")
    return Value(digits)


def luhn(digits: str) -> bool:
    """Whether the last digit is right by ISO/IEC 7812 (cards, many account numbers)."""
    total = 0
    for place, sign in enumerate(reversed(digits)):
        doubled = int(sign) * (1 + place % 2)
        total += doubled - 9 * (doubled > 9)
    return total % 10 == 0


def aba(digits: str) -> bool:
    """Whether a US routing number is right: nine digits weighted 3, 7, 1."""
    weighted = sum(int(sign) * (3, 7, 1)[place % 3] for place, sign in enumerate(digits))
    return len(digits) == 9 and weighted % 10 == 0


def iso7064(digits: str) -> bool:
    """Whether the last digit is right by ISO 7064 MOD 11,10."""
    product = 10
    for sign in digits[:-1]:
        total = (product + int(sign)) % 10 or 10
        product = 2 * total % 11
    return (product + int(digits[-1])) % 10 == 1


_CHECKS = {"luhn": luhn, "aba": aba, "iso7064": iso7064}
