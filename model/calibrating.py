"""Calibrating confidence: how often a reading with such evidence is entirely right.

Strings of held-out writers are written, read by the reader's own steps and compared with what was
written; a logistic regression turns the evidence of the readings into a probability.
"""

from dataclasses import asdict
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from model.augment import Augmentation
from model.material import Material, make_string
from model.strings import LabelledString
from ocr.arrays import Digits
from ocr.confidence import WEIGHTS, Calibration, Evidence, confidence_of, features
from ocr.digits.classify import DigitClassifier
from ocr.digits.normalize import FIELD_PX, normalize
from ocr.find import Placement
from ocr.forms import FormField
from ocr.geometry import Box
from ocr.prepare import FieldInk, prepare
from ocr.recognize import Choice, choose

Rng = np.random.Generator
_FIELD = FormField(name="digits", type="digits")
_BINS = 10  # of equal numbers of strings, for the calibration error


def calibrate(
    classify: DigitClassifier, held: Material, how: Augmentation, count: int, seed: int
) -> dict[str, Any]:
    """Fit a version's calibration on half of `count` strings and measure it on the other half.

    Args:
        classify: The version's classifier.
        held: Signs of writers that it has not seen.
        how: How strongly single signs are varied.
        count: Number of strings.
        seed: Source of chance.

    Returns:
        For the card: `calibration` and `strings` (number measured, share read right, expected
        calibration error).
    """
    evidences, right = read_strings(classify, held, how, count, np.random.default_rng(seed))
    half = len(evidences) // 2
    inputs = np.array([features(evidence) for evidence in evidences])
    fit = LogisticRegression(C=10.0, fit_intercept=False, max_iter=1000)
    fit.fit(inputs[:half], right[:half])
    weights = {name: round(float(w), 4) for name, w in zip(WEIGHTS, fit.coef_[0], strict=True)}
    calibration = Calibration(**weights)
    told = np.array([confidence_of(evidence, calibration) for evidence in evidences[half:]])
    return {
        "calibration": asdict(calibration),
        "strings": {
            "n": len(told),
            "right": round(float(right[half:].mean()), 4),
            "calibration_error": round(calibration_error(told, right[half:]), 4),
        },
    }


def read_strings(
    classify: DigitClassifier, held: Material, how: Augmentation, count: int, rng: Rng
) -> tuple[list[Evidence], np.ndarray]:
    """Write and read strings; those read as blank are left out.

    Returns:
        The evidence of each reading, and whether it is entirely right, (N,).
    """
    evidences, right = [], []
    for _ in range(count):
        string = make_string(held, how, rng)
        choice = read_field(classify, *cut_field(string))
        if choice is not None:
            evidences.append(choice.evidence)
            right.append(choice.value.text == "".join(string.labels))
    return evidences, np.array(right)


def cut_field(string: LabelledString) -> tuple[FieldInk, Digits]:
    """A written string as the reader prepares it: its ink and its candidates, normalized."""
    height, width = string.gray.shape
    ink = prepare(string.gray, Placement(Box(0, 0, width, height)))
    lattice = ink.lattice
    digits = [normalize(lattice.strokes_of(candidate)) for candidate in lattice.candidates]
    return ink, np.stack(digits) if digits else np.empty((0, FIELD_PX, FIELD_PX), np.uint8)


def read_field(classify: DigitClassifier, ink: FieldInk, digits: Digits) -> Choice | None:
    """Read what `cut_field` prepared; None if it reads as blank."""
    return choose(ink, classify(digits), classify.labels, _FIELD) if len(digits) else None


def calibration_error(told: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error over bins of equal size (Naeini et al. 2015)."""
    order = np.argsort(told)
    gaps = [
        abs(float(told[part].mean()) - float(right[part].mean())) * len(part)
        for part in np.array_split(order, _BINS)
        if len(part)
    ]
    return sum(gaps) / len(told)
