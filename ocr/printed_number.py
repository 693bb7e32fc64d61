"""A check number that is printed twice: in the MICR line, and in the upper right of the check."""

from collections.abc import Sequence
from dataclasses import replace

from ocr.doubt import DOUBTED, OVERWRITTEN, left_by_overwriting
from ocr.forms import FormField
from ocr.recognize import Recognition

NUMBER = FormField(name="printed_number", type="digits", length=(3, 8))
_SURE = 0.98  # all 28 numbers found on 30 drawn checks reach it, of 48 words in capitals none
_OWN_DOUBT = OVERWRITTEN  # what a printed zero with a stroke or a point in it looks like


def against_print(number: Recognition, printed: Sequence[Recognition | None]) -> Recognition:
    """Compare a check number with what is printed where it may stand once more.

    Only the one place that surely says another number denies it. A place read in doubt, one
    without a number, or two that say different ones, are no reason.

    Args:
        number: As read in the MICR line.
        printed: What stands in the places found.

    Returns:
        The number; where it is denied with the reason ``printed_number_differs`` and so little
        confidence that a person looks.
    """
    others = {said.value.lstrip("0") for said in printed if said and _is_sure(said)}
    if number.reason or len(others) != 1 or number.value.lstrip("0") in others:
        return number
    left = (number.confidence or 0.0) * DOUBTED
    return replace(number, confidence=left, reason="printed_number_differs")


def _is_sure(said: Recognition) -> bool:
    """Whether it is a number beyond doubt, as print is mostly read."""
    least = _SURE * left_by_overwriting(said.reason)
    sure = said.confidence is not None and said.confidence >= least
    return sure and said.reason in {"", _OWN_DOUBT}
