"""Labels: what a person says that fields hold, as a CSV file."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from ocr.errors import BadLabels, DuplicateLabel, NoLabels, UnknownField
from ocr.forms import Form, FormField
from ocr.values import interpret

_AS_WRITTEN = re.compile(r"[\d\s.,/*=+#$€£¥₹-]*")  # digits and what stands about them


@dataclass(frozen=True, slots=True)
class Label:
    """What one field holds.

    Attributes:
        document: Path of the document relative to the folder of images.
        page: Page number, from 1.
        field: The field's name.
        value: Normalized by the field's type; empty if the field is blank.
    """

    document: str
    page: int
    field: str
    value: str


def read_labels(path: str | Path, form: Form) -> tuple[Label, ...]:
    """Read a labels file: UTF-8 CSV, one line per field.

    Its columns: `document` (or `file`), `value`, and where needed `page` (1 if left out) and
    `field` (needed for a form of several fields). Further columns are passed over. An empty value
    says that the field is blank.

    Raises:
        BadLabels: The file cannot be read, lacks a column, or a line has no page number or value.
        NoLabels: It has no labels.
        UnknownField: The form does not have a field.
        DuplicateLabel: A field is labelled twice.
    """
    seen: dict[tuple[str, int, str], int] = {}
    labels: list[Label] = []
    for number, row in _rows(Path(path)):
        label = _label(f"{path} line {number}", row, form)
        key = (label.document, label.page, label.field)
        if key in seen:
            raise DuplicateLabel(
                f"{path} line {number}: {label.field} of {label.document} page {label.page} "
                f"is labelled in line {seen[key]} too; keep one of the two"
            )
        seen[key] = number
        labels.append(label)
    if not labels:
        raise NoLabels(f"{path}: has no labels; give one line per field under the heading")
    return tuple(labels)


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Lines below the heading with their numbers, by lower-case column names."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        fact = error.strerror or str(error)
        raise BadLabels(f"{path}: {fact}; give the path of a CSV file of labels") from error
    except UnicodeDecodeError as error:
        raise BadLabels(f"{path}: is not UTF-8 text; save it as CSV in UTF-8") from error
    lines = csv.DictReader(io.StringIO(text, newline=""), strict=True, restval="")
    try:
        _check_heading(path, lines.fieldnames)
        for row in lines:
            yield lines.line_num, {str(name).strip().lower(): text for name, text in row.items()}
    except csv.Error as error:
        raise BadLabels(
            f"{path} line {lines.line_num}: is not CSV ({error}); correct that line"
        ) from error


def _check_heading(path: Path, heading: Sequence[str] | None) -> None:
    if not heading:
        raise NoLabels(f"{path}: is empty; give a heading and one line per field")
    names = {name.strip().lower() for name in heading}
    if not names & {"document", "file"} or "value" not in names:
        raise BadLabels(
            f"{path}: its columns are {', '.join(heading)}; "
            "it needs document (or file) and value, and may have page and field"
        )


def _label(place: str, row: Mapping[str, str], form: Form) -> Label:
    document = row.get("document") or row.get("file") or ""
    if not document.strip():
        raise BadLabels(f"{place}: names no document; give its path relative to the images")
    field = _field(place, row.get("field", "").strip(), form)
    value = _value(place, row["value"].strip(), field)
    return Label(document.strip(), _page(place, row.get("page", "").strip()), field.name, value)


def _page(place: str, text: str) -> int:
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise BadLabels(f'{place}: the page "{text}" is no number from 1; correct it')
    return int(text)


def _field(place: str, name: str, form: Form) -> FormField:
    names = [field.name for field in form.fields]
    if not name and len(names) == 1:
        return form.fields[0]
    if name not in names:
        fact = f'has no field "{name}"' if name else "has several fields, and none is named"
        raise UnknownField(f"{place}: the form {form.name} {fact}; give one of {', '.join(names)}")
    return form.fields[names.index(name)]


def _value(place: str, text: str, field: FormField) -> str:
    """The label's normalized value; a label that can be understood in two ways is refused."""
    if not text:
        return ""
    if field.type == "date" and (iso := _iso_date(text)):
        return iso
    value = interpret(text, field)
    if not value.text or not _AS_WRITTEN.fullmatch(text) or value.reason in _AMBIGUOUS:
        raise BadLabels(f'{place}: "{text}" is no {field.type}; {_REMEDIES[field.type]}')
    return value.text


_AMBIGUOUS = {"odd_grouping", "order_assumed", "slashes_assumed"}
_REMEDIES = {
    "digits": "give its digits",
    "amount": "give digits and, if cents were written, a point and two digits: 1234.50",
    "postal_code": "give its digits",
    "date": "give it as YYYY-MM-DD",
    "micr": "give its digits",
}


def _iso_date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if "-" in text else ""
    except ValueError:
        return ""


def is_right(value: str, label: Label, field: FormField) -> bool:
    """Whether a reading's value is the labelled one; amounts are compared as numbers.

    Args:
        value: Normalized value; empty if nothing was read.
        label: The label.
        field: Its field.
    """
    if field.type == "amount" and value and label.value:
        return Decimal(value) == Decimal(label.value)
    return value == label.value
