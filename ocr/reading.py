"""What reading a page gives: one value per field, each with a confidence and a verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ocr.errors import DocumentError
from ocr.geometry import Box


class Status(StrEnum):
    """The verdict on a field."""

    ACCEPTED = "accepted"  # confident enough to be used as it is
    REVIEW = "review"  # a person looks
    CONFIRMED = "confirmed"  # a person found it right
    CORRECTED = "corrected"  # a person typed another value
    BLANK = "blank"  # the field is there and empty
    MISSING = "missing"  # the field was expected and not found
    ERROR = "error"  # the document or page could not be read


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One field of one page.

    Attributes:
        field: The field's name on the form; empty in an error row.
        type: The field's type, such as ``amount``.
        value: Normalized value as text (``1234.50``, ``2016-01-25``, ``01234``); empty if none.
        raw: What was read, before normalization.
        confidence: Calibrated estimate of P(value is entirely right), 0..1; None when nothing
            was read.
        status: The verdict.
        reason: Why it is not simply accepted, or what was repaired; stable words.
        box: The field in pixels of the page as scanned (before deskew); None when not found.
    """

    field: str
    type: str
    value: str
    raw: str
    confidence: float | None
    status: Status
    reason: str
    box: Box | None


@dataclass(frozen=True, slots=True)
class PageReading:
    """All fields of one page.

    Attributes:
        document: The file's path relative to the submitted folder, with ``/`` between its parts.
        page: Page number, from 1.
        form: Name of the form it was read with.
        fields: In the form's order; never empty (a page without fields has an error row).
        model: Version of the digit model; empty in an error row.
        skew_deg: Skew that was taken out, counter-clockwise positive.
        turn_deg: How far the page lay turned, counter-clockwise: 0, 90, 180 or 270.
        flattened: Whether it was cut out of a photo and flattened.
        warnings: Stable words for what a person should know of the page, as in `ocr.resolution`.
        timings_ms: Milliseconds per step of the pipeline.
    """

    document: str
    page: int
    form: str
    fields: tuple[FieldReading, ...]
    model: str = ""
    skew_deg: float = 0.0
    turn_deg: int = 0
    flattened: bool = False
    warnings: tuple[str, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)


def error_reading(document: str, page: int, form: str, error: DocumentError) -> PageReading:
    """The reading of a page that could not be read: one row that says why and what to do."""
    row = FieldReading("", "", "", "", None, Status.ERROR, error.reason, None)
    return PageReading(document, page, form, (row,))
