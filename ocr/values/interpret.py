"""One entry to all field types."""

from ocr.forms import FormField
from ocr.values.amount import amount_value
from ocr.values.date import date_value
from ocr.values.number import number_value
from ocr.values.postal_code import postal_code_value
from ocr.values.value import Value, only_digits

_CENTS = 2  # digits


def interpret(raw: str, field: FormField, *, comb: bool = False) -> Value:
    """Give a string its meaning under the field's type.

    Args:
        raw: Digits and marks (``.`` ``,`` ``-`` ``/``) as written.
        field: The field, with its type and what belongs to it.
        comb: Whether it was written into cells.
    """
    digits = only_digits(raw)
    if field.type == "amount":
        parted = comb and field.cents and len(raw) > _CENTS  # their point is printed
        return amount_value(
            f"{raw[:-_CENTS]}.{raw[-_CENTS:]}" if parted else raw, cents=field.cents
        )
    if field.type == "date":
        return date_value(raw, field.order, comb=comb)
    if field.type == "postal_code":
        return postal_code_value(digits, field.country or "")
    return number_value(digits, field.length, field.check_digit)
