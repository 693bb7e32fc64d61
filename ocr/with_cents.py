"""Amounts whose cents stand apart: whole and cents are read by themselves and put together."""

import re
from dataclasses import replace

from ocr.cents import Parted
from ocr.doubt import DOUBTED
from ocr.forms import FormField
from ocr.readers import Readers
from ocr.recognize import Recognition, recognize

_CENTS = FormField(name="cents", type="digits")
_TEXT = re.compile(r"(\d\d)(?:100)?")  # 50, or 50/100


def read_parted(
    parted: Parted, field: FormField, readers: Readers, unparted: Recognition
) -> Recognition:
    """Read an amount whose cents seem to stand apart.

    Two digits there, alone or of a hundred, are the cents; with neither a bar nor a hundred the
    reason names them. If anything else stands there (``xx``, a dash, dirt), it is read in one
    piece, or as whole units for a person to look at: whichever the readers are surer of.

    Args:
        parted: The amount in two pieces.
        field: The amount's field.
        readers: The readers.
        unparted: What it says in one piece.
    """
    said = readers.ask([parted.whole, parted.cents])
    whole_alone = field.model_copy(update={"cents": False})
    whole, cents = (
        recognize(ink, heard, kind, readers.trust(heard, comb=False))
        for ink, heard, kind in zip(
            (parted.whole, parted.cents), said, (whole_alone, _CENTS), strict=True
        )
    )
    digits = _TEXT.fullmatch(cents.value)
    if whole.confidence is None or "." in whole.value:
        return unparted
    if digits is None or cents.confidence is None:
        unclear = whole.confidence * DOUBTED
        if unclear < (unparted.confidence or 0.0):
            return unparted
        return replace(whole, confidence=unclear, reason=f"{whole.reason} cents_unclear".strip())
    named = parted.barred or cents.value != digits[1]
    return replace(
        whole,
        value=f"{whole.value}.{digits[1]}",
        raw=f"{whole.raw} {cents.raw}",
        confidence=whole.confidence * cents.confidence,
        reason=" ".join(filter(None, (whole.reason, "" if named else "cents_raised"))),
    )
