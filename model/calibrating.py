"""Calibrating confidence: how often a reading with such evidence is entirely right.

Strings of held-out writers are written, read by the reader's own steps and compared with what was
written; a logistic regression turns the evidence of the readings into a probability.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from ocr.arrays import Gray
from ocr.confidence import WEIGHTS, Calibration, Evidence, confidence_of, features
from ocr.find import Placement
from ocr.forms import FormField
from ocr.geometry import Box
from ocr.prepare import FieldInk, prepare
from ocr.readers import Readers
from ocr.recognize import Choice, choose
from ocr.values import only_digits

Rng = np.random.Generator
_FIELD = FormField(name="digits", type="digits")


@dataclass(frozen=True, slots=True, eq=False)
class WrittenField:
    """A field whose digits are known: gray (H, W), and the cells if it is a comb."""

    gray: Gray
    digits: str
    cells: tuple[Box, ...] = ()


Writer = Callable[[Rng], WrittenField]
_BINS = 10  # of equal numbers of strings, for the calibration error


def calibrate(readers: Readers, write: Writer, count: int, seed: int) -> tuple[Calibration, Any]:
    """Fit a calibration on half of `count` strings and measure it on the other half.

    Args:
        readers: What reads; without a line reader the calibration is that of the lattice alone.
        write: Draws strings of writers that the readers have not seen.
        count: Number of strings.
        seed: Source of chance.

    Returns:
        The calibration and, for the card, number measured, share read right and expected
        calibration error.
    """
    evidences, right = read_strings(readers, write, count, np.random.default_rng(seed))
    half = len(evidences) // 2
    inputs = np.array([features(evidence) for evidence in evidences])
    fit = LogisticRegression(C=10.0, fit_intercept=False, max_iter=1000)
    fit.fit(inputs[:half], right[:half])
    weights = {name: round(float(w), 4) for name, w in zip(WEIGHTS, fit.coef_[0], strict=True)}
    calibration = Calibration(**weights)
    told = np.array([confidence_of(evidence, calibration) for evidence in evidences[half:]])
    return calibration, {
        "n": len(told),
        "right": round(float(right[half:].mean()), 4),
        "calibration_error": round(calibration_error(told, right[half:]), 4),
    }


def read_strings(
    readers: Readers, write: Writer, count: int, rng: Rng
) -> tuple[list[Evidence], np.ndarray]:
    """Write and read strings; those read as blank are left out.

    Returns:
        The evidence of each reading, and whether it is entirely right, (N,).
    """
    evidences, right = [], []
    for _ in range(count):
        field = write(rng)
        choice = read_field(readers, prepared(field))
        if choice is not None:
            evidences.append(choice.evidence)
            right.append(only_digits(choice.value.text) == field.digits)
    return evidences, np.array(right)


def prepared(field: WrittenField) -> FieldInk:
    """A field as the reader prepares it: the comb, or the whole picture."""
    parts = field.cells or (Box(0, 0, field.gray.shape[1], field.gray.shape[0]),)
    box = Box(parts[0].x, parts[0].y, parts[-1].right - parts[0].x, parts[0].height)
    return prepare(field.gray, Placement(box, field.cells))


def read_field(readers: Readers, ink: FieldInk) -> Choice | None:
    """Read a prepared field; None if it reads as blank."""
    return choose(ink, readers.ask([ink])[0], _FIELD)


def calibration_error(told: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error over bins of equal size (Naeini et al. 2015)."""
    order = np.argsort(told)
    gaps = [
        abs(float(told[part].mean()) - float(right[part].mean())) * len(part)
        for part in np.array_split(order, _BINS)
        if len(part)
    ]
    return sum(gaps) / len(told)
