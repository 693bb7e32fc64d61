"""Calibrating: read labelled documents and choose the threshold of each field by what came out."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from ocr.budget import Choice, Outcome, choose_threshold
from ocr.digits.versions import champion, find_version
from ocr.documents import resolve_document
from ocr.errors import BadTarget, DocumentError, FileUnreadable, UnknownDocument
from ocr.forms import Form
from ocr.labels import Label, is_right, read_labels
from ocr.pages import count_pages
from ocr.policy import FieldPolicy, form_sha256
from ocr.read import read_page
from ocr.reading import PageReading

LabelledPage = tuple[Label, ...]  # the labels of one page; never empty
Watch = Callable[[Sequence[LabelledPage]], Iterable[LabelledPage]]


@dataclass(frozen=True, slots=True)
class FieldResult:
    """What the labels say of one field.

    Attributes:
        field: Its name.
        n: Labelled fields that were read.
        right: Those read right.
        choice: The threshold.
    """

    field: str
    n: int
    right: int
    choice: Choice


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The outcome of a calibration.

    Attributes:
        fields: The labelled fields, in the form's order.
        unreadable: Pages that could not be read, with the reason; they count in no `n`.
        target_error: What was asked for.
        confidence: With which probability.
        model: The model version that read.
    """

    fields: tuple[FieldResult, ...]
    unreadable: tuple[str, ...]
    target_error: float
    confidence: float
    model: str


@dataclass(frozen=True, slots=True)
class LabelledReading:
    """What became of labelled fields.

    Attributes:
        outcomes: Of each labelled field of the form, in the form's order.
        unreadable: Pages that could not be read, with the reason; they are in no outcome.
        model: The model version that read.
    """

    outcomes: dict[str, tuple[Outcome, ...]]
    unreadable: tuple[str, ...]
    model: str


def calibrate(
    labels_file: str | Path,
    form: Form,
    target_error: float,
    images: str | Path | None = None,
    confidence: float = 0.95,
    watch: Watch = iter,
) -> Calibrated:
    """Choose acceptance thresholds that keep a target error; nothing is stored.

    What is guaranteed, and what the labelled documents must be a sample of, is told by
    `ocr.budget.choose_threshold`.

    Args:
        labels_file: See `ocr.labels.read_labels`.
        form: The documents' form.
        target_error: Largest share of wrong fields among accepted ones, above 0 and at most 0.5.
        images: The folder of the documents; that of the labels file if None.
        confidence: Probability with which the target is kept, from 0.5 and below 1.
        watch: Passes the pages on one by one; to show progress.

    Raises:
        CalibrationError: The target or the labels cannot be used.
        FileUnreadable: There is no such folder.
        ModelError: There is no model that can be used.
    """
    _check_target(target_error, confidence)
    read = read_labelled(labels_file, form, images, watch=watch)
    results = tuple(
        _result(field, outcomes, target_error, confidence)
        for field, outcomes in read.outcomes.items()
    )
    return Calibrated(results, read.unreadable, target_error, confidence, read.model)


def read_labelled(
    labels_file: str | Path,
    form: Form,
    images: str | Path | None = None,
    model: str | None = None,
    watch: Watch = iter,
) -> LabelledReading:
    """Read labelled documents, and say of each labelled field how sure and how right it was.

    Args:
        labels_file: See `ocr.labels.read_labels`.
        form: The documents' form.
        images: The folder of the documents; that of the labels file if None.
        model: Model version; the champion if None.
        watch: Passes the pages on one by one; to show progress.

    Raises:
        CalibrationError: The labels cannot be used.
        FileUnreadable: There is no such folder.
        ModelError: There is no model that can be used.
    """
    folder = Path(images) if images is not None else Path(labels_file).parent
    labels = read_labels(labels_file, form)
    _check_documents(labels, folder, labels_file)
    model = find_version(model).version if model else champion().version
    outcomes: dict[str, list[Outcome]] = {label.field: [] for label in labels}
    unreadable: list[str] = []
    for page in watch(_by_page(labels)):
        try:
            reading = _read(page, folder, form, model)
        except DocumentError as error:
            unreadable.append(f"{page[0].document} page {page[0].page}: {error.reason}")
            continue
        for label, outcome in _outcomes(page, reading, form):
            outcomes[label.field].append(outcome)
    ordered = {f.name: tuple(outcomes[f.name]) for f in form.fields if f.name in outcomes}
    return LabelledReading(ordered, tuple(unreadable), model)


def entries(calibrated: Calibrated, form: Form, labels_file: str | Path) -> dict[str, FieldPolicy]:
    """What a policy is to hold: an entry for every field with a proven threshold."""
    digest = hashlib.sha256(Path(labels_file).read_bytes()).hexdigest()
    return {
        result.field: FieldPolicy(
            threshold=result.choice.trial.threshold,
            target_error=calibrated.target_error,
            confidence=calibrated.confidence,
            n=result.n,
            right=result.right,
            accepted=result.choice.trial.accepted,
            errors=result.choice.trial.errors,
            bound=result.choice.trial.bound,
            model=calibrated.model,
            form_sha256=form_sha256(form),
            labels_sha256=digest,
            date=datetime.now(UTC).date().isoformat(),
        )
        for result in calibrated.fields
        if result.choice.proven
    }


def _check_target(target_error: float, confidence: float) -> None:
    if not 0.0 < target_error <= 0.5:
        raise BadTarget(
            f"the target error {target_error:g} is not above 0 and at most 0.5; "
            "give a share such as 0.01"
        )
    if not 0.5 <= confidence < 1.0:
        raise BadTarget(
            f"the confidence {confidence:g} is not from 0.5 to below 1; give one such as 0.95"
        )


def _by_page(labels: Sequence[Label]) -> list[LabelledPage]:
    ordered = sorted(labels, key=_page_of)
    return [tuple(page) for _, page in groupby(ordered, key=_page_of)]


def _page_of(label: Label) -> tuple[str, int]:
    return label.document, label.page


def _check_documents(labels: Sequence[Label], folder: Path, labels_file: str | Path) -> None:
    """Refuse labels of what is not there, before hours are spent on reading the others."""
    if not folder.is_dir():
        raise FileUnreadable(f"{folder}: no such folder; check its path")
    documents = sorted({label.document for label in labels})
    gone = [document for document in documents if not _is_there(folder, document)]
    if gone:
        raise UnknownDocument(
            f"{labels_file}: {len(gone)} of {len(documents)} labelled documents are not in "
            f"{folder}, the first is {gone[0]}; correct their paths, or give the folder that "
            "they are relative to by --images"
        )
    for label in labels:
        if label.page > 1:
            _check_page(label, folder, labels_file)


def _is_there(folder: Path, document: str) -> bool:
    try:
        resolve_document(folder, document)
    except FileUnreadable:
        return False
    return True


def _check_page(label: Label, folder: Path, labels_file: str | Path) -> None:
    try:
        pages = count_pages(resolve_document(folder, label.document))
    except DocumentError:
        return  # named among the unreadable
    if label.page > pages:
        raise UnknownDocument(
            f"{labels_file}: {label.document} has no page {label.page}, its last is {pages}; "
            "correct the page"
        )


def _read(page: LabelledPage, folder: Path, form: Form, model: str) -> PageReading:
    path = resolve_document(folder, page[0].document)
    return read_page(path, form, page[0].page, page[0].document, model)


def _outcomes(
    page: LabelledPage, reading: PageReading, form: Form
) -> Iterator[tuple[Label, Outcome]]:
    read = {field.field: field for field in reading.fields}
    types = {field.name: field for field in form.fields}
    for label in page:
        found = read[label.field]
        right = is_right(found.value, label, types[label.field])
        yield label, Outcome(found.confidence, right)


def _result(
    field: str, outcomes: Sequence[Outcome], target_error: float, confidence: float
) -> FieldResult:
    right = sum(outcome.right for outcome in outcomes)
    choice = choose_threshold(outcomes, target_error, confidence)
    return FieldResult(field, len(outcomes), right, choice)
