"""Reading a page, from file to fields; the story of the whole reader."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from ocr.arrays import Gray
from ocr.cents import part_cents
from ocr.digits.versions import champion, find_version
from ocr.doubt import CUT_SHORT
from ocr.errors import UnknownForm
from ocr.find import Absence, Fitting, Placed, Placement, best_fitting, fit_form, place_fields
from ocr.forms import Form, FormField, FormGiven, Forms, load_forms, names_of
from ocr.micr.recognize import recognize_micr
from ocr.pages import load_page
from ocr.policy import thresholds
from ocr.prepare import FieldInk, prepare_on
from ocr.printed_number import NUMBER, against_print
from ocr.readers import Readers, Said, load_readers
from ocr.reading import FieldReading, PageReading, Status
from ocr.recognize import Recognition, in_doubt, recognize
from ocr.resolution import SENTENCES, resolution_warnings
from ocr.upright import UprightPage, as_scanned, make_upright
from ocr.verdict import ACCEPT_FROM, verdict
from ocr.with_cents import read_parted
from ocr.written import are_fields

_log = logging.getLogger(__name__)

# The row of a page on which `auto` finds nothing: it was read, and no field is invented.
_NO_FIELDS = FieldReading("", "", "", "", None, Status.MISSING, "no_fields", None)


def read_page(
    path: str | Path,
    form: FormGiven | Sequence[FormGiven],
    page: int = 1,
    document: str | None = None,
    model: str | None = None,
) -> PageReading:
    """Read one page of a document.

    Args:
        path: The file: PDF, TIFF, PNG, JPEG or BMP.
        form: A form, the name of a built-in one, a TOML file, or a folder of such; or several, of
            which the page has the one that fits best.
        page: Page number, from 1.
        document: Name of the document in the reading; the file's name if None.
        model: Version of the digit model; the champion if None.

    Raises:
        DocumentError: The file or page cannot be read; `UnknownForm`: it fits none of the forms.
        FormError: A form is missing or has a mistake, or forms cannot be told apart.
        ModelError: There is no model that can be used.
        PolicyError: The form's policy cannot be used.
    """
    forms = load_forms(form)
    version = find_version(model) if model else champion()
    readers = load_readers(version)
    started = perf_counter()
    loaded = load_page(path, page)
    timings_ms = {"load": (perf_counter() - started) * 1000.0}
    upright = _upright(loaded.gray, forms, timings_ms)
    fitting = _fitting(upright, forms, timings_ms)
    if fitting is None:
        raise UnknownForm(f"{path} page {page}: fits none of {names_of(forms)}; add its form")
    accept_from = thresholds(fitting.form, version.version)
    fields = _read(fitting, readers, timings_ms, accept_from)
    warnings = resolution_warnings(loaded.dpi, fitting)
    for warning in warnings:
        _log.info("%s page %d: %s", path, page, SENTENCES[warning])
    return PageReading(
        document if document is not None else Path(path).name,
        page,
        fitting.form.name,
        fields,
        version.version,
        skew_deg=upright.skew_deg,
        turn_deg=fitting.page.turn_deg,
        flattened=upright.flattened,
        warnings=warnings,
        timings_ms=timings_ms,
    )


def read_fields(
    gray: Gray, form: Form, readers: Readers
) -> tuple[tuple[FieldReading, ...], UprightPage]:
    """Read the fields of a page that is already in memory, by the default thresholds.

    Args:
        gray: (H, W) page as scanned.
        form: Its form.
        readers: The readers; the digit network is called once for the whole page.

    Returns:
        The fields in the form's order, and the page they were found on.
    """
    timings_ms: dict[str, float] = {}
    fitting = fit_form(_upright(gray, (form,), timings_ms), form)
    return _read(fitting, readers, timings_ms, {}), fitting.page


def _upright(gray: Gray, forms: Forms, timings_ms: dict[str, float]) -> UprightPage:
    """The page upright; a crop is too small to tell how it lies."""
    with _timed(timings_ms, "upright"):
        if forms[0].layout == "crop":
            return as_scanned(gray)
        return make_upright(gray, [form.page_mm for form in forms if form.page_mm])


def _fitting(page: UprightPage, forms: Forms, timings_ms: dict[str, float]) -> Fitting | None:
    with _timed(timings_ms, "register"):
        return fit_form(page, forms[0]) if len(forms) == 1 else best_fitting(page, forms)


def _read(
    fitting: Fitting,
    readers: Readers,
    timings_ms: dict[str, float],
    accept_from: Mapping[str, float],
) -> tuple[FieldReading, ...]:
    """Read the fields of a form that lies on an upright page."""
    with _timed(timings_ms, "find"):
        placed = place_fields(fitting)
    recognitions = recognize_placed(fitting.page, placed, readers, timings_ms)
    with _timed(timings_ms, "compare"):
        recognitions = [
            _against_print(fitting.page, place, recognition, readers)
            for (_, place), recognition in zip(placed, recognitions, strict=True)
        ]
    kept = [True] * len(placed)
    if fitting.form.layout == "auto":
        there = [
            (field, place if isinstance(place, Placement) else None) for field, place in placed
        ]
        kept = are_fields(there, recognitions)
    fields = tuple(
        _field_reading(field, place, recognition, fitting.page, accept_from)
        for (field, place), recognition, keep in zip(placed, recognitions, kept, strict=True)
        if keep
    )
    return fields or (_NO_FIELDS,)


def recognize_placed(
    page: UprightPage, placed: Sequence[Placed], readers: Readers, timings_ms: dict[str, float]
) -> list[Recognition | None]:
    """What is written in each field; None for those that are nowhere on the page."""
    with _timed(timings_ms, "segment"):
        inks = [
            prepare_on(page, place) if isinstance(place, Placement) and not place.micr else None
            for _, place in placed
        ]
    with _timed(timings_ms, "classify"):
        answers = iter(readers.ask([ink for ink in inks if ink is not None]))
        said = [None if ink is None else next(answers) for ink in inks]
    with _timed(timings_ms, "decode"):
        return [
            _recognition(field, place, ink, heard, readers)
            for (field, place), ink, heard in zip(placed, inks, said, strict=True)
        ]


def _recognition(
    field: FormField,
    placement: Placement | Absence | None,
    ink: FieldInk | None,
    said: Said | None,
    readers: Readers,
) -> Recognition | None:
    if isinstance(placement, Placement) and placement.micr is not None:
        return recognize_micr(placement.micr, field.part)
    if ink is None or said is None:
        return None
    if isinstance(placement, Placement):
        field = placement.asks(field)
    recognition = recognize(ink, said, field, readers.trust(said, comb=bool(ink.cells)))
    parted = part_cents(ink) if field.type == "amount" and not ink.cells else None
    if parted:
        recognition = read_parted(parted, field, readers, recognition)
    is_cut = isinstance(placement, Placement) and placement.is_cut_short
    return in_doubt(recognition, CUT_SHORT) if is_cut else recognition


def _against_print(
    page: UprightPage,
    place: Placement | Absence | None,
    recognition: Recognition | None,
    readers: Readers,
) -> Recognition | None:
    """A check number compared with where it is printed once more."""
    if recognition is None or not isinstance(place, Placement) or not place.printed:
        return recognition
    again = [(NUMBER, Placement(box)) for box in place.printed]
    return against_print(recognition, recognize_placed(page, again, readers, {}))


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
