"""How well a version reads labelled fields, and how far its confidences can be believed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from model.html_report import calibration, rejects, section, write_page
from model.intervals import Rate, rate
from model.metrics import RejectPoint, reject_curve
from model.reliability import Reliability, reliability
from model.reporting import describe, reject_table
from ocr.budget import Outcome
from ocr.calibrate import Watch, read_labelled
from ocr.forms import Form
from ocr.markup import element

_REJECTED = tuple(k / 20 for k in range(20))  # whole fields: most of a hard set may be left


@dataclass(frozen=True, slots=True)
class FieldFigures:
    """What labelled fields of one name show.

    Attributes:
        field: Its name.
        exact: Share read entirely right.
        reliability: Expected calibration error, and the bins behind it.
        risk: Risk and coverage: the error of what remains, by the share that is rejected.
    """

    field: str
    exact: Rate
    reliability: Reliability
    risk: tuple[RejectPoint, ...]


@dataclass(frozen=True, slots=True)
class FieldEvaluation:
    """All figures of one version on labelled fields of a form.

    Attributes:
        version: The model.
        form: The form's name.
        fields: One for each labelled field, in the form's order.
        unreadable: Pages that could not be read, with the reason; they count nowhere.
    """

    version: str
    form: str
    fields: tuple[FieldFigures, ...]
    unreadable: tuple[str, ...]

    def as_table(self) -> dict[str, Any]:
        """The figures as JSON knows them."""
        return asdict(self)


def evaluate_fields(
    labels: Path, form: Form, images: Path | None, model: str | None, watch: Watch = iter
) -> FieldEvaluation:
    """Read labelled documents as in production and measure each field.

    Args:
        labels: See `ocr.labels.read_labels`.
        form: The documents' form.
        images: The folder of the documents; that of the labels file if None.
        model: Model version; the champion if None.
        watch: Passes the pages on one by one; to show progress.

    Raises:
        CalibrationError: The labels cannot be used.
        FileUnreadable: There is no such folder.
        ModelError: There is no model that can be used.
    """
    read = read_labelled(labels, form, images, model, watch)
    fields = tuple(_figures(name, each) for name, each in read.outcomes.items() if each)
    return FieldEvaluation(read.model, form.name, fields, read.unreadable)


def _figures(field: str, outcomes: Sequence[Outcome]) -> FieldFigures:
    """Where nothing was read, confidence is none at all."""
    confidence = np.array([outcome.confidence or 0.0 for outcome in outcomes])
    right = np.array([outcome.right for outcome in outcomes])
    return FieldFigures(
        field,
        rate(int(right.sum()), len(right)),
        reliability(confidence, right),
        reject_curve(confidence, right, _REJECTED),
    )


def print_fields(figures: FieldEvaluation, console: Console) -> None:
    """Print the figures for people."""
    for line in figures.unreadable:
        console.print(f"not counted: {line}")
    for each in figures.fields:
        error = each.reliability.error
        console.print(f"{each.field}, model {figures.version}: exact {describe(each.exact)}")
        console.print(
            f"expected calibration error {error.value:.4f} "
            f"(95 %: {error.low:.4f} to {error.high:.4f})"
        )
        console.print(reject_table(each.risk))


def write_field_report(figures: FieldEvaluation, path: Path) -> None:
    """Write the figures and their plots as one HTML file.

    Raises:
        ExportError: If it cannot be written.
    """
    body = [element("p", None, f"not counted: {line}") for line in figures.unreadable]
    for each in figures.fields:
        body += section(each.field, element("p", None, f"Exact: {describe(each.exact)}"))
        body += section(f"{each.field}: calibration", *calibration(each.reliability))
        body += section(f"{each.field}: risk and coverage", *rejects(each.risk))
    write_page(f"Form {figures.form}, model {figures.version}: fields", body, path)
