"""Reading a page, from file to fields; the story of the whole reader."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from ocr.arrays import Gray
from ocr.digits.versions import champion, find_version
from ocr.find import Absence, Placement, place_fields
from ocr.forms import Form, FormField, load_form
from ocr.micr.recognize import recognize_micr
from ocr.pages import load_page
from ocr.policy import thresholds
from ocr.prepare import FieldInk, prepare_on
from ocr.readers import Readers, Said, load_readers
from ocr.reading import FieldReading, PageReading, Status
from ocr.recognize import Recognition, recognize
from ocr.upright import UprightPage, as_scanned, make_upright
from ocr.verdict import ACCEPT_FROM, verdict
from ocr.written import are_fields

# The row of a page on which `auto` finds nothing: it was read, and no field is invented.
_NO_FIELDS = FieldReading("", "", "", "", None, Status.MISSING, "no_fields", None)


def read_page(
    path: str | Path,
    form: Form | str | Path,
    page: int = 1,
    document: str | None = None,
    model: str | None = None,
) -> PageReading:
    """Read one page of a document.

    Args:
        path: The file: PDF, TIFF, PNG, JPEG or BMP.
        form: A form, the name of a built-in one, or a TOML file.
        page: Page number, from 1.
        document: Name of the document in the reading; the file's name if None.
        model: Version of the digit model; the champion if None.

    Raises:
        DocumentError: The file or page cannot be read.
        FormError: The form is missing or has a mistake.
        ModelError: There is no model that can be used.
        PolicyError: The form's policy cannot be used.
    """
    form = form if isinstance(form, Form) else load_form(form)
    version = find_version(model) if model else champion()
    readers = load_readers(version)
    accept_from = thresholds(form, version.version)
    started = perf_counter()
    loaded = load_page(path, page)
    timings_ms = {"load": (perf_counter() - started) * 1000.0}
    fields, upright = read_fields(loaded.gray, form, readers, timings_ms, accept_from)
    return PageReading(
        document if document is not None else Path(path).name,
        page,
        form.name,
        fields,
        version.version,
        skew_deg=upright.skew_deg,
        turn_deg=upright.turn_deg,
        timings_ms=timings_ms,
    )


def read_fields(
    gray: Gray,
    form: Form,
    readers: Readers,
    timings_ms: dict[str, float] | None = None,
    accept_from: Mapping[str, float] | None = None,
) -> tuple[tuple[FieldReading, ...], UprightPage]:
    """Read the fields of a page that is already in memory.

    Args:
        gray: (H, W) page as scanned.
        form: Its form.
        readers: The readers; the digit network is called once for the whole page.
        timings_ms: Gets the milliseconds of each step.
        accept_from: Acceptance thresholds by field name; the default for those left out.

    Returns:
        The fields in the form's order, and the page they were found on.
    """
    timings_ms = timings_ms if timings_ms is not None else {}
    accept_from = accept_from or {}
    with _timed(timings_ms, "upright"):
        upright = as_scanned(gray) if form.layout == "crop" else make_upright(gray)
    with _timed(timings_ms, "find"):
        placed = place_fields(upright, form)
    with _timed(timings_ms, "segment"):
        inks = [
            prepare_on(upright, place) if isinstance(place, Placement) and not place.micr else None
            for _, place in placed
        ]
    with _timed(timings_ms, "classify"):
        said = readers.ask(inks)
    with _timed(timings_ms, "decode"):
        recognitions = [
            _recognition(field, place, ink, heard, readers)
            for (field, place), ink, heard in zip(placed, inks, said, strict=True)
        ]
    kept = [True] * len(placed)
    if form.layout == "auto":
        there = [
            (field, place if isinstance(place, Placement) else None) for field, place in placed
        ]
        kept = are_fields(there, recognitions)
    fields = tuple(
        _field_reading(field, place, recognition, upright, accept_from)
        for (field, place), recognition, keep in zip(placed, recognitions, kept, strict=True)
        if keep
    )
    return fields or (_NO_FIELDS,), upright


def _recognition(
    field: FormField,
    placement: Placement | Absence | None,
    ink: FieldInk | None,
    said: Said,
    readers: Readers,
) -> Recognition | None:
    if isinstance(placement, Placement) and placement.micr is not None:
        return recognize_micr(placement.micr, field.part)
    if ink is None:
        return None
    return recognize(ink, said, field, readers.trust(said, comb=bool(ink.cells)))


def _field_reading(
    field: FormField,
    placement: Placement | Absence | None,
    recognition: Recognition | None,
    upright: UprightPage,
    accept_from: Mapping[str, float],
) -> FieldReading:
    if isinstance(placement, Absence):
        missing = (Status.MISSING, placement.value)
        return FieldReading(field.name, field.type, "", "", None, *missing, None)
    column = field.name.partition("[")[0]  # rows of one column are accepted alike
    threshold = accept_from.get(field.name, accept_from.get(column, ACCEPT_FROM))
    status, reason = verdict(recognition, threshold)
    return FieldReading(
        field.name,
        field.type,
        recognition.value if recognition else "",
        recognition.raw if recognition else "",
        recognition.confidence if recognition else None,
        status,
        reason,
        upright.to_scan(placement.box) if placement is not None else None,
    )


@contextmanager
def _timed(timings_ms: dict[str, float], step: str) -> Iterator[None]:
    started = perf_counter()
    yield
    timings_ms[step] = (perf_counter() - started) * 1000.0
