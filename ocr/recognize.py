"""Recognizing a field: from the hypotheses of its lattice to a value with a confidence."""

from dataclasses import dataclass, replace
from math import exp

import numpy as np

from ocr.amounts import as_amounts, as_likely_amounts, odds_against
from ocr.confidence import WORST, Calibration, Evidence, confidence_of
from ocr.decode import Part, decode_cells
from ocr.doubt import DOUBTED, doubt
from ocr.forms import FormField
from ocr.fusion import Candidate, fuse
from ocr.geometry import Box
from ocr.line.reader import LineReading
from ocr.prepare import FieldInk
from ocr.readers import Said
from ocr.values import Value, interpret

_WRITING = 0.25  # of the field's height: taller ink is writing, not dirt
_REPAIR_REACH = 5.0  # log odds: a possible string 150 times less probable repairs nothing
_TWO_MEANINGS = frozenset({"order_assumed", "marks_unclear", "no_cents"})
_EITHER = 0.5  # chance of either
_MARKED = frozenset({"amount", "date"})  # types in which marks have a meaning


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a field says.

    Attributes:
        value: Normalized value; empty for a blank field.
        raw: Digits and marks as written.
        confidence: Estimate of P(value is entirely right); None when nothing was read.
        reason: Stable words, separated by blanks: what was repaired or is odd.
        evidence: What speaks for and against the value; None when nothing was read.
        written: Where it stands, in pixels of the field's crop; None when nothing was read.
    """

    value: str
    raw: str
    confidence: float | None
    reason: str = ""
    evidence: Evidence | None = None
    written: Box | None = None


BLANK = Recognition("", "", None)
UNREADABLE = Recognition("", "", None, "no_digits")  # there is writing, and no digit in it


@dataclass(frozen=True, slots=True)
class Choice:
    """The hypothesis that a field's type prefers.

    Attributes:
        raw: Digits and marks; of a comb the digits alone.
        value: Its value.
        evidence: What speaks for and against it.
        digits: Where the lattice has its digits; empty if only the line reader has them.
    """

    raw: str
    value: Value
    evidence: Evidence
    digits: tuple[Part, ...] = ()


def recognize(
    ink: FieldInk,
    said: Said,
    field: FormField,
    calibration: Calibration,
) -> Recognition:
    """Read one field.

    Args:
        ink: The segmented field.
        said: What the readers say of it.
        field: The field's type and constraints.
        calibration: Turns evidence into a confidence.
    """
    choice = choose(ink, said, field)
    if choice is None:
        return UNREADABLE if _has_writing(ink) else BLANK
    evidence = choice.evidence
    doubted = doubt(ink, choice.digits)
    reasons = (
        doubted,
        choice.value.reason,
        "repaired" if evidence.repaired else "",
        "" if evidence.complete else "empty_cells",
    )
    impossible = bool(doubted) or not choice.value.valid
    confidence = confidence_of(evidence, calibration) * (DOUBTED if impossible else 1.0)
    if choice.value.reason in _TWO_MEANINGS:
        confidence *= _EITHER
    reason = " ".join(filter(None, reasons))
    return Recognition(choice.value.text, choice.raw, confidence, reason, evidence, ink.written)


def in_doubt(recognition: Recognition, reason: str) -> Recognition:
    """The same value with a reason why none may be taken; nothing read is nothing to doubt."""
    if recognition.confidence is None:
        return recognition
    reasons = " ".join(filter(None, (reason, recognition.reason)))
    return replace(recognition, confidence=recognition.confidence * DOUBTED, reason=reasons)


def choose(ink: FieldInk, said: Said, field: FormField) -> Choice | None:
    """The most probable string that is possible for the type, else the most probable one.

    Returns:
        None for a field without digits.
    """
    comb = bool(ink.cells)
    if comb:
        hypotheses = decode_cells(said.lattice, said.probabilities, said.labels, ink.cells)
    else:
        hypotheses = said.hypotheses
    if field.type == "amount":
        hypotheses = as_amounts(hypotheses)
    candidates = fuse(hypotheses, said.line)
    if field.type == "amount" and said.line:
        candidates = as_likely_amounts(candidates)
    if not candidates[0].digits:
        return None
    return _first_possible(candidates, said.line, field, ink)


def _first_possible(
    candidates: list[Candidate], line: LineReading | None, field: FormField, ink: FieldInk
) -> Choice:
    """The best candidate that is possible for the type; the first of all if none is near it.

    An amount that fits no grouping gives way to a little less probable one that does.
    """
    first = candidates[0]
    best: tuple[float, Candidate, str, Value] | None = None
    for candidate in candidates:
        if candidate.log_p < (best[0] if best else first.log_p - _REPAIR_REACH):
            break
        raw, value = _meaning(candidate, line, field, comb=bool(ink.cells))
        score = candidate.log_p - (odds_against(value) if field.type == "amount" else 0.0)
        if value.valid and (best is None or score > best[0]):
            best = score, candidate, raw, value
    if best is None:
        return _choice(first, line, *_meaning(first, line, field, comb=bool(ink.cells)), ink)
    choice = _choice(best[1], line, *best[2:], ink)
    return replace(choice, evidence=replace(choice.evidence, repaired=best[1] is not first))


def _choice(
    candidate: Candidate, line: LineReading | None, raw: str, value: Value, ink: FieldInk
) -> Choice:
    evidence = replace(
        _evidence(candidate, line),
        odd=bool(value.reason) or not value.valid,
        complete=not ink.cells or len(candidate.digits) == len(ink.cells),
    )
    parts = candidate.segmented.parts if candidate.segmented else ()
    return Choice(raw, value, evidence, tuple(part for part in parts if part.is_digit))


def _meaning(
    candidate: Candidate, line: LineReading | None, field: FormField, *, comb: bool
) -> tuple[str, Value]:
    """A string as written, and what it means, by the line reader's marks.

    Where marks matter, it sees them better (of 519 courtesy amounts its marks fit no grouping in 6,
    the lattice's in 25); if the lattice's give another meaning, the reason says so.
    """
    raw, *others = _raws(candidate, line, field, comb=comb)
    value = interpret(raw, field, comb=comb)
    for other in (interpret(other, field, comb=comb) for other in others):
        if not other.reason and other.text != value.text:
            return raw, replace(value, reason=value.reason or "marks_unclear")
    return raw, value


def _raws(
    candidate: Candidate, line: LineReading | None, field: FormField, *, comb: bool
) -> list[str]:
    """A string with its marks as each reader sees them; of a comb the digits alone."""
    if comb:
        return [candidate.digits]
    segmented = [candidate.segmented.raw] if candidate.segmented else []
    if line is None or (segmented and field.type not in _MARKED):
        return segmented or [candidate.digits]
    return [line.raw(candidate.digits), *segmented]


def _has_writing(ink: FieldInk) -> bool:
    """Whether there is ink that is too tall for dirt."""
    return any(atom.box.height >= _WRITING * ink.height_px for atom in ink.lattice.atoms)


def _evidence(chosen: Candidate, line: LineReading | None) -> Evidence:
    """What both readers say of the chosen string."""
    parts = chosen.segmented.parts if chosen.segmented else ()
    logs = [part.log_p for part in parts]
    heights = [part.box.height for part in parts]
    views = line.best if line else ()
    return Evidence(
        posterior=exp(chosen.log_p),
        worst_part=min(logs, default=WORST),
        mean_part=float(np.average(logs, weights=heights)) if parts else WORST,
        digits=len(chosen.digits),
        segmented=chosen.segmented_log_p,
        line=chosen.line_log_p,
        views=sum(view == chosen.digits for view in views) / len(views) if views else 1.0,
    )
