"""Recognizing a field: from the hypotheses of its lattice to a value with a confidence."""

from dataclasses import dataclass, replace
from math import exp

import numpy as np

from ocr.amounts import as_amounts
from ocr.arrays import Probabilities
from ocr.confidence import Calibration, Evidence, confidence_of
from ocr.decode import Hypothesis, decode, decode_cells
from ocr.forms import FormField
from ocr.prepare import FieldInk
from ocr.values import Value, interpret

_WRITING = 0.25  # of the field's height: taller ink is writing, not dirt
_REPAIR_REACH = 5.0  # log odds: a possible string 150 times less probable repairs nothing


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a field says.

    Attributes:
        value: Normalized value; empty for a blank field.
        raw: Digits and marks as written.
        confidence: Estimate of P(value is entirely right); None when nothing was read.
        reason: Stable words, separated by blanks: what was repaired or is odd.
    """

    value: str
    raw: str
    confidence: float | None
    reason: str = ""


BLANK = Recognition("", "", None)
UNREADABLE = Recognition("", "", None, "no_digits")  # there is writing, and no digit in it


@dataclass(frozen=True, slots=True)
class Choice:
    """The hypothesis that a field's type prefers.

    Attributes:
        raw: Digits and marks; of a comb the digits alone.
        value: Its value.
        evidence: What speaks for and against it.
    """

    raw: str
    value: Value
    evidence: Evidence


def recognize(
    ink: FieldInk,
    probabilities: Probabilities,
    labels: tuple[str, ...],
    field: FormField,
    calibration: Calibration,
) -> Recognition:
    """Read one field.

    Args:
        ink: The segmented field.
        probabilities: (candidates, classes) of its candidates.
        labels: The classes.
        field: The field's type and constraints.
        calibration: Turns evidence into a confidence.
    """
    choice = choose(ink, probabilities, labels, field)
    if choice is None:
        return UNREADABLE if _has_writing(ink) else BLANK
    evidence = choice.evidence
    reasons = (
        choice.value.reason,
        "repaired" if evidence.repaired else "",
        "" if evidence.complete else "empty_cells",
    )
    confidence = confidence_of(evidence, calibration)
    return Recognition(choice.value.text, choice.raw, confidence, " ".join(filter(None, reasons)))


def choose(
    ink: FieldInk, probabilities: Probabilities, labels: tuple[str, ...], field: FormField
) -> Choice | None:
    """The most probable hypothesis that is possible for the type, else the most probable one.

    Returns:
        None for a field without digits.
    """
    comb = bool(ink.cells)
    if comb:
        hypotheses = decode_cells(ink.lattice, probabilities, labels, ink.cells)
    else:
        hypotheses = decode(ink.lattice, probabilities, labels)
    if field.type == "amount":
        hypotheses = as_amounts(hypotheses)
    if not hypotheses[0].digits:
        return None
    raws = [h.digits if comb else h.raw for h in hypotheses]
    values = [interpret(raw, field, comb=comb) for raw in raws]
    floor = hypotheses[0].log_p - _REPAIR_REACH
    possible = (k for k, value in enumerate(values) if value.valid)
    chosen = next((k for k in possible if hypotheses[k].log_p >= floor), 0)
    value = values[chosen]
    evidence = replace(
        _evidence(hypotheses, chosen),
        odd=bool(value.reason) or not value.valid,
        repaired=chosen > 0,
        complete=not comb or len(hypotheses[chosen].digits) == len(ink.cells),
    )
    return Choice(raws[chosen], value, evidence)


def _has_writing(ink: FieldInk) -> bool:
    """Whether there is ink that is too tall for dirt."""
    return any(atom.box.height >= _WRITING * ink.height_px for atom in ink.lattice.atoms)


def _evidence(hypotheses: list[Hypothesis], chosen: int) -> Evidence:
    """What the search says of the chosen hypothesis."""
    best = hypotheses[chosen]
    total = float(np.logaddexp.reduce([h.log_p for h in hypotheses]))
    logs = [part.log_p for part in best.parts]
    heights = [part.box.height for part in best.parts]
    return Evidence(
        posterior=exp(best.log_p - total),
        worst_part=min(logs),
        mean_part=float(np.average(logs, weights=heights)),
        digits=len(best.digits),
    )
