"""Recognizing a field: from the hypotheses of its lattice to a value with a confidence."""

from dataclasses import dataclass
from math import exp, inf

import numpy as np

from ocr.arrays import Probabilities
from ocr.confidence import Evidence, confidence_of
from ocr.decode import Hypothesis, decode, decode_cells
from ocr.fillers import without_filler
from ocr.forms import FormField
from ocr.prepare import FieldInk
from ocr.values import Value, interpret


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a field says.

    Attributes:
        value: Normalized value; empty for a blank field.
        raw: Digits and marks as written.
        confidence: Estimate of P(value is entirely right); None for a blank field.
        reason: Stable words, separated by blanks: what was repaired or is odd.
    """

    value: str
    raw: str
    confidence: float | None
    reason: str = ""


BLANK = Recognition("", "", None)


def recognize(
    ink: FieldInk, probabilities: Probabilities, labels: tuple[str, ...], field: FormField
) -> Recognition:
    """Read one field.

    Args:
        ink: The segmented field.
        probabilities: (candidates, classes) of its candidates.
        labels: The classes.
        field: The field's type and constraints.
    """
    if ink.cells:
        hypotheses = decode_cells(ink.lattice, probabilities, labels, ink.cells)
    else:
        hypotheses = decode(ink.lattice, probabilities, labels)
    if field.type == "amount":
        hypotheses = without_filler(hypotheses)
    best = hypotheses[0]
    if not best.digits:
        return BLANK
    comb = bool(ink.cells)
    values = [interpret(h.digits if comb else h.raw, field, comb=comb) for h in hypotheses]
    chosen = next((k for k, value in enumerate(values) if value.valid), 0)
    evidence = _evidence(ink, hypotheses, values, chosen)
    reasons = [values[chosen].reason]
    if chosen > 0:
        reasons.append("repaired")
    if comb and len(hypotheses[chosen].digits) < len(ink.cells):
        reasons.append("empty_cells")
    return Recognition(
        values[chosen].text,
        hypotheses[chosen].digits if comb else hypotheses[chosen].raw,
        confidence_of(evidence),
        " ".join(filter(None, reasons)),
    )


def _evidence(
    ink: FieldInk, hypotheses: list[Hypothesis], values: list[Value], chosen: int
) -> Evidence:
    """What speaks for and against the chosen hypothesis."""
    logs = np.array([h.log_p for h in hypotheses])
    total = float(np.logaddexp.reduce(logs))
    rivals = [h.log_p for k, h in enumerate(hypotheses) if k != chosen]
    lead = hypotheses[chosen].log_p - max(rivals, default=-inf)
    digits = [part for part in hypotheses[chosen].parts if part.is_digit]
    return Evidence(
        posterior=exp(hypotheses[chosen].log_p - total),
        lead=min(lead, 20.0),
        worst_part=min(part.log_p for part in hypotheses[chosen].parts),
        mean_digit=sum(part.log_p for part in digits) / len(digits),
        digits=len(digits),
        odd=bool(values[chosen].reason) or not values[chosen].valid,
        repaired=chosen > 0,
        complete=not ink.cells or len(digits) == len(ink.cells),
    )
